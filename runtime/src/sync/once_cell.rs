//! A cell that is filled once, by whoever first needs the value.

use std::cell::UnsafeCell;
use std::convert::Infallible;
use std::fmt;
use std::mem::{self, MaybeUninit};

use crate::coop;
use crate::primitive::const_unless_model;
use crate::sync::lease::{Lease, One};
use crate::sync::permits::{Permits, TryAcquireError};

mod error;

pub use error::SetError;

/// A value that is computed once, by async code, and then shared.
///
/// # Examples
///
/// ```
/// use runtime::sync::OnceCell;
///
/// static LIMIT: OnceCell<u32> = OnceCell::const_new();
///
/// async fn limit() -> u32 {
///     *LIMIT.get_or_init(|| async { 100 }).await
/// }
///
/// #[runtime::main]
/// async fn main() {
///     assert_eq!(limit().await, 100);
///     assert_eq!(LIMIT.get(), Some(&100));
/// }
/// ```
pub struct OnceCell<T> {
    /// One permit, the right to fill the cell. Closed when, and only when, the cell is full: from then
    /// on the value is only read.
    permits: Permits,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the value moves with the cell.
unsafe impl<T: Send> Send for OnceCell<T> {}
// SAFETY: one thread writes the value, which may be read and dropped by others.
unsafe impl<T: Send + Sync> Sync for OnceCell<T> {}

/// The right to fill a cell; it goes back when dropped.
type Turn<'a> = Lease<&'a Permits, One>;

impl<T> OnceCell<T> {
    /// Creates an empty cell.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let cell = OnceCell::<u32>::new();
    /// assert_eq!(cell.get(), None);
    /// ```
    #[must_use]
    pub fn new() -> Self {
        OnceCell::const_new()
    }

    const_unless_model! {
        /// Creates an empty cell, also in a constant or a static.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::OnceCell;
        ///
        /// # #[runtime::main]
        /// # async fn main() {
        /// static CONFIG: OnceCell<String> = OnceCell::const_new();
        ///
        /// let config = CONFIG.get_or_init(|| async { String::from("read once") }).await;
        /// assert_eq!(config, "read once");
        /// # }
        /// ```
        #[must_use]
        pub const fn const_new() -> Self {
            OnceCell {
                permits: Permits::new(1),
                value: UnsafeCell::new(MaybeUninit::uninit()),
            }
        }
    }

    /// Creates a cell that is full if there is a value, otherwise empty.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// assert_eq!(OnceCell::new_with(Some(1)).get(), Some(&1));
    /// assert_eq!(OnceCell::<u32>::new_with(None).get(), None);
    /// ```
    #[must_use]
    pub fn new_with(value: Option<T>) -> Self {
        value.map_or_else(OnceCell::new, OnceCell::const_new_with)
    }

    const_unless_model! {
        /// Creates a full cell, also in a constant or a static.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::OnceCell;
        ///
        /// static LIMIT: OnceCell<u32> = OnceCell::const_new_with(10);
        /// assert_eq!(LIMIT.get(), Some(&10));
        /// ```
        #[must_use]
        pub const fn const_new_with(value: T) -> Self {
            OnceCell {
                permits: Permits::closed(),
                value: UnsafeCell::new(MaybeUninit::new(value)),
            }
        }
    }

    /// Returns whether the cell is full.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let cell = OnceCell::new();
    /// assert!(!cell.initialized());
    /// cell.set(1).unwrap();
    /// assert!(cell.initialized());
    /// ```
    pub fn initialized(&self) -> bool {
        self.permits.is_closed()
    }

    /// Returns the value if the cell is full.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let cell = OnceCell::new();
    /// assert_eq!(cell.get(), None);
    /// cell.set(1).unwrap();
    /// assert_eq!(cell.get(), Some(&1));
    /// ```
    pub fn get(&self) -> Option<&T> {
        // SAFETY: in a full cell there is a value, and nobody writes any more.
        self.initialized()
            .then(|| unsafe { (*self.value.get()).assume_init_ref() })
    }

    /// Returns the value if the cell is full.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let mut cell = OnceCell::new_with(Some(1));
    /// if let Some(value) = cell.get_mut() {
    ///     *value += 1;
    /// }
    /// assert_eq!(cell.get(), Some(&2));
    /// ```
    pub fn get_mut(&mut self) -> Option<&mut T> {
        // SAFETY: in a full cell there is a value.
        self.initialized()
            .then(|| unsafe { self.value.get_mut().assume_init_mut() })
    }

