//! How a seat sleeps: its thread on a parker, its thread in the poll of a reactor, or without a thread.
//!
//! | state | meaning | set by |
//! |---|---|---|
//! | `EMPTY` | awake, no token | the holder, on leaving its sleep; whoever takes a vacant seat |
//! | `PARKED` | its thread is on its parker | the holder, from `EMPTY` only |
//! | `POLLING` | its thread is in a poll | the holder, from `EMPTY` only |
//! | `VACANT` | it has no thread | who gives the seat up, from `EMPTY` only |
//! | `NOTIFIED` | a token waits | anybody, by [`Sleeper::unpark`] |
//!
//! One word says both that there is a token and how the seat must be woken, so a token that is
//! left while the holder chooses its bed is never missed: from `NOTIFIED` it does not lie down. An
//! unpark that finds the holder awake costs no system call.

use crate::park::Parker;
use crate::primitive::sync::atomic::{AtomicU32, Ordering};

const EMPTY: u32 = 0;
const PARKED: u32 = 1;
const POLLING: u32 = 2;
const VACANT: u32 = 3;
const NOTIFIED: u32 = 4;

/// What is left to do for who has left a token.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rouse {
    Nothing,
    /// End the poll that its thread sleeps in.
    EndPoll,
    /// Call a thread for the seat.
    CallThread,
}

#[derive(Debug)]
pub(super) struct Sleeper {
    state: AtomicU32,
    parker: Parker,
}

impl Sleeper {
    pub(super) fn new() -> Self {
        Sleeper {
            state: AtomicU32::new(EMPTY),
            parker: Parker::new(),
        }
    }

    /// Makes the calling thread the worker that sleeps here.
    pub(super) fn bind(&self) {
        self.parker.bind();
    }

    /// Sleeps on the parker until it is unparked; for the worker itself.
    pub(super) fn park(&self) {
        if self.lie_down(PARKED) {
            // Acquire: pairs with unpark(); the parker may return for an older token.
            while self.state.load(Ordering::Acquire) != NOTIFIED {
                self.parker.park();
            }
        }
        self.get_up();
    }

    /// Says that the worker goes into the poll; `false` if a token waits, so that it must not
    /// block there.
    pub(super) fn start_polling(&self) -> bool {
        self.lie_down(POLLING)
    }

    /// Says that the worker has left the poll.
    pub(super) fn stop_polling(&self) {
        self.get_up();
    }

    /// Says that the seat has no thread; `false` if a token waits.
    pub(super) fn stand_empty(&self) -> bool {
        self.lie_down(VACANT)
    }

    /// For whoever has taken a vacant seat: takes the token that was left for it, if any.
    pub(super) fn rise(&self) {
        self.get_up();
    }

    /// Leaves a token, and wakes a thread that is parked.
    pub(super) fn unpark(&self) -> Rouse {
        // AcqRel: publishes the reason; sees that the parker names its thread if it parked.
        match self.state.swap(NOTIFIED, Ordering::AcqRel) {
            PARKED => self.parker.unpark(),
            POLLING => return Rouse::EndPoll,
            VACANT => return Rouse::CallThread,
            _ => {}
        }
        Rouse::Nothing
    }

    fn lie_down(&self, bed: u32) -> bool {
        // AcqRel: takes the reason for a token that is there.
        self.state
            .compare_exchange(EMPTY, bed, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    fn get_up(&self) {
        // Acquire: pairs with the Release half of unpark().
        self.state.swap(EMPTY, Ordering::Acquire);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::{Rouse, Sleeper};
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn loom_a_token_is_seen_on_either_bed() {
        loom::model(|| {
            let sleeper = Arc::new(Sleeper::new());
            let rung = Arc::new(AtomicBool::new(false));
            let waker = {
                let (sleeper, rung) = (sleeper.clone(), rung.clone());
                loom::thread::spawn(move || {
                    if sleeper.unpark() == Rouse::EndPoll {
                        rung.store(true, Ordering::Release);
                    }
                })
            };
            if sleeper.start_polling() {
                // A poll that ends only when it is rung.
                while !rung.load(Ordering::Acquire) {
                    loom::thread::yield_now();
                }
                sleeper.stop_polling();
            } else {
                sleeper.stop_polling();
                assert!(!rung.load(Ordering::Acquire), "rung though not in the poll");
            }
            waker.join().expect("the waker ends");
        });
    }

    #[test]
    fn loom_an_unpark_ends_a_park() {
        loom::model(|| {
            let sleeper = Arc::new(Sleeper::new());
            let waker = {
                let sleeper = sleeper.clone();
                loom::thread::spawn(move || assert_eq!(sleeper.unpark(), Rouse::Nothing))
            };
            sleeper.bind();
            sleeper.park();
            waker.join().expect("the waker ends");
        });
    }
}
