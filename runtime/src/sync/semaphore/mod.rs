//! A semaphore: so many may do something at once.

use std::fmt;

use crate::primitive::{StdArc as Arc, const_unless_model};
use crate::sync::lease::{Lease, Lender};
use crate::sync::permits::{AcquireError, Permits, TryAcquireError};

#[cfg(not(runtime_loom))]
mod blocking;
mod permit;

pub use permit::{OwnedSemaphorePermit, SemaphorePermit};

/// A number of permits, to bound how much is done at once.
///
/// Permits are given out in the order in which they are asked for. A request for many holds up those
/// behind it until it is met: small ones cannot starve it.
///
/// # Examples
///
/// ```
/// use runtime::sync::Semaphore;
///
/// static UPLOADS: Semaphore = Semaphore::const_new(8);
///
/// # async fn send() {}
/// async fn upload() {
///     let _permit = UPLOADS.acquire().await.expect("nobody closes it");
///     send().await; // at most 8 at once
/// }
/// ```
pub struct Semaphore {
    permits: Permits,
}

impl Semaphore {
    /// The most permits that a semaphore can have: `usize::MAX >> 3`.
    pub const MAX_PERMITS: usize = Permits::MAX;

    /// Creates a semaphore with so many permits.
    ///
    /// # Panics
    ///
    /// If they are more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let connections = Semaphore::new(100);
    /// assert_eq!(connections.available_permits(), 100);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn new(permits: usize) -> Self {
        Semaphore::const_new(permits)
    }

    const_unless_model! {
        /// Creates a semaphore, also in a constant or a static.
        ///
        /// # Panics
        ///
        /// As [`new`](Self::new).
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::Semaphore;
        ///
        /// # #[runtime::main]
        /// # async fn main() {
        /// static CONNECTIONS: Semaphore = Semaphore::const_new(100);
        ///
        /// let _permit = CONNECTIONS.acquire().await.unwrap();
        /// assert_eq!(CONNECTIONS.available_permits(), 99);
        /// # }
        /// ```
        #[must_use]
        #[track_caller]
        pub const fn const_new(permits: usize) -> Self {
            Semaphore {
                permits: Permits::new(permits),
            }
        }
    }

    /// Returns how many permits could be had now; none while somebody waits for some.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(2);
    /// let permit = semaphore.try_acquire().unwrap();
    /// assert_eq!(semaphore.available_permits(), 1);
    /// drop(permit);
    /// assert_eq!(semaphore.available_permits(), 2);
    /// ```
    pub fn available_permits(&self) -> usize {
        self.permits.available()
    }

    /// Adds `n` permits.
    ///
    /// # Panics
    ///
    /// If there would be more than [`MAX_PERMITS`](Self::MAX_PERMITS) free.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(0);
    /// assert!(semaphore.try_acquire().is_err());
    /// semaphore.add_permits(1);
    /// assert!(semaphore.try_acquire().is_ok());
    /// ```
    #[track_caller]
    pub fn add_permits(&self, n: usize) {
        self.permits.release(n);
    }

    /// Removes up to `n` of the free permits for good, and returns how many.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(5);
    /// assert_eq!(semaphore.forget_permits(3), 3);
    /// assert_eq!(semaphore.forget_permits(3), 2); // that is all there were
    /// assert_eq!(semaphore.available_permits(), 0);
    /// ```
    pub fn forget_permits(&self, n: usize) -> usize {
        self.permits.forget(n)
    }

    /// Waits for one permit.
    ///
    /// # Errors
    ///
    /// If the semaphore is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let semaphore = Semaphore::new(1);
    /// let permit = semaphore.acquire().await.unwrap();
    /// assert_eq!(semaphore.available_permits(), 0);
    /// drop(permit); // the next may have it
    /// assert_eq!(semaphore.available_permits(), 1);
    /// # }
    /// ```
    pub async fn acquire(&self) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.acquire_many(1).await
    }

    /// Waits for `n` permits.
    ///
    /// # Errors
    ///
    /// If the semaphore is closed.
    ///
    /// # Panics
    ///
    /// If `n` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let memory = runtime::sync::Semaphore::new(1024);
    /// let permit = memory.acquire_many(800).await.unwrap();
    /// assert_eq!(memory.available_permits(), 224);
    /// drop(permit);
    /// assert_eq!(memory.available_permits(), 1024);
    /// # }
    /// ```
    pub async fn acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, AcquireError> {
        self.permits.acquire(n as usize).await?;
        Ok(self.permit(n))
    }

    /// Waits for one permit, which keeps the semaphore alive.
    ///
    /// # Errors
    ///
    /// If the semaphore is closed.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Semaphore;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let limit = Arc::new(Semaphore::new(1));
    /// let permit = limit.clone().acquire_owned().await.unwrap();
    /// let task = runtime::spawn(async move {
    ///     let _permit = permit; // until the task ends
    /// });
    /// task.await.unwrap();
    /// assert_eq!(limit.available_permits(), 1);
    /// # }
    /// ```
    pub async fn acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.acquire_many_owned(1).await
    }

    /// Waits for `n` permits, which keep the semaphore alive.
    ///
    /// # Errors
    ///
    /// If the semaphore is closed.
    ///
    /// # Panics
    ///
    /// If `n` is more than [`MAX_PERMITS`](Self::MAX_PERMITS).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use runtime::sync::Semaphore;
    /// # async fn serve(_: u32) {}
    /// # #[runtime::main]
    /// # async fn main() {
    /// let requests = Arc::new(Semaphore::new(100));
    /// for cost in [1, 5, 20] {
    ///     let permit = requests.clone().acquire_many_owned(cost).await.unwrap();
    ///     runtime::spawn(async move {
    ///         serve(cost).await;
    ///         drop(permit);
    ///     });
    /// }
    /// # }
    /// ```
    pub async fn acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, AcquireError> {
        self.permits.acquire(n as usize).await?;
        Ok(self.owned_permit(n))
    }

    /// Takes one permit if it can be had at once.
    ///
    /// # Errors
    ///
    /// [`Closed`](TryAcquireError::Closed) if the semaphore is, otherwise
    /// [`NoPermits`](TryAcquireError::NoPermits) if none is free or somebody waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(1);
    /// let permit = semaphore.try_acquire().unwrap();
    /// assert!(semaphore.try_acquire().is_err());
    /// drop(permit);
    /// assert!(semaphore.try_acquire().is_ok());
    /// ```
    pub fn try_acquire(&self) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.try_acquire_many(1)
    }

    /// Takes `n` permits if they can be had at once.
    ///
    /// # Errors
    ///
    /// [`Closed`](TryAcquireError::Closed) if the semaphore is, otherwise
    /// [`NoPermits`](TryAcquireError::NoPermits) if fewer are free or somebody waits. There are
    /// never more than [`MAX_PERMITS`](Self::MAX_PERMITS): whoever asks for more gets the same answer.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(3);
    /// let permits = semaphore.try_acquire_many(2).unwrap();
    /// assert_eq!(permits.num_permits(), 2);
    /// assert!(semaphore.try_acquire_many(2).is_err());
    /// ```
    pub fn try_acquire_many(&self, n: u32) -> Result<SemaphorePermit<'_>, TryAcquireError> {
        self.permits.try_acquire(n as usize)?;
        Ok(self.permit(n))
    }

    /// Takes one permit, which keeps the semaphore alive, if it can be had at once.
    ///
    /// # Errors
    ///
    /// As [`try_acquire`](Self::try_acquire).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Arc::new(Semaphore::new(1));
    /// let _permit = semaphore.clone().try_acquire_owned().unwrap();
    /// assert!(semaphore.try_acquire_owned().is_err());
    /// ```
    pub fn try_acquire_owned(self: Arc<Self>) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.try_acquire_many_owned(1)
    }

    /// Takes `n` permits, which keep the semaphore alive, if they can be had at once.
    ///
    /// # Errors
    ///
    /// As [`try_acquire_many`](Self::try_acquire_many).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Arc::new(Semaphore::new(3));
    /// let permits = semaphore.clone().try_acquire_many_owned(2).unwrap();
    /// assert_eq!(permits.num_permits(), 2);
    /// assert!(semaphore.try_acquire_many_owned(2).is_err());
    /// ```
    pub fn try_acquire_many_owned(
        self: Arc<Self>,
        n: u32,
    ) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        self.permits.try_acquire(n as usize)?;
        Ok(self.owned_permit(n))
    }

    /// Closes the semaphore: all who wait for permits get an error, and so do all who come.
    ///
    /// Permits that were handed out stay valid.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let semaphore = runtime::sync::Semaphore::new(1);
    /// semaphore.close();
    /// assert!(semaphore.acquire().await.is_err());
    /// # }
    /// ```
    pub fn close(&self) {
        self.permits.close();
    }

    /// Returns whether the semaphore is closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Semaphore;
    ///
    /// let semaphore = Semaphore::new(1);
    /// assert!(!semaphore.is_closed());
    /// semaphore.close();
    /// assert!(semaphore.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    fn permit(&self, n: u32) -> SemaphorePermit<'_> {
        SemaphorePermit::new(Lease::new(self, n as usize))
    }

    fn owned_permit(self: Arc<Self>, n: u32) -> OwnedSemaphorePermit {
        OwnedSemaphorePermit::new(Lease::new(self, n as usize))
    }
}

impl Lender for Semaphore {
    fn permits(&self) -> &Permits {
        &self.permits
    }
}

impl fmt::Debug for Semaphore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Semaphore")
            .field("available_permits", &self.available_permits())
            .field("is_closed", &self.is_closed())
            .finish()
    }
}
