//! What the driving thread counts between two turns to timers and sockets.

use crate::clock;
use crate::coop;
use crate::scheduler::WorkerStats;

/// A stretch of polls. It begins when the thread starts to drive, has got up, or has turned to events.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    since_ns: u64,
    polls: u32,
}

impl Stretch {
    pub(super) fn start(&mut self) {
        // What was cut short here before is not ours.
        coop::take_forced_yields();
        // Not the runtime's clock, which may be paused.
        self.start_at(clock::system_now_ns());
    }

    fn start_at(&mut self, now_ns: u64) {
        self.since_ns = now_ns;
        self.polls = 0;
    }

    #[inline]
    pub(super) fn count_poll(&mut self) {
        self.polls += 1;
    }

    /// Brings the counters up to date, and starts the next stretch.
    pub(super) fn end(&mut self, stats: &WorkerStats) {
        let now_ns = clock::system_now_ns();
        let busy = now_ns.saturating_sub(self.since_ns);
        stats.count_stretch(self.polls, busy, coop::take_forced_yields());
        self.start_at(now_ns);
    }
}
