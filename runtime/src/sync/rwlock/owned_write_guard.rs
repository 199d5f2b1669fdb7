//! The guard that writes and keeps its lock alive.

use super::{OwnedRwLockMappedWriteGuard, OwnedRwLockReadGuard, RwLock};
use crate::primitive::StdArc as Arc;
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::Lease;

/// A value that is locked for writing in a lock that is kept alive; dropping this unlocks it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = Arc::new(RwLock::new(vec![1]));
/// let mut guard: OwnedRwLockWriteGuard<Vec<i32>> = lock.clone().write_owned().await;
/// guard.push(2); // it is the vector
/// drop(guard);
/// assert_eq!(*lock.read().await, [1, 2]);
/// # }
/// ```
#[clippy::has_significant_drop]
pub struct OwnedRwLockWriteGuard<T: ?Sized> {
    access: ExclusiveAccess<Lease<Arc<RwLock<T>>, usize>, T>,
}

// SAFETY: it stands for `&mut T` and an `Arc` of the lock, and unlocks from any thread.
unsafe impl<T: ?Sized + Send + Sync> Send for OwnedRwLockWriteGuard<T> {}
// SAFETY: shared, it stands for `&T` and for a shared lock.
unsafe impl<T: ?Sized + Send + Sync> Sync for OwnedRwLockWriteGuard<T> {}

impl<T: ?Sized> OwnedRwLockWriteGuard<T> {
    /// # Safety
    ///
    /// The write lock was acquired for this guard.
    pub(super) unsafe fn new(lock: Arc<RwLock<T>>) -> Self {
        let (value, all) = (lock.value.get(), lock.all());
        // SAFETY: the lease holds the write lock, and keeps the lock alive.
        let access = unsafe { ExclusiveAccess::new(Lease::new(lock, all), value) };
        OwnedRwLockWriteGuard { access }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others. The new
    /// guard cannot be downgraded: the rest of the value would be shared with it.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, "one")));
    /// let guard = lock.clone().write_owned().await;
    /// *OwnedRwLockWriteGuard::map(guard, |pair| &mut pair.0) = 2;
    /// assert_eq!(*lock.read().await, (2, "one"));
    /// # }
    /// ```
    #[inline]
    pub fn map<F, U: ?Sized>(this: Self, f: F) -> OwnedRwLockMappedWriteGuard<T, U>
    where
        F: FnOnce(&mut T) -> &mut U,
    {
        OwnedRwLockMappedWriteGuard::new(this.access.map(f))
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
    /// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(vec![1, 2]));
    /// let guard = lock.write_owned().await;
    /// let guard = OwnedRwLockWriteGuard::try_map(guard, |list| list.get_mut(9)).unwrap_err();
    /// let last = OwnedRwLockWriteGuard::try_map(guard, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, U: ?Sized>(
        this: Self,
        f: F,
    ) -> Result<OwnedRwLockMappedWriteGuard<T, U>, Self>
    where
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(OwnedRwLockMappedWriteGuard::new(access)),
            Err(access) => Err(OwnedRwLockWriteGuard { access }),
        }
    }

    /// Makes a mapped guard of the whole value.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(1));
    /// let guard = lock.write_owned().await;
    /// let whole: OwnedRwLockMappedWriteGuard<i32> = OwnedRwLockWriteGuard::into_mapped(guard);
    /// assert_eq!(*whole, 1);
    /// # }
    /// ```
    #[inline]
    pub fn into_mapped(this: Self) -> OwnedRwLockMappedWriteGuard<T> {
        OwnedRwLockMappedWriteGuard::new(this.access)
    }

    /// Lets others read, too, without a moment in which somebody else could write.
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
    /// *writer += 1;
    /// let reader = writer.downgrade();
    /// assert_eq!(*reader, *lock.read().await);
    /// # }
    /// ```
    pub fn downgrade(self) -> OwnedRwLockReadGuard<T> {
        OwnedRwLockWriteGuard::downgrade_map(self, |value| value)
    }

    /// Makes a reading guard of a part of the value; others may read, too, once `f` has run.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, "one")));
    /// let writer = lock.clone().write_owned().await;
    /// let number = OwnedRwLockWriteGuard::downgrade_map(writer, |pair| &pair.0);
    /// assert_eq!(*number, lock.read().await.0);
    /// # }
    /// ```
    #[inline]
    pub fn downgrade_map<F, U: ?Sized>(this: Self, f: F) -> OwnedRwLockReadGuard<T, U>
    where
        F: FnOnce(&T) -> &U,
    {
        OwnedRwLockReadGuard::from_access(this.access.share(f).map_held(Lease::keep_one))
    }

    /// Makes a reading guard of a part of the value, if `f` finds it; others may read, too, then.
    ///
    /// # Errors
    ///
    /// This guard, unchanged, if `f` returns `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(vec![1]));
    /// let writer = lock.clone().write_owned().await;
    /// let mut writer =
    ///     OwnedRwLockWriteGuard::try_downgrade_map(writer, |list| list.get(1)).unwrap_err();
    /// writer.push(2); // it still may
    /// let last = OwnedRwLockWriteGuard::try_downgrade_map(writer, |list| list.get(1)).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_downgrade_map<F, U: ?Sized>(
        this: Self,
        f: F,
    ) -> Result<OwnedRwLockReadGuard<T, U>, Self>
    where
        F: FnOnce(&T) -> Option<&U>,
    {
        match this.access.try_share(f) {
            Ok(access) => Ok(OwnedRwLockReadGuard::from_access(
                access.map_held(Lease::keep_one),
            )),
            Err(access) => Err(OwnedRwLockWriteGuard { access }),
        }
    }

    /// Returns the lock.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new(1));
    /// let guard = lock.clone().write_owned().await;
    /// assert!(Arc::ptr_eq(OwnedRwLockWriteGuard::rwlock(&guard), &lock));
    /// # }
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.access.held().lender()
    }
}

guard!(impl [T: ?Sized] mut OwnedRwLockWriteGuard<T> => T);
