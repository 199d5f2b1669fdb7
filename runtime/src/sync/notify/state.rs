//! The word of a `Notify`: its phase, and how often all waiters were called.
//!
//! | from | to | by | under the lock |
//! |---|---|---|---|
//! | empty, permit | permit | [`store_permit`](State::store_permit) | no matter |
//! | permit | empty | [`take`](State::take), [`enter`](State::enter) | no matter |
//! | empty | waiting | [`enter`](State::enter) | yes |
//! | waiting | empty | [`call`](State::call), [`end_waiting`](State::end_waiting) | yes |
//!
//! [`try_call`](State::try_call) and [`call`](State::call) also count the call. Nothing but what holds the
//! lock changes a word that says "waiting".

use std::fmt;

use crate::primitive::const_unless_model;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

use super::Grant;

const PHASE: usize = 0b11;
const EMPTY: usize = 0;
/// The next to come need not wait.
const PERMIT: usize = 1;
/// Somebody is in the queue whom no call has reached.
const WAITING: usize = 2;
/// One call of `notify_waiters`; the count wraps.
const CALL: usize = 4;

pub(super) struct State(AtomicUsize);

/// How often all waiters had been called at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Calls(usize);

/// What became of a change that needs no lock as long as nobody waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(super) enum Change {
    Done,
    SomebodyWaits,
}

impl State {
    const_unless_model! {
        pub(super) const fn new() -> Self {
            State(AtomicUsize::new(EMPTY))
        }
    }

    pub(super) fn calls(&self) -> Calls {
        calls(self.load())
    }

    /// Stores a permit, of which there is at most one.
    pub(super) fn store_permit(&self) -> Change {
        self.change_unless_waiting(|word| word & !PHASE | PERMIT)
    }

    /// Counts a call which has nobody to wake.
    pub(super) fn try_call(&self) -> Change {
        self.change_unless_waiting(|word| word.wrapping_add(CALL))
    }

    /// Takes what is there for somebody who has come when `seen` calls were counted.
    pub(super) fn take(&self, seen: Calls) -> Option<Grant> {
        self.come(seen, |_| None)
    }

    /// Takes what is there, or lets somebody wait. Under the lock.
    pub(super) fn enter(&self, seen: Calls) -> Option<Grant> {
        self.come(seen, |word| {
            (word & PHASE == EMPTY).then_some(word | WAITING)
        })
    }

    /// Counts a call; whoever waits is called by it. Under the lock.
    pub(super) fn call(&self) {
        let called = |word: usize| match word & PHASE {
            WAITING => (word & !PHASE).wrapping_add(CALL),
            _ => word.wrapping_add(CALL),
        };
        let mut word = self.load();
        while let Err(actual) = self.exchange(word, called(word)) {
            word = actual;
        }
    }

    /// Says that nobody waits any more. Under the lock.
    pub(super) fn end_waiting(&self) {
        let word = self.load();
        if word & PHASE == WAITING {
            // Release: hands on what the earlier changes of the word published.
            self.0.store(word & !PHASE, Ordering::Release);
        }
    }

    fn change_unless_waiting(&self, change: impl Fn(usize) -> usize) -> Change {
        let mut word = self.load();
        loop {
            if word & PHASE == WAITING {
                return Change::SomebodyWaits;
            }
            match self.exchange(word, change(word)) {
                Ok(_) => return Change::Done,
                Err(actual) => word = actual,
            }
        }
    }

    /// Takes a call or the permit; where there is neither, makes the change that `otherwise` names.
    fn come(&self, seen: Calls, otherwise: impl Fn(usize) -> Option<usize>) -> Option<Grant> {
        let mut word = self.load();
        loop {
            if calls(word) != seen {
                return Some(Grant::Call);
            }
            let has_permit = word & PHASE == PERMIT;
            let new = if has_permit {
                Some(word & !PHASE)
            } else {
                otherwise(word)
            };
            match self.exchange(word, new?) {
                Ok(_) => return has_permit.then_some(Grant::First),
                Err(actual) => word = actual,
            }
        }
    }

    /// Acquire: pairs with the Release of `exchange` and `end_waiting`.
    fn load(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }

    fn exchange(&self, from: usize, to: usize) -> Result<usize, usize> {
        // Release: publishes what the notifier did, to whom takes the permit or sees the call. Acquire: the
        // latter's side, and on failure as in `load`.
        self.0
            .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
    }
}

fn calls(word: usize) -> Calls {
    Calls(word / CALL)
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.load() & PHASE {
            PERMIT => "permit",
            WAITING => "waiting",
            _ => "empty",
        })
    }
}
