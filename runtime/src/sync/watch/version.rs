//! The number of the current value, and whether another can come.

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

/// All senders are gone. Set once, by the last of them.
const CLOSED: usize = 1;
/// One value sent; the number wraps.
const STEP: usize = 2;

/// The number of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Version(usize);

/// What the channel says at one moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Snapshot {
    pub(super) version: Version,
    pub(super) is_closed: bool,
}

#[derive(Debug)]
pub(super) struct State(AtomicUsize);

impl Version {
    /// The one before: nobody who has seen it has seen this.
    pub(super) fn previous(self) -> Version {
        Version(self.0.wrapping_sub(STEP))
    }
}

impl State {
    pub(super) fn new() -> Self {
        State(AtomicUsize::new(0))
    }

    pub(super) fn load(&self) -> Snapshot {
        // Acquire: pairs with the Release of `next` and `close`.
        let word = self.0.load(Ordering::Acquire);
        Snapshot {
            version: Version(word & !CLOSED),
            is_closed: word & CLOSED != 0,
        }
    }

    /// Says that there is a new value. While the value is locked for writing: who reads it under its
    /// lock then reads its version, too.
    pub(super) fn next(&self) {
        // Release: who sees the version and then takes the lock finds the value.
        self.0.fetch_add(STEP, Ordering::Release);
    }

    pub(super) fn close(&self) {
        // Release: who sees it sees the last version, too.
        self.0.fetch_or(CLOSED, Ordering::Release);
    }
}
