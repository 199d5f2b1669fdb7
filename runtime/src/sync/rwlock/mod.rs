//! A lock that many may read under, or one write.

use std::cell::UnsafeCell;
use std::fmt;

use crate::primitive::{StdArc as Arc, const_unless_model};
use crate::sync::TryLockError;
use crate::sync::lease::Lender;
use crate::sync::permits::Permits;

#[cfg(not(runtime_loom))]
mod blocking;
mod mapped;
mod owned_read_guard;
mod owned_write_guard;
mod read_guard;
mod write_guard;

pub use mapped::{OwnedRwLockMappedWriteGuard, RwLockMappedWriteGuard};
pub use owned_read_guard::OwnedRwLockReadGuard;
pub use owned_write_guard::OwnedRwLockWriteGuard;
pub use read_guard::RwLockReadGuard;
pub use write_guard::RwLockWriteGuard;

/// The most readers at once.
const MAX_READERS: u32 = u32::MAX >> 3;

/// A value that many tasks at once can read, or one can change, also across an `.await`.
///
/// The lock is fair: readers and writers stand in one queue, in the order in which their futures were
/// first polled. So a reader that comes after a waiting writer waits too, and writers do
/// not starve. It also means that a task that holds a read lock and waits for a second one may wait
/// for ever, if a writer came in between.
///
/// # Examples
///
/// ```
/// use runtime::sync::RwLock;
///
/// #[runtime::main]
/// async fn main() {
///     let routes = RwLock::new(vec!["/"]);
///     {
///         let (one, two) = (routes.read().await, routes.read().await);
///         assert_eq!(*one, *two);
///     }
///     routes.write().await.push("/about");
///     assert_eq!(routes.read().await.len(), 2);
/// }
/// ```
pub struct RwLock<T: ?Sized> {
    /// All of them are the write lock, and one is a read lock.
    permits: Permits,
    max_readers: u32,
    value: UnsafeCell<T>,
}

// SAFETY: the value moves with the lock, and whoever may write may move it out.
unsafe impl<T: ?Sized + Send> Send for RwLock<T> {}
// SAFETY: as above, and several threads may read it at once.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}

impl<T> RwLock<T> {
    /// Creates a lock that nobody holds.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(5);
    /// assert_eq!(*lock.read().await, 5);
    /// # }
    /// ```
    #[track_caller]
    pub fn new(value: T) -> Self {
        RwLock::const_new(value)
    }

    /// Creates a lock under which at most `max_reads` read at once.
    ///
    /// # Panics
    ///
    /// If `max_reads` is zero or more than `u32::MAX >> 3`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::with_max_readers(5, 1);
    /// let _reader = lock.read().await;
    /// assert!(lock.try_read().is_err()); // one at a time
    /// # }
    /// ```
    #[track_caller]
    pub fn with_max_readers(value: T, max_reads: u32) -> Self {
        RwLock::const_with_max_readers(value, max_reads)
    }

    const_unless_model! {
        /// Creates a lock, also in a constant or a static.
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::RwLock;
        ///
        /// static ROUTES: RwLock<Vec<String>> = RwLock::const_new(Vec::new());
        /// ```
        pub const fn const_new(value: T) -> Self {
            RwLock::const_with_max_readers(value, MAX_READERS)
        }
    }

    const_unless_model! {
        /// Creates a lock under which at most `max_reads` read at once, also in a constant or a static.
        ///
        /// # Panics
        ///
        /// As [`with_max_readers`](Self::with_max_readers).
        ///
        /// # Examples
        ///
        /// ```
        /// use runtime::sync::RwLock;
        ///
        /// static ROUTES: RwLock<Vec<String>> = RwLock::const_with_max_readers(Vec::new(), 64);
        /// assert!(ROUTES.try_read().unwrap().is_empty());
        /// ```
        #[track_caller]
        pub const fn const_with_max_readers(value: T, max_reads: u32) -> Self {
            assert!(max_reads > 0, "nobody could lock it: allow one reader at least");
            assert!(max_reads <= MAX_READERS, "too many readers: allow `u32::MAX >> 3` at most");
            RwLock {
                permits: Permits::new(max_reads as usize),
                max_readers: max_reads,
                value: UnsafeCell::new(value),
            }
        }
    }

