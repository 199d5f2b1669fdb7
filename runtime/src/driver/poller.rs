//! The thread in the poll: until when it sleeps, so that an earlier timer can wake it.
//!
//! The race is a timer that is set, or a worker that lies down with an earlier one, while the
//! poller computes how long to sleep:
//!
//! 1. the poller announces its deadline, fences, then looks at all timers again;
//! 2. the other sets its timer, fences, then looks at the announced deadline.
//!
//! Whichever fence comes second, its side sees what the other did first.

use super::timers::Unpark;
use crate::primitive::sync::atomic::{AtomicU64, Ordering, fence};

/// No timer is earlier than this: nobody sleeps in the poll, and whoever enters it will look.
const AWAKE: u64 = 0;

#[derive(Debug)]
pub(crate) struct Poller {
    io: io_driver::Handle,
    asleep_until: AtomicU64,
}

impl Poller {
    pub(crate) fn new(io: io_driver::Handle) -> Self {
        Poller {
            io,
            asleep_until: AtomicU64::new(AWAKE),
        }
    }

    pub(crate) fn io(&self) -> &io_driver::Handle {
        &self.io
    }

    /// Announces the deadline that `earliest` gives and answers with it, or with an earlier
    /// one that came up meanwhile.
    pub(crate) fn announce(&self, earliest: impl Fn() -> u64) -> u64 {
        let first = earliest();
        self.asleep_until
            .store(first.max(AWAKE + 1), Ordering::Relaxed);
        // SeqCst: the announcement against a timer that is set.
        fence(Ordering::SeqCst);
        first.min(earliest())
    }

    /// The poller has left the poll.
    pub(crate) fn rise(&self) {
        self.asleep_until.store(AWAKE, Ordering::Relaxed);
    }

    /// Whether somebody sleeps in the poll.
    pub(crate) fn is_asleep(&self) -> bool {
        self.asleep_until.load(Ordering::Relaxed) != AWAKE
    }

    /// Ends the poller's sleep if it would last beyond `deadline`, in nanoseconds of the clock.
    pub(crate) fn wake_before(&self, deadline: u64) {
        // SeqCst: a timer that is set against the announcement.
        fence(Ordering::SeqCst);
        if deadline < self.asleep_until.load(Ordering::Relaxed) {
            self.io.unpark();
        }
    }
}

impl Unpark for Poller {
    fn timer_became_earliest(&self, deadline_ns: u64) {
        self.wake_before(deadline_ns);
    }
}
