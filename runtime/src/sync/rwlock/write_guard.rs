//! The guard that writes and borrows its lock.

use std::marker::PhantomData;

use super::{RwLock, RwLockMappedWriteGuard, RwLockReadGuard};
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::Lease;
use crate::sync::permits::Permits;

/// A value that is locked for writing; dropping this unlocks it.
///
/// # Examples
///
/// ```
/// use runtime::sync::{RwLock, RwLockWriteGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = RwLock::new(vec![1]);
/// let mut guard: RwLockWriteGuard<'_, Vec<i32>> = lock.write().await;
/// guard.push(2); // it is the vector
/// drop(guard);
/// assert_eq!(*lock.read().await, [1, 2]);
/// # }
/// ```
#[must_use = "if unused the lock is let go of at once"]
#[clippy::has_significant_drop]
pub struct RwLockWriteGuard<'a, T: ?Sized> {
    access: ExclusiveAccess<Lease<&'a Permits, usize>, T>,
    _borrows: PhantomData<&'a mut T>,
}

// SAFETY: it stands for `&mut T`, becomes one for `&T`, and unlocks from any thread.
unsafe impl<T: ?Sized + Send + Sync> Send for RwLockWriteGuard<'_, T> {}
// SAFETY: shared, it stands for `&T`.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// # Safety
    ///
    /// The write lock was acquired for this guard.
    pub(super) unsafe fn new(lock: &'a RwLock<T>) -> Self {
        let lease = Lease::new(&lock.permits, lock.all());
        // SAFETY: the lease holds the write lock, and the lock is borrowed.
        RwLockWriteGuard::from_access(unsafe { ExclusiveAccess::new(lease, lock.value.get()) })
    }

    fn from_access(access: ExclusiveAccess<Lease<&'a Permits, usize>, T>) -> Self {
        RwLockWriteGuard {
            access,
            _borrows: PhantomData,
        }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others. The new
    /// guard cannot be downgraded: the rest of the value would be shared with it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let pair = RwLock::new((1, 2));
    /// *RwLockWriteGuard::map(pair.write().await, |pair| &mut pair.1) = 3;
    /// assert_eq!(*pair.read().await, (1, 3));
    /// # }
    /// ```
    #[inline]
    pub fn map<F, U: ?Sized>(this: Self, f: F) -> RwLockMappedWriteGuard<'a, U>
    where
        F: FnOnce(&mut T) -> &mut U,
    {
        RwLockMappedWriteGuard::new(this.access.map(f))
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
    /// use runtime::sync::{RwLock, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(vec![1, 2]);
    /// let guard = lock.write().await;
    /// let guard = RwLockWriteGuard::try_map(guard, |list| list.get_mut(9)).unwrap_err();
    /// *RwLockWriteGuard::try_map(guard, |list| list.last_mut()).unwrap() = 5;
    /// assert_eq!(*lock.read().await, [1, 5]);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, U: ?Sized>(this: Self, f: F) -> Result<RwLockMappedWriteGuard<'a, U>, Self>
    where
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(RwLockMappedWriteGuard::new(access)),
            Err(access) => Err(RwLockWriteGuard::from_access(access)),
        }
    }

    /// Makes a mapped guard of the whole value.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(1);
    /// let whole: RwLockMappedWriteGuard<'_, i32> =
    ///     RwLockWriteGuard::into_mapped(lock.write().await);
    /// assert_eq!(*whole, 1);
    /// # }
    /// ```
    #[inline]
    pub fn into_mapped(this: Self) -> RwLockMappedWriteGuard<'a, T> {
        RwLockMappedWriteGuard::new(this.access)
    }

    /// Lets others read, too, without a moment in which somebody else could write.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = runtime::sync::RwLock::new(1);
    /// let mut writing = lock.write().await;
    /// *writing += 1;
    /// let reading = writing.downgrade();
    /// assert_eq!(*lock.read().await, *reading);
    /// # }
    /// ```
    pub fn downgrade(self) -> RwLockReadGuard<'a, T> {
        RwLockWriteGuard::downgrade_map(self, |value| value)
    }

    /// Makes a reading guard of a part of the value; others may read, too, once `f` has run.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new((1, "one"));
    /// let number = RwLockWriteGuard::downgrade_map(lock.write().await, |pair| &pair.0);
    /// assert_eq!(*number, lock.read().await.0);
    /// # }
    /// ```
    #[inline]
    pub fn downgrade_map<F, U: ?Sized>(this: Self, f: F) -> RwLockReadGuard<'a, U>
    where
        F: FnOnce(&T) -> &U,
    {
        RwLockReadGuard::from_access(this.access.share(f).map_held(Lease::keep_one))
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
    /// use runtime::sync::{RwLock, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new(vec![1]);
    /// let writer = lock.write().await;
    /// let mut writer = RwLockWriteGuard::try_downgrade_map(writer, |list| list.get(1)).unwrap_err();
    /// writer.push(2); // it still may
    /// let last = RwLockWriteGuard::try_downgrade_map(writer, |list| list.get(1)).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_downgrade_map<F, U: ?Sized>(this: Self, f: F) -> Result<RwLockReadGuard<'a, U>, Self>
    where
        F: FnOnce(&T) -> Option<&U>,
    {
        match this.access.try_share(f) {
            Ok(access) => Ok(RwLockReadGuard::from_access(
                access.map_held(Lease::keep_one),
            )),
            Err(access) => Err(RwLockWriteGuard::from_access(access)),
        }
    }
}

guard!(impl ['a, T: ?Sized] mut RwLockWriteGuard<'a, T> => T);
