//! Guards that write a part of a lock's value, borrowed and owned.

use std::marker::PhantomData;

use super::RwLock;
use crate::primitive::StdArc as Arc;
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::Lease;
use crate::sync::permits::Permits;

/// A part of a value that is locked for writing; dropping this unlocks it.
///
/// Made by [`RwLockWriteGuard::map`](super::RwLockWriteGuard::map).
///
/// # Examples
///
/// ```
/// use runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = RwLock::new((1, "one"));
/// let mut number: RwLockMappedWriteGuard<'_, i32> =
///     RwLockWriteGuard::map(lock.write().await, |pair| &mut pair.0);
/// *number = 2;
/// drop(number);
/// assert_eq!(*lock.read().await, (2, "one"));
/// # }
/// ```
#[clippy::has_significant_drop]
pub struct RwLockMappedWriteGuard<'a, T: ?Sized> {
    access: ExclusiveAccess<Lease<&'a Permits, usize>, T>,
    _borrows: PhantomData<&'a mut T>,
}

/// A part `U` of a value that is locked for writing in a lock that is kept alive; dropping this
/// unlocks it.
///
/// Made by [`OwnedRwLockWriteGuard::map`](super::OwnedRwLockWriteGuard::map).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
///
/// # #[runtime::main]
/// # async fn main() {
/// let lock = Arc::new(RwLock::new((1, "one")));
/// let guard = lock.clone().write_owned().await;
/// let mut number: OwnedRwLockMappedWriteGuard<(i32, &str), i32> =
///     OwnedRwLockWriteGuard::map(guard, |pair| &mut pair.0);
/// *number = 2;
/// drop(number);
/// assert_eq!(*lock.read().await, (2, "one"));
/// # }
/// ```
#[clippy::has_significant_drop]
pub struct OwnedRwLockMappedWriteGuard<T: ?Sized, U: ?Sized = T> {
    access: ExclusiveAccess<Lease<Arc<RwLock<T>>, usize>, U>,
}

// SAFETY: it stands for `&mut T`, and unlocks from any thread.
unsafe impl<T: ?Sized + Send + Sync> Send for RwLockMappedWriteGuard<'_, T> {}
// SAFETY: shared, it stands for `&T`.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLockMappedWriteGuard<'_, T> {}
// SAFETY: it stands for `&mut U` and an `Arc` of the lock, and unlocks from any thread.
unsafe impl<T, U> Send for OwnedRwLockMappedWriteGuard<T, U>
where
    T: ?Sized + Send + Sync,
    U: ?Sized + Send + Sync,
{
}
// SAFETY: shared, it stands for `&U` and for a shared lock.
unsafe impl<T, U> Sync for OwnedRwLockMappedWriteGuard<T, U>
where
    T: ?Sized + Send + Sync,
    U: ?Sized + Send + Sync,
{
}

impl<'a, T: ?Sized> RwLockMappedWriteGuard<'a, T> {
    pub(super) fn new(access: ExclusiveAccess<Lease<&'a Permits, usize>, T>) -> Self {
        RwLockMappedWriteGuard {
            access,
            _borrows: PhantomData,
        }
    }

    /// Makes a guard of a part of this part.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new((1, [2, 3]));
    /// let list = RwLockWriteGuard::map(lock.write().await, |pair| &mut pair.1);
    /// let mut last = RwLockMappedWriteGuard::map(list, |list| &mut list[1]);
    /// *last = 5;
    /// drop(last);
    /// assert_eq!(lock.into_inner(), (1, [2, 5]));
    /// # }
    /// ```
    #[inline]
    pub fn map<F, U: ?Sized>(this: Self, f: F) -> RwLockMappedWriteGuard<'a, U>
    where
        F: FnOnce(&mut T) -> &mut U,
    {
        RwLockMappedWriteGuard::new(this.access.map(f))
    }

    /// Makes a guard of a part of this part, if `f` finds it.
    ///
    /// # Errors
    ///
    /// This guard, unchanged, if `f` returns `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{RwLock, RwLockMappedWriteGuard, RwLockWriteGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = RwLock::new((1, vec![2, 3]));
    /// let list = RwLockWriteGuard::map(lock.write().await, |pair| &mut pair.1);
    /// let list = RwLockMappedWriteGuard::try_map(list, |list| list.get_mut(9)).unwrap_err();
    /// let last = RwLockMappedWriteGuard::try_map(list, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, U: ?Sized>(this: Self, f: F) -> Result<RwLockMappedWriteGuard<'a, U>, Self>
    where
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        let mapped = this.access.try_map(f);
        mapped.map(RwLockMappedWriteGuard::new).map_err(Self::new)
    }
}

impl<T: ?Sized, U: ?Sized> OwnedRwLockMappedWriteGuard<T, U> {
    pub(super) fn new(access: ExclusiveAccess<Lease<Arc<RwLock<T>>, usize>, U>) -> Self {
        OwnedRwLockMappedWriteGuard { access }
    }

    /// Makes a guard of a part of this part.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, [2, 3])));
    /// let list = OwnedRwLockWriteGuard::map(lock.write_owned().await, |pair| &mut pair.1);
    /// let last = OwnedRwLockMappedWriteGuard::map(list, |list| &mut list[1]);
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn map<F, V: ?Sized>(this: Self, f: F) -> OwnedRwLockMappedWriteGuard<T, V>
    where
        F: FnOnce(&mut U) -> &mut V,
    {
        OwnedRwLockMappedWriteGuard::new(this.access.map(f))
    }

    /// Makes a guard of a part of this part, if `f` finds it.
    ///
    /// # Errors
    ///
    /// This guard, unchanged, if `f` returns `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, vec![2, 3])));
    /// let list = OwnedRwLockWriteGuard::map(lock.write_owned().await, |pair| &mut pair.1);
    /// let list = OwnedRwLockMappedWriteGuard::try_map(list, |list| list.get_mut(9)).unwrap_err();
    /// let last = OwnedRwLockMappedWriteGuard::try_map(list, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<F, V: ?Sized>(
        this: Self,
        f: F,
    ) -> Result<OwnedRwLockMappedWriteGuard<T, V>, Self>
    where
        F: FnOnce(&mut U) -> Option<&mut V>,
    {
        let mapped = this.access.try_map(f);
        mapped
            .map(OwnedRwLockMappedWriteGuard::new)
            .map_err(Self::new)
    }

    /// Returns the lock.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{OwnedRwLockMappedWriteGuard, OwnedRwLockWriteGuard, RwLock};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let lock = Arc::new(RwLock::new((1, "one")));
    /// let guard = lock.clone().write_owned().await;
    /// let number = OwnedRwLockWriteGuard::map(guard, |pair| &mut pair.0);
    /// assert!(Arc::ptr_eq(OwnedRwLockMappedWriteGuard::rwlock(&number), &lock));
    /// # }
    /// ```
    pub fn rwlock(this: &Self) -> &Arc<RwLock<T>> {
        this.access.held().lender()
    }
}

guard!(impl ['a, T: ?Sized] mut RwLockMappedWriteGuard<'a, T> => T);
guard!(impl [T: ?Sized, U: ?Sized] mut OwnedRwLockMappedWriteGuard<T, U> => U);
