//! When the monitor sleeps: not while a worker is awake.
//!
//! The race is a worker that gets up while the monitor decides that all are asleep:
//!
//! 1. the worker clears its bit, fences, looks whether the monitor sleeps, and wakes it if so;
//! 2. the monitor says that it sleeps, fences, and looks once more whether all workers do.
//!
//! Whichever fence comes second, its side sees what the other did first. A worker gets up in this sense
//! whenever it takes its bit back, also if it saw work on its way to bed and never slept.

#[cfg(not(runtime_loom))]
use std::time::Duration;

use crate::park::Parker;
use crate::primitive::sync::atomic::{AtomicBool, Ordering, fence};

#[derive(Debug)]
pub(crate) struct Vigil {
    asleep: AtomicBool,
    parker: Parker,
}

impl Vigil {
    pub(crate) fn new() -> Self {
        Vigil {
            asleep: AtomicBool::new(false),
            parker: Parker::new(),
        }
    }

    /// For the monitor's thread, before it sleeps for the first time.
    pub(crate) fn bind(&self) {
        self.parker.bind();
    }

    /// For the monitor: sleeps if nothing is to be watched, until something is.
    pub(crate) fn sleep_if(&self, nothing_to_watch: impl Fn() -> bool) {
        self.asleep.store(true, Ordering::Relaxed);
        // SeqCst: the monitor's sleep against a worker that gets up.
        fence(Ordering::SeqCst);
        if nothing_to_watch() {
            self.parker.park();
        }
        self.asleep.store(false, Ordering::Relaxed);
    }

    /// For the monitor: sleeps until the next sample is due, or the runtime ends.
    #[cfg(not(runtime_loom))]
    pub(crate) fn nap(&self, interval: Duration) {
        self.parker.park_timeout(interval);
    }

    /// For a worker that has got up.
    pub(crate) fn worker_got_up(&self) {
        // SeqCst: a worker that gets up against the monitor's sleep.
        fence(Ordering::SeqCst);
        if self.asleep.load(Ordering::Relaxed) && self.asleep.swap(false, Ordering::Relaxed) {
            self.parker.unpark();
        }
    }

    /// Wakes the monitor whatever it does.
    pub(crate) fn wake(&self) {
        self.parker.unpark();
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Vigil;
    use crate::primitive::sync::Arc;
    use crate::primitive::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn loom_a_worker_that_gets_up_is_watched() {
        loom::model(|| {
            let shared = Arc::new((Vigil::new(), AtomicBool::new(true)));
            let worker = {
                let shared = shared.clone();
                loom::thread::spawn(move || {
                    shared.1.store(false, Ordering::Relaxed);
                    shared.0.worker_got_up();
                })
            };
            shared.0.bind();
            // A lost wake-up shows as a deadlock.
            while shared.1.load(Ordering::Relaxed) {
                shared.0.sleep_if(|| shared.1.load(Ordering::Relaxed));
            }
            worker.join().expect("the worker ends");
        });
    }
}
