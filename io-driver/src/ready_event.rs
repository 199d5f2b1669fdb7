//! A reading of a registration's readiness, dated by its tick.

use crate::{Interest, Ready};

/// Readiness as it was at one moment.
///
/// Handed out by [`Registration::poll_ready`](crate::Registration::poll_ready) and
/// [`Registration::ready`](crate::Registration::ready), and given back to
/// [`Registration::clear_readiness`](crate::Registration::clear_readiness) when the
/// source turned out not to be ready. The date in it keeps the clearing from wiping out
/// an event that came in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an operation should follow, and `clear_readiness` if it would block"]
pub struct ReadyEvent {
    pub(crate) tick: u64,
    pub(crate) ready: Ready,
}

impl ReadyEvent {
    /// Returns the flags that were set, of those that were asked about.
    pub const fn ready(&self) -> Ready {
        self.ready
    }

    /// Returns the same event narrowed to the flags in `ready`, for clearing only these.
    pub fn only(self, ready: Ready) -> ReadyEvent {
        ReadyEvent {
            tick: self.tick,
            ready: self.ready & ready,
        }
    }
}

/// One of the two directions that have a waiter's slot of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Reading, accepting, receiving.
    Read,
    /// Writing, connecting, sending.
    Write,
}

impl Direction {
    pub(crate) const fn mask(self) -> Ready {
        match self {
            Direction::Read => Ready::that_satisfies(Interest::READABLE),
            Direction::Write => Ready::that_satisfies(Interest::WRITABLE),
        }
    }
}
