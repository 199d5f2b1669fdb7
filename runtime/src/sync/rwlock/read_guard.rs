//! The guard that reads and borrows its lock.

use std::marker::PhantomData;

use super::RwLock;
use crate::sync::access::{SharedAccess, guard};
use crate::sync::lease::{Lease, One};
use crate::sync::permits::Permits;

/// A value, or a part of one, that is locked for reading; dropping this unlocks it.
///
/// # Examples
///
/// ```
/// use runtime::sync::{RwLock, RwLockReadGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = RwLock::new("value");
/// let guard: RwLockReadGuard<'_, &str> = lock.read().await;
/// assert_eq!(guard.len(), 5); // it is the value
/// assert!(lock.try_write().is_err());
/// # }
/// ```
#[must_use = "if unused the lock is let go of at once"]
#[clippy::has_significant_drop]
pub struct RwLockReadGuard<'a, T: ?Sized> {
    access: SharedAccess<Lease<&'a Permits, One>, T>,
    _borrows: PhantomData<&'a T>,
}

// SAFETY: it stands for `&T`, and unlocks from any thread.
unsafe impl<T: ?Sized + Sync> Send for RwLockReadGuard<'_, T> {}
// SAFETY: shared, it stands for `&T`.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLockReadGuard<'_, T> {}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    /// # Safety
    ///
    /// A read lock was acquired for this guard.
    pub(super) unsafe fn new(lock: &'a RwLock<T>) -> Self {
        // SAFETY: the lease holds a read lock, so nobody writes; the lock is borrowed.
        let access = unsafe { SharedAccess::new(Lease::new(&lock.permits, One), lock.value.get()) };
        RwLockReadGuard::from_access(access)
    }

    pub(super) fn from_access(access: SharedAccess<Lease<&'a Permits, One>, T>) -> Self {
        RwLockReadGuard {
            access,
            _borrows: PhantomData,
        }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockReadGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let pair = RwLock::new((1, 2));
    /// let second = RwLockReadGuard::map(pair.read().await, |pair| &pair.1);
    /// assert_eq!(*second, 2);
    /// # }
    /// ```
    #[inline]
    pub fn map<F, U: ?Sized>(this: Self, f: F) -> RwLockReadGuard<'a, U>
    where
        F: FnOnce(&T) -> &U,
    {
        RwLockReadGuard::from_access(this.access.map(f))
    }

    /// Makes a guard of a part of the value, if `f` finds it.
    ///
    /// # Errors
    ///
    /// This guard, unchanged, if `f` returns `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockReadGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(vec![1, 2]);
    /// let guard = lock.read().await;
    /// let guard = RwLockReadGuard::try_map(guard, |list| list.get(9)).unwrap_err();
    /// let last = RwLockReadGuard::try_map(guard, |list| list.last()).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, U: ?Sized>(this: Self, f: F) -> Result<RwLockReadGuard<'a, U>, Self>
    where
        F: FnOnce(&T) -> Option<&U>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(RwLockReadGuard::from_access(access)),
            Err(access) => Err(RwLockReadGuard::from_access(access)),
        }
    }
}

guard!(impl ['a, T: ?Sized] RwLockReadGuard<'a, T> => T);
