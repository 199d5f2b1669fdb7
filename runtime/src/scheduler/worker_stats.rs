//! What each worker counts: plain stores by its owner, read by anybody at any time.

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// A counter that one thread writes.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// For the owner alone: no read-modify-write.
    pub(super) fn add(&self, count: u64) {
        let next = self.0.load(Ordering::Relaxed) + count;
        self.0.store(next, Ordering::Relaxed);
    }

    pub(super) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of one worker. They are brought up to date every few dozen polls and before sleep.
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
