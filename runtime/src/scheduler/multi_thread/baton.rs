//! Something that one worker has at a time, and that must not lie idle while a worker sleeps that
//! wanted it.
//!
//! The race is a worker that finds it taken for a moment and lies down. So
//!
//! 1. the worker that failed says so in `missed`, fences, and tries once more;
//! 2. whoever had it lets go, fences, and if `missed` is set calls a sleeper.
//!
//! Whichever fence comes second, its side sees what the other did first: the second try succeeds,
//! or somebody is called.

use crate::primitive::sync::atomic::{AtomicBool, Ordering, fence};
use crate::primitive::sync::{Mutex, MutexGuard};

#[derive(Debug)]
pub(super) struct Baton<T> {
    held: Mutex<T>,
    missed: AtomicBool,
}

impl<T> Baton<T> {
    pub(super) fn new(value: T) -> Self {
        Baton {
            held: Mutex::new(value),
            missed: AtomicBool::new(false),
        }
    }

    /// Takes it; `None` if somebody has it.
    pub(super) fn try_take(&self) -> Option<MutexGuard<'_, T>> {
        self.held.try_lock()
    }

    /// Takes it, or sees to it that a sleeper is called when it is put down.
    pub(super) fn take_or_be_called(&self) -> Option<MutexGuard<'_, T>> {
        self.missed.store(true, Ordering::Relaxed);
        // SeqCst: `missed` against put_down().
        fence(Ordering::SeqCst);
        self.held.try_lock()
    }

    /// Lets go; `true` if a sleeper must be called to take it.
    #[must_use]
    pub(super) fn put_down(&self, held: MutexGuard<'_, T>) -> bool {
        drop(held);
        // SeqCst: letting go against `missed`.
        fence(Ordering::SeqCst);
        self.missed.load(Ordering::Relaxed) && self.missed.swap(false, Ordering::Relaxed)
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::super::park::{Rouse, Sleeper};
    use super::Baton;
    use crate::primitive::sync::Arc;

    #[test]
    fn loom_whoever_missed_it_takes_it_or_is_called() {
        loom::model(|| {
            let shared = Arc::new((Baton::new(()), Sleeper::new()));
            let busy = {
                let shared = shared.clone();
                loom::thread::spawn(move || {
                    let (baton, sleeper) = &*shared;
                    if let Some(held) = baton.try_take() {
                        if baton.put_down(held) {
                            assert_eq!(sleeper.unpark(), Rouse::Nothing, "it does not poll");
                        }
                    }
                })
            };
            let (baton, sleeper) = &*shared;
            if baton.try_take().is_none() && baton.take_or_be_called().is_none() {
                sleeper.bind();
                sleeper.park();
                assert!(baton.try_take().is_some(), "called for nothing");
            }
            busy.join().expect("the busy one ends");
        });
    }
}
