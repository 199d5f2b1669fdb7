//! What the driving thread counts between two turns to timers and sockets.

use crate::clock;
use crate::coop;
use crate::scheduler::worker_stats::{Stretch, WorkerStats};

/// The stretch under way. It began when the thread started to drive, got up, or turned to events.
#[derive(Debug, Default)]
pub(super) struct Count {
    since_ns: u64,
    polls: u32,
}

impl Count {
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

    /// Brings the counters up to date, with so many tasks that this thread has queued, and starts the next stretch.
    pub(super) fn end(&mut self, stats: &WorkerStats, local_schedules: u32) {
        let now_ns = clock::system_now_ns();
        stats.count_stretch(Stretch {
            polls: self.polls,
            local_schedules,
            forced_yields: coop::take_forced_yields(),
            busy_ns: now_ns.saturating_sub(self.since_ns),
        });
        self.start_at(now_ns);
    }
}
