//! The ways to lock that block the thread.

use super::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use crate::sync::blocking::block_on;

impl<T: ?Sized> RwLock<T> {
    /// Blocks the thread until it may read.
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
    /// use runtime::sync::RwLock;
    ///
    /// let lock = RwLock::new(1);
    /// assert_eq!(*lock.blocking_read(), 1); // this thread runs no async code
    /// ```
    #[track_caller]
    pub fn blocking_read(&self) -> RwLockReadGuard<'_, T> {
        block_on("`read().await`", self.read())
    }

    /// Blocks the thread until it may write.
    ///
    /// # Panics
    ///
    /// If this thread runs async code.
    ///
    /// # Examples
    ///
    /// ```
    /// let lock = runtime::sync::RwLock::new(1);
    /// *lock.blocking_write() += 1;
    /// assert_eq!(*lock.blocking_read(), 2);
    /// ```
    #[track_caller]
    pub fn blocking_write(&self) -> RwLockWriteGuard<'_, T> {
        block_on("`write().await`", self.write())
    }
}
