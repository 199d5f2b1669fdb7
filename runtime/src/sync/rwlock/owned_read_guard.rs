//! The guard that reads and keeps its lock alive.

use super::RwLock;
use crate::primitive::StdArc as Arc;
use crate::sync::access::{SharedAccess, guard};
use crate::sync::lease::{Lease, One};

/// A value, or a part `U` of it, that is locked for reading in a lock that is kept alive; dropping this
/// unlocks it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{OwnedRwLockReadGuard, RwLock};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = Arc::new(RwLock::new("value"));
/// let guard: OwnedRwLockReadGuard<&str> = lock.read_owned().await;
/// assert_eq!(guard.len(), 5); // the lock lives on in the guard
/// # }
/// ```
#[clippy::has_significant_drop]
pub struct OwnedRwLockReadGuard<T: ?Sized, U: ?Sized = T> {
    access: SharedAccess<Lease<Arc<RwLock<T>>, One>, U>,
}

// SAFETY: it stands for `&U` and an `Arc` of the lock, and unlocks from any thread.
unsafe impl<T, U> Send for OwnedRwLockReadGuard<T, U>
where
    T: ?Sized + Send + Sync,
    U: ?Sized + Sync,
{
}
// SAFETY: shared, it stands for `&U` and for a shared lock.
unsafe impl<T, U> Sync for OwnedRwLockReadGuard<T, U>
where
    T: ?Sized + Send + Sync,
    U: ?Sized + Send + Sync,
{
}

impl<T: ?Sized> OwnedRwLockReadGuard<T> {
    /// # Safety
    ///
    /// A read lock was acquired for this guard.
    pub(super) unsafe fn new(lock: Arc<RwLock<T>>) -> Self {
        let value = lock.value.get();
        // SAFETY: the lease holds a read lock, so nobody writes, and keeps the lock alive.
        let access = unsafe { SharedAccess::new(Lease::new(lock, One), value) };
        OwnedRwLockReadGuard { access }
    }
}

impl<T: ?Sized, U: ?Sized> OwnedRwLockReadGuard<T, U> {
    pub(super) fn from_access(access: SharedAccess<Lease<Arc<RwLock<T>>, One>, U>) -> Self {
        OwnedRwLockReadGuard { access }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockReadGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, "one")));
    /// let number = OwnedRwLockReadGuard::map(lock.read_owned().await, |pair| &pair.0);
    /// assert_eq!(*number, 1);
    /// # }
    /// ```
    #[inline]
    pub fn map<F, V: ?Sized>(this: Self, f: F) -> OwnedRwLockReadGuard<T, V>
    where
        F: FnOnce(&U) -> &V,
    {
        OwnedRwLockReadGuard::from_access(this.access.map(f))
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
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockReadGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(vec![1, 2]));
    /// let guard = lock.read_owned().await;
    /// let guard = OwnedRwLockReadGuard::try_map(guard, |list| list.get(9)).unwrap_err();
    /// let last = OwnedRwLockReadGuard::try_map(guard, |list| list.last()).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, V: ?Sized>(this: Self, f: F) -> Result<OwnedRwLockReadGuard<T, V>, Self>
    where
        F: FnOnce(&U) -> Option<&V>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(OwnedRwLockReadGuard::from_access(access)),
            Err(access) => Err(OwnedRwLockReadGuard::from_access(access)),
        }
    }

    /// Returns the lock.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockReadGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(1));
    /// let guard = lock.clone().read_owned().await;
    /// assert!(Arc::ptr_eq(OwnedRwLockReadGuard::rwlock(&guard), &lock));
    /// # }
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.access.held().lender()
    }
}

guard!(impl [T: ?Sized, U: ?Sized] OwnedRwLockReadGuard<T, U> => U);
