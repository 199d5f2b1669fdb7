//! How long a poll takes on average here, so that a worker can tell whether tasks are worth waking
//! another for.
//!
//! The kernel likes to put the woken thread on the waker's own core. If polls are short, it takes
//! what there is, is done and sleeps again before its waker gets to push the next task, which wakes it
//! again: two context switches for a handful of polls.

use std::cell::Cell;

/// A batch that is expected to keep its worker busy for longer is shared; waking a thread costs
/// some microseconds on either side.
const WORTH_SHARING_NS: u64 = 50_000;

/// Polls shorter than this on average are not worth taking to another core: fetching what belongs to a
/// task takes as long.
const BRISK_NS: u64 = 500;

/// A stretch with more pushes than so many times its polls was spent on spawning, and says nothing of
/// how long a poll takes. That cannot last: what is pushed is polled.
const SPAWNING: u32 = 4;

/// The weight of the past in the moving average, as a power of two.
const MEMORY: u32 = 2;

#[derive(Debug)]
pub(super) struct Pace {
    average_ns: Cell<u64>,
    since_ns: Cell<u64>,
    polls: Cell<u32>,
    pushes: Cell<u32>,
}

impl Pace {
    /// Nothing is known yet: any batch is worth sharing.
    pub(super) fn new() -> Self {
        Pace {
            average_ns: Cell::new(WORTH_SHARING_NS),
            since_ns: Cell::new(0),
            polls: Cell::new(0),
            pushes: Cell::new(0),
        }
    }

    /// The worker has got up.
    pub(super) fn start(&self, now_ns: u64) {
        self.since_ns.set(now_ns);
        self.polls.set(0);
        self.pushes.set(0);
    }

    #[inline]
    pub(super) fn count_poll(&self) {
        self.polls.set(self.polls.get() + 1);
    }

    /// A task has entered the worker's own queue.
    #[inline]
    pub(super) fn count_push(&self) {
        self.pushes.set(self.pushes.get() + 1);
    }

    /// Ends a stretch of work and starts the next; answers with its polls and nanoseconds.
    pub(super) fn measure(&self, now_ns: u64) -> (u32, u64) {
        let polls = self.polls.get();
        let elapsed = now_ns.saturating_sub(self.since_ns.get());
        let spawning = self.pushes.get() > polls.saturating_mul(SPAWNING);
        if polls > 0 && !spawning {
            let new = elapsed / u64::from(polls);
            let old = self.average_ns.get();
            // A stretch of slow polls counts at once, one of fast polls by and by.
            let average = new.max(old - (old >> MEMORY) + (new >> MEMORY));
            self.average_ns.set(average);
        }
        self.start(now_ns);
        (polls, elapsed)
    }

    /// Whether polls are so short that another worker would only get in the way.
    #[inline]
    pub(super) fn is_brisk(&self) -> bool {
        self.average_ns.get() < BRISK_NS
    }

    /// Whether so many polls are expected to take long enough to wake another worker.
    pub(super) fn is_worth_sharing(&self, tasks: usize) -> bool {
        !self.is_brisk() && self.average_ns.get().saturating_mul(tasks as u64) > WORTH_SHARING_NS
    }
}

#[cfg(test)]
mod tests {
    use super::Pace;

    #[test]
    fn an_unknown_pace_shares_any_batch_of_two() {
        let pace = Pace::new();
        assert!(pace.is_worth_sharing(2));
        assert!(!pace.is_worth_sharing(1));
    }

    /// Ends a stretch of `polls` that took `ns` each and pushed `pushes` tasks in all.
    fn stretch(pace: &Pace, polls: u32, ns: u64, pushes: u32) {
        pace.start(0);
        (0..polls).for_each(|_| pace.count_poll());
        (0..pushes).for_each(|_| pace.count_push());
        pace.measure(u64::from(polls) * ns);
    }

    #[test]
    fn brisk_polls_call_nobody_however_many_wait() {
        let pace = Pace::new();
        assert!(!pace.is_brisk(), "nothing is known yet");
        (0..40).for_each(|_| stretch(&pace, 61, 100, 61));
        assert!(pace.is_brisk());
        assert!(!pace.is_worth_sharing(1_000_000));
        stretch(&pace, 61, 1_000, 0);
        assert!(!pace.is_brisk());
    }

    #[test]
    fn a_poll_that_spawns_many_is_not_taken_for_a_slow_one() {
        let pace = Pace::new();
        (0..40).for_each(|_| stretch(&pace, 61, 100, 0));
        stretch(&pace, 1, 1_000_000, 10_000);
        assert!(pace.is_brisk());
        stretch(&pace, 1, 1_000_000, 1);
        assert!(!pace.is_brisk());
    }

    #[test]
    fn fast_polls_stop_the_sharing_and_one_slow_stretch_brings_it_back() {
        let pace = Pace::new();
        for round in 0..20 {
            pace.start(round * 100_000);
            (0..50).for_each(|_| pace.count_poll());
            assert_eq!(pace.measure(round * 100_000 + 50_000), (50, 50_000));
        }
        assert!(!pace.is_worth_sharing(20), "1 us a poll");
        pace.count_poll();
        let (polls, _) = pace.measure(10_000_000);
        assert_eq!(polls, 1);
        assert!(pace.is_worth_sharing(2));
    }
}