    /// Returns the value.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(String::from("shared"));
    /// lock.write().await.push_str(" no more");
    /// assert_eq!(lock.into_inner(), "shared no more");
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits until it may read.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(1);
    /// let (one, other) = (lock.read().await, lock.read().await);
    /// assert_eq!(*one + *other, 2);
    /// assert!(lock.try_write().is_err());
    /// # }
    /// ```
    pub async fn read(&self) -> RwLockReadGuard<'_, T> {
        self.acquire(1).await;
        // SAFETY: a read lock was just acquired.
        unsafe { RwLockReadGuard::new(self) }
    }

    /// Waits until it may read; the guard keeps the lock alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(1));
    /// let reader = lock.clone().read_owned().await;
    /// let task = runtime::spawn(async move { *reader });
    /// assert_eq!(task.await.unwrap(), 1);
    /// # }
    /// ```
    pub async fn read_owned(self: Arc<Self>) -> OwnedRwLockReadGuard<T> {
        self.acquire(1).await;
        // SAFETY: a read lock was just acquired.
        unsafe { OwnedRwLockReadGuard::new(self) }
    }

    /// Locks for reading if that is possible at once.
    ///
    /// # Errors
    ///
    /// If somebody writes, if as many read as may, or if anybody waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let writer = lock.try_write().unwrap();
    /// assert!(lock.try_read().is_err());
    /// drop(writer);
    /// assert_eq!(*lock.try_read().unwrap(), 1);
    /// ```
    pub fn try_read(&self) -> Result<RwLockReadGuard<'_, T>, TryLockError> {
        self.try_acquire(1)?;
        // SAFETY: a read lock was just acquired.
        Ok(unsafe { RwLockReadGuard::new(self) })
    }

    /// Locks for reading if that is possible at once; the guard keeps the lock alive.
    ///
    /// # Errors
    ///
    /// As [`try_read`](Self::try_read).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::RwLock;
    ///
    /// let lock = Arc::new(RwLock::new(1));
    /// let reader = lock.clone().try_read_owned().unwrap();
    /// assert_eq!(*reader, 1);
    /// assert!(lock.try_write().is_err());
    /// ```
    pub fn try_read_owned(self: Arc<Self>) -> Result<OwnedRwLockReadGuard<T>, TryLockError> {
        self.try_acquire(1)?;
        // SAFETY: a read lock was just acquired.
        Ok(unsafe { OwnedRwLockReadGuard::new(self) })
    }

    /// Waits until it may write.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(vec![1]);
    /// lock.write().await.push(2);
    /// assert_eq!(*lock.read().await, [1, 2]);
    /// # }
    /// ```
    pub async fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.acquire(self.all()).await;
        // SAFETY: the write lock was just acquired.
        unsafe { RwLockWriteGuard::new(self) }
    }

    /// Waits until it may write; the guard keeps the lock alive and borrows nothing.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but the place in the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::RwLock;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(1));
    /// let mut writer = lock.clone().write_owned().await;
    /// runtime::spawn(async move { *writer += 1 }).await.unwrap();
    /// assert_eq!(*lock.read().await, 2);
    /// # }
    /// ```
    pub async fn write_owned(self: Arc<Self>) -> OwnedRwLockWriteGuard<T> {
        self.acquire(self.all()).await;
        // SAFETY: the write lock was just acquired.
        unsafe { OwnedRwLockWriteGuard::new(self) }
    }

    /// Locks for writing if that is possible at once.
    ///
    /// # Errors
    ///
    /// If somebody reads or writes, or if anybody waits.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// let reader = lock.try_read().unwrap();
    /// assert!(lock.try_write().is_err());
    /// drop(reader);
    /// *lock.try_write().unwrap() += 1;
    /// ```
    pub fn try_write(&self) -> Result<RwLockWriteGuard<'_, T>, TryLockError> {
        self.try_acquire(self.all())?;
        // SAFETY: the write lock was just acquired.
        Ok(unsafe { RwLockWriteGuard::new(self) })
    }

    /// Locks for writing if that is possible at once; the guard keeps the lock alive.
    ///
    /// # Errors
    ///
    /// As [`try_write`](Self::try_write).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::RwLock;
    ///
    /// let lock = Arc::new(RwLock::new(1));
    /// let mut writer = lock.clone().try_write_owned().unwrap();
    /// *writer += 1;
    /// assert!(lock.try_read().is_err());
    /// ```
    pub fn try_write_owned(self: Arc<Self>) -> Result<OwnedRwLockWriteGuard<T>, TryLockError> {
        self.try_acquire(self.all())?;
        // SAFETY: the write lock was just acquired.
        Ok(unsafe { OwnedRwLockWriteGuard::new(self) })
    }

    /// Returns the value, which needs no lock: nobody else can reach it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::RwLock;
    ///
    /// let mut lock = RwLock::new(1);
    /// *lock.get_mut() += 1;
    /// assert_eq!(lock.into_inner(), 2);
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.value.get_mut()
    }

    /// The permits of the write lock.
    fn all(&self) -> usize {
        self.max_readers as usize
    }

    async fn acquire(&self, permits: usize) {
        let acquired = self.permits.acquire(permits).await;
        acquired.expect("a lock is never closed");
    }

    fn try_acquire(&self, permits: usize) -> Result<(), TryLockError> {
        let acquired = self.permits.try_acquire(permits);
        acquired.map_err(|_| TryLockError::new())
    }
}

impl<T: ?Sized> Lender for RwLock<T> {
    fn permits(&self) -> &Permits {
        &self.permits
    }
}

impl<T> From<T> for RwLock<T> {
    fn from(value: T) -> Self {
        RwLock::new(value)
    }
}

impl<T: Default> Default for RwLock<T> {
    fn default() -> Self {
        RwLock::new(T::default())
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = f.debug_struct("RwLock");
        match self.try_read() {
            Ok(guard) => f.field("data", &&*guard),
            Err(_) => f.field("data", &format_args!("<locked>")),
        };
        f.finish()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
