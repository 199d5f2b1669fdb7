//! A lock that async code waits for without blocking its thread.
//!
//! # What fairness costs
//!
//! Unlocking hands the lock to whoever has waited longest. Its task is woken into the slot of
//! the worker that unlocks, to run there next: tasks that fight for a lock gather on one
//! worker and take turns, at the price of a task switch for each turn, with the value in that core's
//! cache. (That is about 50 ns, where nobody in the way makes it 10.)
//!
//! Two ways to be cheaper were tried or thought through, and left. *Waiting on the spot* for a
//! holder on another core seldom sees the lock free: who locks in a loop locks again before
//! the other core has the cache line. Standing in the queue meanwhile would see it, but then two
//! cores alternate, at the price of a line between them for each turn. *Overtaking* would be as cheap as no
//! contention, but the order of the requests is what this lock promises.

use std::cell::UnsafeCell;
use std::fmt;

use crate::primitive::{StdArc as Arc, const_unless_model};
use crate::sync::lease::Lender;
use crate::sync::permits::Permits;

#[cfg(not(runtime_loom))]
mod blocking;
mod error;
mod guard;
mod mapped;
mod owned_guard;

pub use error::TryLockError;
pub use guard::MutexGuard;
pub use mapped::{MappedMutexGuard, OwnedMappedMutexGuard};
pub use owned_guard::OwnedMutexGuard;

/// A value that one task at a time can reach, also across an `.await`.
///
/// Where the lock is never held across an `.await`, the mutex of the standard library or of
/// parking_lot is faster and just as good.
///
/// The lock is handed out in the order in which it is asked for: a call of [`lock`](Self::lock)
/// stands in the queue when its future was polled for the first time. Nobody overtakes, so a task that
/// locks in a loop does not starve another. A panic does not poison the value.
///
/// A free lock is had without delay, also when the [budget](crate::task::coop) of the task is spent. If it has locked
/// 127 times beyond that in one poll, it yields instead, and has its place when it is polled again.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::Mutex;
///
/// #[runtime::main]
/// async fn main() {
///     let log = Arc::new(Mutex::new(Vec::new()));
///     let writer = log.clone();
///     runtime::spawn(async move { writer.lock().await.push("hello") })
///         .await
///         .unwrap();
///     assert_eq!(*log.lock().await, ["hello"]);
/// }
/// ```
pub struct Mutex<T: ?Sized> {
    /// One permit: the lock.
    permits: Permits,
    value: UnsafeCell<T>,
}

// SAFETY: the value moves with the mutex, and whoever holds the lock may move it out.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: one thread at a time reaches the value, so it is sent but never shared.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    /// Creates a mutex that is not locked.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Mutex;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Mutex::new(5);
    /// assert_eq!(*mutex.lock().await, 5);
    /// # }
    /// ```
    #[track_caller]
    pub fn new(value: T) -> Self {
        Mutex::const_new(value)
    }

    const_unless_model! {
        /// Creates a mutex, also in a constant or a static.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::Mutex;
        ///
        /// static NAMES: Mutex<Vec<String>> = Mutex::const_new(Vec::new());
        /// ```
        pub const fn const_new(value: T) -> Self {
            Mutex {
                permits: Permits::new(1),
                value: UnsafeCell::new(value),
            }
        }
    }

    /// Returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Mutex;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Mutex::new(String::from("shared"));
    /// mutex.lock().await.push_str(" no more");
    /// assert_eq!(mutex.into_inner(), "shared no more");
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits for the lock.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Mutex;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let counter = Mutex::new(0);
    /// let count = async || {
    ///     let mut counter = counter.lock().await;
    ///     let before = *counter;
    ///     runtime::task::yield_now().await; // nobody else gets in
    ///     *counter = before + 1;
    /// };
    /// runtime::join!(count(), count());
    /// assert_eq!(*counter.lock().await, 2);
    /// # }
    /// ```
    #[inline]
    pub async fn lock(&self) -> MutexGuard<'_, T> {
        self.acquire().await;
        // SAFETY: the lock was just acquired.
        unsafe { MutexGuard::new(self) }
    }

    /// Waits for the lock; the guard keeps the mutex alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # #[runtime::main]
    /// # async fn main() {
    /// let count = Arc::new(runtime::sync::Mutex::new(1));
    /// let mut guard = count.clone().lock_owned().await;
    /// runtime::spawn(async move { *guard += 1 }).await.unwrap();
    /// assert_eq!(*count.lock().await, 2);
    /// # }
    /// ```
    pub async fn lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        self.acquire().await;
        // SAFETY: the lock was just acquired.
        unsafe { OwnedMutexGuard::new(self) }
    }

    /// Locks if that is possible at once.
    ///
    /// # Errors
    ///
    /// If the lock is held, or if somebody waits for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Mutex;
    ///
    /// let mutex = Mutex::new(1);
    /// let guard = mutex.try_lock().unwrap();
    /// assert!(mutex.try_lock().is_err());
    /// drop(guard);
    /// assert!(mutex.try_lock().is_ok());
    /// ```
    pub fn try_lock(&self) -> Result<MutexGuard<'_, T>, TryLockError> {
        self.try_acquire()?;
        // SAFETY: the lock was just acquired.
        Ok(unsafe { MutexGuard::new(self) })
    }

    /// Locks if that is possible at once; the guard keeps the mutex alive.
    ///
    /// # Errors
    ///
    /// If the lock is held, or if somebody waits for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Mutex;
    ///
    /// let mutex = Arc::new(Mutex::new(1));
    /// let guard = mutex.clone().try_lock_owned().unwrap();
    /// assert!(mutex.clone().try_lock_owned().is_err());
    /// drop(guard);
    /// assert!(mutex.try_lock_owned().is_ok());
    /// ```
    pub fn try_lock_owned(self: Arc<Self>) -> Result<OwnedMutexGuard<T>, TryLockError> {
        self.try_acquire()?;
        // SAFETY: the lock was just acquired.
        Ok(unsafe { OwnedMutexGuard::new(self) })
    }

    /// Returns the value, which needs no lock: nobody else can reach the mutex.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::Mutex;
    ///
    /// let mut mutex = Mutex::new(1);
    /// *mutex.get_mut() += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    #[inline]
    async fn acquire(&self) {
        let acquired = self.permits.acquire(1).await;
        acquired.expect("a mutex is never closed");
    }

    fn try_acquire(&self) -> Result<(), TryLockError> {
        self.permits.try_acquire(1).map_err(|_| TryLockError::new())
    }
}

impl<T: ?Sized> Lender for Mutex<T> {
    fn permits(&self) -> &Permits {
        &self.permits
    }
}

impl<T> From<T> for Mutex<T> {
    fn from(value: T) -> Self {
        Mutex::new(value)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("Mutex");
        match self.try_lock() {
            Ok(guard) => f.field("data", &&*guard),
            Err(_) => f.field("data", &format_args!("<locked>")),
        };
        f.finish()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
