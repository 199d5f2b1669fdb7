//! What each worker counts: plain stores by its owner, read by anybody at any time.

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// A counter that one thread writes at a time.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// For the owner alone: no read-modify-write.
    pub(super) fn add(&self, count: u64) {
        let next = self.0.load(Ordering::Relaxed) + count;
        self.0.store(next, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of one worker, or of the threads that drive a runtime of one thread. They are brought up to date every
/// few dozen polls and before sleep.
#[derive(Debug, Default)]
pub(crate) struct WorkerStats {
    /// Polls of tasks.
    pub(crate) polls: Counter,
    /// Successful steals from other workers.
    pub(crate) steals: Counter,
    /// Times it went to sleep.
    pub(crate) parks: Counter,
    /// Times it got up from that.
    pub(crate) unparks: Counter,
    /// Polls that the coop budget cut short.
    pub(crate) forced_yields: Counter,
    /// Nanoseconds spent awake.
    pub(crate) busy_ns: Counter,
}

impl WorkerStats {
    /// For the owner, at the end of a stretch of so many polls.
    pub(super) fn count_stretch(&self, polls: u32, busy_ns: u64, forced_yields: u64) {
        self.polls.add(u64::from(polls));
        self.busy_ns.add(busy_ns);
        self.forced_yields.add(forced_yields);
    }
}
