//! What a monitor has counted.

use std::time::Duration;

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// How often the system's refusal of a thread is told, at most.
const REFUSALS_TOLD: u64 = 1_000;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    stalls: AtomicU64,
    rescues: AtomicU64,
    longest_ns: AtomicU64,
    refusals: AtomicU64,
}

impl Tally {
    pub(crate) fn rescue(&self) {
        self.rescues.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn stall(&self, elapsed: Duration, first: bool) {
        self.stalls.fetch_add(u64::from(first), Ordering::Relaxed);
        let ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.longest_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// No thread can be had for a spare. The monitor tries again at each
    /// sample; say so now and then.
    pub(crate) fn no_thread(&self, error: &std::io::Error) {
        if self.refusals.fetch_add(1, Ordering::Relaxed) % REFUSALS_TOLD == 0 {
            eprintln!(
                "runtime: tasks wait behind stuck workers, and no thread can be had for a spare \
                 worker: {error}: raise the limit of threads"
            );
        }
    }

    pub(crate) fn stalls(&self) -> u64 {
        self.stalls.load(Ordering::Relaxed)
    }

    pub(crate) fn rescues(&self) -> u64 {
        self.rescues.load(Ordering::Relaxed)
    }

    pub(crate) fn longest_stall(&self) -> Duration {
        Duration::from_nanos(self.longest_ns.load(Ordering::Relaxed))
    }
}
