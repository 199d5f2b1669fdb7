//! The one place that names parking_lot, `std::sync` and loom.
//!
//! Under `cfg(runtime_loom)` the same names stand for loom's stand-ins, so that the code above
//! reads alike in both builds.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

pub(crate) use backend::{Arc, AtomicU64};
pub(crate) use std::sync::atomic::Ordering;

/// A lock that is never poisoned.
///
/// No user code runs under any lock of this crate, so a panic cannot leave
/// what it guards half changed.
pub(crate) struct Mutex<T>(backend::Mutex<T>);

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Mutex<T> {
        Mutex(backend::Mutex::new(value))
    }

    #[inline]
    pub(crate) fn lock(&self) -> backend::MutexGuard<'_, T> {
        backend::lock(&self.0)
    }
}

impl<T> UnwindSafe for Mutex<T> {}
impl<T> RefUnwindSafe for Mutex<T> {}

impl<T> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mutex").finish_non_exhaustive()
    }
}

#[cfg(not(runtime_loom))]
mod backend {
    pub(crate) use parking_lot::{Mutex, MutexGuard};
    pub(crate) use std::sync::Arc;
    pub(crate) use std::sync::atomic::AtomicU64;

    #[inline]
    pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock()
    }
}

#[cfg(runtime_loom)]
mod backend {
    pub(crate) use loom::sync::atomic::AtomicU64;
    pub(crate) use loom::sync::{Arc, Mutex, MutexGuard};

    pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().expect("loom stops at the first panic")
    }
}
