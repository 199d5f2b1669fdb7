//! A lock for a handful of instructions: it is let go of by a plain store.
//!
//! It spins, and yields the thread if that does not help; whoever holds it runs no user code
//! and makes no system call. An ordinary mutex lets go by a read-modify-write, because
//! somebody may sleep on it.
//!
//! loom cannot follow a thread that spins: a model has a mutex in its place.

use std::cell::UnsafeCell;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Looks at a taken lock before the thread yields.
const SPINS: u32 = 64;

pub(crate) struct BriefLock<T> {
    taken: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: the lock lets one thread at a time at the value.
unsafe impl<T: Send> Send for BriefLock<T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for BriefLock<T> {}

/// Access to the value; lets go when dropped.
pub(crate) struct BriefGuard<'a, T> {
    lock: &'a BriefLock<T>,
    value: *mut T,
}

impl<T> BriefLock<T> {
    pub(crate) const fn new(value: T) -> Self {
        BriefLock {
            taken: AtomicBool::new(false),
            value: UnsafeCell::new(value),
        }
    }

    #[inline]
    pub(crate) fn lock(&self) -> BriefGuard<'_, T> {
        // Acquire: pairs with the Release of the guard's drop.
        if self.taken.swap(true, Ordering::Acquire) {
            self.lock_slow();
        }
        BriefGuard {
            lock: self,
            value: self.value.get(),
        }
    }

    #[cold]
    fn lock_slow(&self) {
        let looks_taken = || self.taken.load(Ordering::Relaxed);
        loop {
            for _ in (0..SPINS).take_while(|_| looks_taken()) {
                std::hint::spin_loop();
            }
            if !self.taken.swap(true, Ordering::Acquire) {
                return;
            }
            thread::yield_now();
        }
    }
}

impl<T> Deref for BriefGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the lock is held.
        unsafe { &*self.value }
    }
}

impl<T> DerefMut for BriefGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the lock is held, and the guard is borrowed mutably.
        unsafe { &mut *self.value }
    }
}

impl<T> Drop for BriefGuard<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // Release: publishes what was done under the lock.
        self.lock.taken.store(false, Ordering::Release);
    }
}

impl<T> fmt::Debug for BriefLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BriefLock").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::BriefLock;
    use std::sync::Arc;

    #[test]
    fn one_thread_at_a_time_holds_it() {
        const ROUNDS: usize = 20_000;
        let lock = Arc::new(BriefLock::new((0, 0)));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let lock = lock.clone();
                std::thread::spawn(move || {
                    for _ in 0..ROUNDS {
                        let mut pair = lock.lock();
                        pair.0 += 1;
                        let seen = std::hint::black_box(pair.0);
                        pair.1 += 1;
                        assert_eq!(pair.1, seen, "two at once");
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(*lock.lock(), (4 * ROUNDS, 4 * ROUNDS));
    }
}