    /// Fills an empty cell.
    ///
    /// # Errors
    ///
    /// If the cell is full, or if somebody is about to fill it. The error holds the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{OnceCell, SetError};
    ///
    /// let cell = OnceCell::new();
    /// assert_eq!(cell.set("first"), Ok(()));
    /// assert_eq!(cell.set("late"), Err(SetError::AlreadyInitializedError("late")));
    /// ```
    pub fn set(&self, value: T) -> Result<(), SetError<T>> {
        match self.permits.try_acquire(1) {
            Ok(()) => {
                self.fill(value, self.turn());
                Ok(())
            }
            Err(TryAcquireError::Closed) => Err(SetError::AlreadyInitializedError(value)),
            Err(TryAcquireError::NoPermits) => Err(SetError::InitializingError(value)),
        }
    }

    /// Returns the value; if the cell is empty, fills it with what `f` computes.
    ///
    /// If several tasks call this at once, one computes and the others wait. If that one is
    /// dropped or panics, the next takes over with its own `f`.
    ///
    /// An `f` that needs the same cell waits for itself, for ever.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops that of `f`; the cell stays empty unless another fills it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let cell = OnceCell::new();
    /// assert_eq!(*cell.get_or_init(|| async { 1 }).await, 1);
    /// assert_eq!(*cell.get_or_init(|| async { 2 }).await, 1); // it was full
    /// # }
    /// ```
    pub async fn get_or_init<F, Fut>(&self, f: F) -> &T
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = T>,
    {
        let computed = self.get_or_try_init(|| async { Ok::<T, Infallible>(f().await) });
        let Ok(value) = computed.await;
        value
    }

    /// Returns the value; if the cell is empty, fills it with what `f` computes unless that fails.
    ///
    /// It is as [`get_or_init`](Self::get_or_init) otherwise.
    ///
    /// # Errors
    ///
    /// That of `f`; the cell stays empty, and who waits next takes over.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops that of `f`; the cell stays empty unless another fills it.
    ///
    /// # Examples
    ///
    /// ```
    /// # use runtime::sync::OnceCell;
    /// # #[runtime::main]
    /// # async fn main() {
    /// let port = OnceCell::new();
    /// let parsed = port.get_or_try_init(|| async { "none".parse::<u16>() });
    /// assert!(parsed.await.is_err());
    /// let parsed = port.get_or_try_init(|| async { "80".parse::<u16>() });
    /// assert_eq!(parsed.await, Ok(&80));
    /// # }
    /// ```
    pub async fn get_or_try_init<E, F, Fut>(&self, f: F) -> Result<&T, E>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        if let Some(value) = self.get() {
            coop::consume_budget().await;
            return Ok(value);
        }
        if self.permits.acquire(1).await.is_ok() {
            let turn = self.turn();
            let value = f().await?;
            self.fill(value, turn);
        }
        Ok(self.get().expect("a closed cell is full"))
    }

    /// Returns the value if the cell was full.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let cell = OnceCell::new_with(Some("value"));
    /// assert_eq!(cell.into_inner(), Some("value"));
    /// ```
    pub fn into_inner(mut self) -> Option<T> {
        self.take()
    }

    /// Empties the cell, and returns the value if there was one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::OnceCell;
    ///
    /// let mut cell = OnceCell::new_with(Some(1));
    /// assert_eq!(cell.take(), Some(1));
    /// cell.set(2).unwrap(); // it is empty again
    /// ```
    pub fn take(&mut self) -> Option<T> {
        let was_full = mem::replace(&mut self.permits, Permits::new(1)).is_closed();
        // SAFETY: in a full cell there is a value; it is empty now.
        was_full.then(|| unsafe { self.value.get_mut().assume_init_read() })
    }

    /// The right to fill the cell, which was just acquired.
    fn turn(&self) -> Turn<'_> {
        Lease::new(&self.permits, One)
    }

    fn fill(&self, value: T, turn: Turn<'_>) {
        // SAFETY: while the cell is not full, whoever has the turn alone reaches the value.
        unsafe { (*self.value.get()).write(value) };
        self.permits.close();
        drop(turn);
    }
}

impl<T> Drop for OnceCell<T> {
    fn drop(&mut self) {
        self.take();
    }
}

impl<T> Default for OnceCell<T> {
    fn default() -> Self {
        OnceCell::new()
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceCell")
            .field("value", &self.get())
            .finish()
    }
}

impl<T: Clone> Clone for OnceCell<T> {
    fn clone(&self) -> Self {
        OnceCell::new_with(self.get().cloned())
    }
}

impl<T: PartialEq> PartialEq for OnceCell<T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceCell<T> {}

impl<T> From<T> for OnceCell<T> {
    fn from(value: T) -> Self {
        OnceCell::const_new_with(value)
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
