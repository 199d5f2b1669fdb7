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

    pub(crate) fn stall(&self, elapsed: Duration, first: bool) {
        self.stalls.fetch_add(u64::from(first), Ordering::Relaxed);
        let ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.longest_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// The system gives no thread for a spare. The monitor tries again at each
    /// sample; say so now and then.
    pub(crate) fn no_thread(&self, error: &std::io::Error) {
        self.refused(format_args!(
            "no thread can be had: {error}: raise the limit of threads"
        ));
    }

    /// There are as many threads as there may be, and all are stuck or block in place.
    pub(crate) fn too_many_threads(&self, limit: usize) {
        self.refused(format_args!(
            "all {limit} threads that there may be are stuck or block: raise `max_spares`, or let \
             fewer tasks block"
        ));
    }

    /// Says why a spare worker does not come: on a thread of its own, as standard error may block.
    fn refused(&self, why: std::fmt::Arguments<'_>) {
        if self.refusals.fetch_add(1, Ordering::Relaxed) % REFUSALS_TOLD == 0 {
            crate::util::say::say(format!(
                "runtime: tasks wait behind threads that are stuck or block in place, and no other comes: {why}"
            ));
        }
    }

    pub(crate) fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
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
