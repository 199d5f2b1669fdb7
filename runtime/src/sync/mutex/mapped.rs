//! Guards of a part of a mutex's value, borrowed and owned.

use std::marker::PhantomData;

use super::Mutex;
use crate::primitive::StdArc as Arc;
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::{Lease, One};
use crate::sync::permits::Permits;

/// A part of the value of a locked [`Mutex`]; dropping this unlocks it.
///
/// Made by [`MutexGuard::map`](super::MutexGuard::map).
///
/// # Examples
///
/// ```
/// use runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let names = Mutex::new(vec![String::from("a"), String::from("b")]);
/// let mut first: MappedMutexGuard<'_, String> =
///     MutexGuard::map(names.lock().await, |names| &mut names[0]);
/// first.push('!');
/// drop(first);
/// assert_eq!(names.lock().await[0], "a!");
/// # }
/// ```
#[must_use = "if unused the mutex is unlocked at once"]
#[clippy::has_significant_drop]
pub struct MappedMutexGuard<'a, T: ?Sized> {
    access: ExclusiveAccess<Lease<&'a Permits, One>, T>,
    _borrows: PhantomData<&'a mut T>,
}

/// A part `U` of the value of a locked [`Mutex`] that is kept alive; dropping this unlocks it.
///
/// Made by [`OwnedMutexGuard::map`](super::OwnedMutexGuard::map).
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let pair = Arc::new(Mutex::new((1, "one")));
/// let number: OwnedMappedMutexGuard<(i32, &str), i32> =
///     OwnedMutexGuard::map(pair.lock_owned().await, |pair| &mut pair.0);
/// assert_eq!(*number, 1);
/// # }
/// ```
#[must_use = "if unused the mutex is unlocked at once"]
#[clippy::has_significant_drop]
pub struct OwnedMappedMutexGuard<T: ?Sized, U: ?Sized = T> {
    access: ExclusiveAccess<Lease<Arc<Mutex<T>>, One>, U>,
}

// SAFETY: it stands for `&mut T`, and unlocks from any thread.
unsafe impl<T: ?Sized + Send> Send for MappedMutexGuard<'_, T> {}
// SAFETY: shared, it stands for `&T`.
unsafe impl<T: ?Sized + Sync> Sync for MappedMutexGuard<'_, T> {}
// SAFETY: it stands for `&mut U` and an `Arc` of the mutex, and unlocks from any thread.
unsafe impl<T: ?Sized + Send, U: ?Sized + Send> Send for OwnedMappedMutexGuard<T, U> {}
// SAFETY: shared, it stands for `&U` and for a shared mutex.
unsafe impl<T, U> Sync for OwnedMappedMutexGuard<T, U>
where
    T: ?Sized + Send + Sync,
    U: ?Sized + Send + Sync,
{
}

impl<'a, T: ?Sized> MappedMutexGuard<'a, T> {
    pub(super) fn new(access: ExclusiveAccess<Lease<&'a Permits, One>, T>) -> Self {
        MappedMutexGuard {
            access,
            _borrows: PhantomData,
        }
    }

    /// Makes a guard of a part of this part.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Mutex::new((1, [2, 3]));
    /// let list = MutexGuard::map(mutex.lock().await, |pair| &mut pair.1);
    /// let mut last = MappedMutexGuard::map(list, |list| &mut list[1]);
    /// *last = 5;
    /// drop(last);
    /// assert_eq!(mutex.into_inner(), (1, [2, 5]));
    /// # }
    /// ```
    #[inline]
    pub fn map<U, F>(this: Self, f: F) -> MappedMutexGuard<'a, U>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> &mut U,
    {
        MappedMutexGuard::new(this.access.map(f))
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
    /// use runtime::sync::{MappedMutexGuard, Mutex, MutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Mutex::new((1, vec![2, 3]));
    /// let list = MutexGuard::map(mutex.lock().await, |pair| &mut pair.1);
    /// let list = MappedMutexGuard::try_map(list, |list| list.get_mut(9)).unwrap_err();
    /// let last = MappedMutexGuard::try_map(list, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<U, F>(this: Self, f: F) -> Result<MappedMutexGuard<'a, U>, Self>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        let mapped = this.access.try_map(f);
        mapped.map(MappedMutexGuard::new).map_err(Self::new)
    }
}

impl<T: ?Sized, U: ?Sized> OwnedMappedMutexGuard<T, U> {
    pub(super) fn new(access: ExclusiveAccess<Lease<Arc<Mutex<T>>, One>, U>) -> Self {
        OwnedMappedMutexGuard { access }
    }

    /// Makes a guard of a part of this part.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Arc::new(Mutex::new((1, [2, 3])));
    /// let list = OwnedMutexGuard::map(mutex.lock_owned().await, |pair| &mut pair.1);
    /// let last = OwnedMappedMutexGuard::map(list, |list| &mut list[1]);
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn map<S, F>(this: Self, f: F) -> OwnedMappedMutexGuard<T, S>
    where
        S: ?Sized,
        F: FnOnce(&mut U) -> &mut S,
    {
        OwnedMappedMutexGuard::new(this.access.map(f))
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
    /// use runtime::sync::{Mutex, OwnedMappedMutexGuard, OwnedMutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Arc::new(Mutex::new((1, vec![2, 3])));
    /// let list = OwnedMutexGuard::map(mutex.lock_owned().await, |pair| &mut pair.1);
    /// let list = OwnedMappedMutexGuard::try_map(list, |list| list.get_mut(9)).unwrap_err();
    /// let last = OwnedMappedMutexGuard::try_map(list, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 3);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<S, F>(this: Self, f: F) -> Result<OwnedMappedMutexGuard<T, S>, Self>
    where
        S: ?Sized,
        F: FnOnce(&mut U) -> Option<&mut S>,
    {
        let mapped = this.access.try_map(f);
        mapped.map(OwnedMappedMutexGuard::new).map_err(Self::new)
    }
}

guard!(impl ['a, T: ?Sized] mut MappedMutexGuard<'a, T> => T);
guard!(impl [T: ?Sized, U: ?Sized] mut OwnedMappedMutexGuard<T, U> => U);
