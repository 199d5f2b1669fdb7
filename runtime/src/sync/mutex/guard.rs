//! The guard that borrows its mutex.

use super::{MappedMutexGuard, Mutex};
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::{Lease, One};

/// A locked [`Mutex`]; dropping this unlocks it.
///
/// # Examples
///
/// ```
/// use runtime::sync::Mutex;
///
/// # #[runtime::main]
/// # async fn main() {
/// let mutex = Mutex::new(vec![1]);
/// let mut guard = mutex.lock().await;
/// guard.push(2); // it is the vector
/// assert!(mutex.try_lock().is_err());
/// drop(guard);
/// assert_eq!(*mutex.lock().await, [1, 2]);
/// # }
/// ```
#[must_use = "if unused the mutex is unlocked at once"]
#[clippy::has_significant_drop]
pub struct MutexGuard<'a, T: ?Sized> {
    access: ExclusiveAccess<Lease<&'a Mutex<T>, One>, T>,
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
        let access = unsafe { ExclusiveAccess::new(Lease::new(mutex, One), mutex.value.get()) };
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{Mutex, MutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Mutex::new(vec![1, 2]);
    /// let guard = mutex.lock().await;
    /// let guard = MutexGuard::try_map(guard, |list| list.get_mut(9)).unwrap_err();
    /// let mut last = MutexGuard::try_map(guard, |list| list.last_mut()).unwrap();
    /// *last = 5;
    /// drop(last);
    /// assert_eq!(*mutex.lock().await, [1, 5]);
    /// # }
    /// ```
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{Mutex, MutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// async fn add_in_two_turns(mut guard: MutexGuard<'_, u32>) {
    ///     *guard += 1;
    ///     let mutex = MutexGuard::mutex(&guard);
    ///     drop(guard);
    ///     *mutex.lock().await += 1; // others may have had it in between
    /// }
    ///
    /// let mutex = Mutex::new(1);
    /// add_in_two_turns(mutex.lock().await).await;
    /// assert_eq!(mutex.into_inner(), 3);
    /// # }
    /// ```
    #[inline]
    pub fn mutex(this: &Self) -> &'a Mutex<T> {
        this.access.held().lender()
    }
}

guard!(impl ['a, T: ?Sized] mut MutexGuard<'a, T> => T);
