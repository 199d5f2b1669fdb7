//! The guard that keeps its mutex alive.

use super::{Mutex, OwnedMappedMutexGuard};
use crate::primitive::StdArc as Arc;
use crate::sync::access::{ExclusiveAccess, guard};
use crate::sync::lease::{Lease, One};

/// A locked [`Mutex`] that is kept alive; dropping this unlocks it.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use runtime::sync::{Mutex, OwnedMutexGuard};
///
/// # #[runtime::main]
/// # async fn main() {
/// let mutex = Arc::new(Mutex::new(1));
/// let mut guard: OwnedMutexGuard<i32> = mutex.clone().lock_owned().await;
/// let task = runtime::spawn(async move { *guard += 1 });
/// task.await.unwrap();
/// assert_eq!(*mutex.lock().await, 2);
/// # }
/// ```
#[clippy::has_significant_drop]
pub struct OwnedMutexGuard<T: ?Sized> {
    access: ExclusiveAccess<Lease<Arc<Mutex<T>>, One>, T>,
}

// SAFETY: it stands for `&mut T` and an `Arc` of the mutex, and unlocks from any thread.
unsafe impl<T: ?Sized + Send> Send for OwnedMutexGuard<T> {}
// SAFETY: shared, it stands for `&T` and for a shared mutex.
unsafe impl<T: ?Sized + Send + Sync> Sync for OwnedMutexGuard<T> {}

impl<T: ?Sized> OwnedMutexGuard<T> {
    /// # Safety
    ///
    /// The lock was acquired for this guard.
    pub(super) unsafe fn new(mutex: Arc<Mutex<T>>) -> Self {
        let value = mutex.value.get();
        // SAFETY: the lease holds the lock, and through it the mutex.
        let access = unsafe { ExclusiveAccess::new(Lease::new(mutex, One), value) };
        OwnedMutexGuard { access }
    }

    /// Makes a guard of a part of the value.
    ///
    /// An associated function, so that it hides no method of the value; so are the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{Mutex, OwnedMutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Arc::new(Mutex::new((1, "one")));
    /// let mut number = OwnedMutexGuard::map(mutex.clone().lock_owned().await, |pair| &mut pair.0);
    /// *number = 2;
    /// drop(number);
    /// assert_eq!(*mutex.lock().await, (2, "one"));
    /// # }
    /// ```
    #[inline]
    pub fn map<U, F>(this: Self, f: F) -> OwnedMappedMutexGuard<T, U>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> &mut U,
    {
        OwnedMappedMutexGuard::new(this.access.map(f))
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
    /// use runtime::sync::{Mutex, OwnedMutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Arc::new(Mutex::new(vec![1, 2]));
    /// let guard = mutex.lock_owned().await;
    /// let guard = OwnedMutexGuard::try_map(guard, |list| list.get_mut(9)).unwrap_err();
    /// let last = OwnedMutexGuard::try_map(guard, |list| list.last_mut()).unwrap();
    /// assert_eq!(*last, 2);
    /// # }
    /// ```
    #[inline]
    pub fn try_map<U, F>(this: Self, f: F) -> Result<OwnedMappedMutexGuard<T, U>, Self>
    where
        U: ?Sized,
        F: FnOnce(&mut T) -> Option<&mut U>,
    {
        match this.access.try_map(f) {
            Ok(access) => Ok(OwnedMappedMutexGuard::new(access)),
            Err(access) => Err(OwnedMutexGuard { access }),
        }
    }

    /// Returns the mutex that is locked.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{Mutex, OwnedMutexGuard};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let mutex = Arc::new(Mutex::new(1));
    /// let guard = mutex.clone().lock_owned().await;
    /// assert!(Arc::ptr_eq(OwnedMutexGuard::mutex(&guard), &mutex));
    /// # }
    /// ```
    #[inline]
    pub fn mutex(this: &Self) -> &Arc<Mutex<T>> {
        this.access.held().lender()
    }
}

guard!(impl [T: ?Sized] mut OwnedMutexGuard<T> => T);
