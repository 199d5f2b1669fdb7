//! The ways to lock that block the thread.

use super::{Mutex, MutexGuard, OwnedMutexGuard};
use crate::primitive::StdArc as Arc;
use crate::sync::blocking::block_on;

impl<T: ?Sized> Mutex<T> {
    /// Blocks the thread until it has the lock.
    ///
    /// For threads that run no async code but share the value with some.
    ///
    /// # Panics
    ///
    /// If this thread runs async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let mutex = runtime::sync::Mutex::new(1);
    /// *mutex.blocking_lock() += 1;
    /// assert_eq!(mutex.into_inner(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_lock(&self) -> MutexGuard<'_, T> {
        block_on("`lock().await`", self.lock())
    }

    /// Blocks the thread until it has the lock; the guard keeps the mutex alive.
    ///
    /// # Panics
    ///
    /// If this thread runs async code.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::Mutex;
    ///
    /// let mutex = Arc::new(Mutex::new(1));
    /// let guard = mutex.blocking_lock_owned(); // this thread runs no async code
    /// assert_eq!(*guard, 1);
    /// ```
    #[track_caller]
    pub fn blocking_lock_owned(self: Arc<Self>) -> OwnedMutexGuard<T> {
        block_on("`lock_owned().await`", self.lock_owned())
    }
}
