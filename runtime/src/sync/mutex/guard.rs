//! The guard that borrows its mutex.

use super::{MappedMutexGuard, Mutex};
use crate::sync::access::{Exclusive, guard};
use crate::sync::lease::{Lease, One};

/// A locked [`Mutex`]; dropping this unlocks it.
#[must_use = "if unused the mutex is unlocked at once"]
#[clippy::has_significant_drop]
pub struct MutexGuard<'a, T: ?Sized> {
    access: Exclusive<Lease<&'a Mutex<T>, One>, T>,
}

// SAFETY: it stands for `&mut T`, and unlocks from any thread.
unsafe impl<T: ?Sized + Send> Send for MutexGuard<'_, T> {}
// SAFETY: shared, it stands for `&T` and for a shared mutex.
unsafe impl<T: ?Sized + Send + Sync> Sync for MutexGuard<'_, T> {}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// # Safety
    ///
    /// The lock was acquired for this guard.
    #[inline]
    pub(super) unsafe fn new(mutex: &'a Mutex<T>) -> Self {
        // SAFETY: the lease holds the lock, and through it the mutex.
        let access = unsafe { Exclusive::new(Lease::new(mutex, One), mutex.value.get()) };
        MutexGuard { access }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{Mutex, MutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let pair = Mutex::new((1, 2));
    /// let mut second = MutexGuard::map(pair.lock().await, |pair| &mut pair.1);
    /// *second = 3;
    /// drop(second);
    /// assert_eq!(pair.into_inner(), (1, 3));
    /// # }
    /// ```
    #[inline]
    pub fn map<U, F>(this: Self, f: F) -> MappedMutexGuard<'a, U>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> &mut U,
    {
        MappedMutexGuard::new(this.access.map(f).map_held(Lease::of_permits))
    }

    /// Makes a guard of a part of the value, if `f` finds it.
    ///
    /// # Errors
    ///
    /// This guard, unchanged, if `f` returns `None`.
    #[inline]
    pub fn try_map<U, F>(this: Self, f: F) -> Result<MappedMutexGuard<'a, U>, Self>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(MappedMutexGuard::new(access.map_held(Lease::of_permits))),
            Err(access) => Err(MutexGuard { access }),
        }
    }

    /// Returns the mutex that is locked.
    #[inline]
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.access.held().lender()
    }
}

guard!(impl ['a, T: ?Sized] mut MutexGuard<'a, T> => T);
