//! How long a poll takes on average here, so that a worker can tell whether a batch of tasks is
//! worth waking another for.

use std::cell::Cell;

/// A batch that is expected to keep its worker busy for longer is shared; waking a thread costs
/// some microseconds on either side.
const WORTH_SHARING_NS: u64 = 50_000;

/// The weight of the past in the moving average, as a power of two.
const MEMORY: u32 = 2;

#[derive(Debug)]
pub(super) struct Pace {
    average_ns: Cell<u64>,
    since_ns: Cell<u64>,
    polls: Cell<u32>,
}

impl Pace {
    /// Nothing is known yet: any batch is worth sharing.
    pub(super) fn new() -> Self {
        Pace {
            average_ns: Cell::new(WORTH_SHARING_NS),
            since_ns: Cell::new(0),
            polls: Cell::new(0),
        }
    }

    /// The worker has got up.
    pub(super) fn start(&self, now_ns: u64) {
        self.since_ns.set(now_ns);
        self.polls.set(0);
    }

    #[inline]
    pub(super) fn count_poll(&self) {
        self.polls.set(self.polls.get() + 1);
    }

    /// Ends a stretch of work and starts the next; answers with its polls and nanoseconds.
    pub(super) fn measure(&self, now_ns: u64) -> (u32, u64) {
        let polls = self.polls.get();
        let elapsed = now_ns.saturating_sub(self.since_ns.get());
        if polls > 0 {
            let new = elapsed / u64::from(polls);
            let old = self.average_ns.get();
            // A stretch of slow polls counts at once, one of fast polls by and by.
            let average = new.max(old - (old >> MEMORY) + (new >> MEMORY));
            self.average_ns.set(average);
        }
        self.start(now_ns);
        (polls, elapsed)
    }

    /// Whether so many polls are expected to take long enough to wake another worker.
    pub(super) fn is_worth_sharing(&self, tasks: usize) -> bool {
        self.average_ns.get().saturating_mul(tasks as u64) > WORTH_SHARING_NS
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
