//! A thread that sleeps until somebody wakes it.
//!
//! The states, and who may change them:
//!
//! | state | meaning | set by |
//! |---|---|---|
//! | `EMPTY` | awake, no token | the owner, on leaving [`Parker::park`] |
//! | `PARKED` | asleep or about to be | the owner, from `EMPTY` only |
//! | `NOTIFIED` | a token waits | anybody, by [`Parker::unpark`] |
//!
//! The race is an `unpark` between the owner's last look for work and its sleep. Both sides
//! swap the one word, so they are ordered: either the owner finds `NOTIFIED` and does not
//! sleep, or `unpark` finds `PARKED` and wakes the thread. std keeps a token of its own per
//! thread; a task that calls `std::thread::park` can eat only what was sent while our state was
//! `PARKED`, when no task runs.

#[cfg(not(runtime_loom))]
use std::time::Duration;

use crate::primitive::sync::atomic::{AtomicU32, Ordering};
use crate::primitive::sync::{Arc, Mutex};
use crate::primitive::thread::{self, Thread};

const EMPTY: u32 = 0;
const PARKED: u32 = 1;
const NOTIFIED: u32 = 2;

/// The place where one thread at a time sleeps.
#[derive(Debug)]
pub(crate) struct Parker {
    state: AtomicU32,
    owner: Mutex<Option<Thread>>,
}

impl Parker {
    pub(crate) fn new() -> Self {
        Parker {
            state: AtomicU32::new(EMPTY),
            owner: Mutex::new(None),
        }
    }

    /// Makes the calling thread the one that sleeps here. Its former owner does so no more.
    pub(crate) fn bind(&self) {
        *self.owner.lock() = Some(thread::current());
    }

    /// Sleeps until [`unpark`](Self::unpark); for the thread that has bound it.
    pub(crate) fn park(&self) {
        // AcqRel: takes what the waker wrote, if a token waits.
        match self
            .state
            .compare_exchange(EMPTY, PARKED, Ordering::AcqRel, Ordering::Acquire)
        {
            Ok(_) => self.sleep(),
            Err(state) => debug_assert_eq!(state, NOTIFIED),
        }
        // Acquire: pairs with the Release half of unpark().
        self.state.swap(EMPTY, Ordering::Acquire);
    }

    /// As [`park`](Self::park), but for no longer than `timeout`; it may return sooner.
    #[cfg(not(runtime_loom))]
    pub(crate) fn park_timeout(&self, timeout: Duration) {
        // AcqRel: as in park().
        let parked =
            self.state
                .compare_exchange(EMPTY, PARKED, Ordering::AcqRel, Ordering::Acquire);
        if parked.is_ok() {
            thread::park_timeout(timeout);
        }
        // Acquire: pairs with the Release half of unpark().
        self.state.swap(EMPTY, Ordering::Acquire);
    }

    #[cold]
    fn sleep(&self) {
        loop {
            thread::park();
            // Acquire: pairs with unpark(); anything but NOTIFIED is a spurious return.
            if self.state.load(Ordering::Acquire) == NOTIFIED {
                return;
            }
        }
    }

    /// Makes the present or the next [`park`](Self::park) return.
    pub(crate) fn unpark(&self) {
        // AcqRel: publishes the reason for waking.
        if self.state.swap(NOTIFIED, Ordering::AcqRel) == PARKED {
            let owner = self.owner.lock().clone();
            owner.expect("a parker is bound before it is used").unpark();
        }
    }
}

/// A parker of the calling thread, lent to one loop on its stack.
///
/// A loop further up the stack gets another: it would swallow the tokens of the one below.
#[cfg(not(runtime_loom))]
#[derive(Debug)]
pub(crate) struct Lent(Arc<Parker>);

#[cfg(not(runtime_loom))]
thread_local! {
    /// One parker a thread, kept from loop to loop; `None` while it is lent.
    static KEPT: std::cell::Cell<Option<Arc<Parker>>> = const { std::cell::Cell::new(None) };
}

/// Lends a parker to the calling thread, which may be about to end.
#[cfg(not(runtime_loom))]
pub(crate) fn lend() -> Lent {
    let kept = KEPT.try_with(std::cell::Cell::take).ok().flatten();
    Lent(kept.unwrap_or_else(|| {
        let parker = Parker::new();
        parker.bind();
        Arc::new(parker)
    }))
}

#[cfg(not(runtime_loom))]
impl std::ops::Deref for Lent {
    type Target = Arc<Parker>;

    fn deref(&self) -> &Arc<Parker> {
        &self.0
    }
}

#[cfg(not(runtime_loom))]
impl Drop for Lent {
    fn drop(&mut self) {
        let parker = self.0.clone();
        // A thread that is about to end keeps nothing.
        let _ = KEPT.try_with(|kept| kept.set(Some(parker)));
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Parker;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn loom_unpark_races_park_and_is_not_lost() {
        loom::model(|| {
            let parker = Arc::new(Parker::new());
            let ready = Arc::new(AtomicBool::new(false));
            let waker = {
                let (parker, ready) = (parker.clone(), ready.clone());
                loom::thread::spawn(move || {
                    ready.store(true, Ordering::Relaxed);
                    parker.unpark();
                })
            };
            parker.bind();
            parker.park();
            assert!(
                ready.load(Ordering::Relaxed),
                "park returned without a token"
            );
            waker.join().expect("the waker ends");
        });
    }

    #[test]
    fn loom_two_unparks_are_one_token() {
        loom::model(|| {
            let parker = Arc::new(Parker::new());
            let others: Vec<_> = (0..2)
                .map(|_| {
                    let parker = parker.clone();
                    loom::thread::spawn(move || parker.unpark())
                })
                .collect();
            parker.bind();
            parker.park();
            for other in others {
                other.join().expect("the waker ends");
            }
        });
    }
}
