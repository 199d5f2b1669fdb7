//! What a monitor has counted.

use std::time::Duration;

use crate::clock;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// So long after a refusal was told no other is.
const QUIET_NS: u64 = 5_000_000_000;

#[derive(Debug, Default)]
pub(crate) struct Tally {
    stalls: AtomicU64,
    rescues: AtomicU64,
    longest_ns: AtomicU64,
    refusals: AtomicU64,
    quiet_until_ns: AtomicU64,
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

    /// The system gives no thread. Whoever wakes a seat that has none tries again, and the monitor does at each sample; say so
    /// now and then.
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
        self.refusals.fetch_add(1, Ordering::Relaxed);
        if self.may_tell() {
            crate::util::say::say(format!(
                "runtime: tasks wait behind threads that are stuck or block in place, and no other comes: {why}"
            ));
        }
    }

    /// Whether none has been told lately. Of those who ask at once, one may.
    fn may_tell(&self) -> bool {
        let now = clock::system_now_ns();
        // Relaxed, here and below: nothing but the time itself goes with it.
        let quiet_until = self.quiet_until_ns.load(Ordering::Relaxed);
        let next = now.saturating_add(QUIET_NS);
        now >= quiet_until
            && self
                .quiet_until_ns
                .compare_exchange(quiet_until, next, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
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
