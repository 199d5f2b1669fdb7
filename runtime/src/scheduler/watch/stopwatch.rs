//! How long a worker has been in one poll: a pure state machine, fed with samples.

use std::time::Duration;

use super::epoch::Poll;

/// After this many samples' worth of time a sample is late: the machine was suspended, the process
/// throttled or the watcher starved. Time that nobody watched is not held against a task: a late sample
/// counts as one that came when it should have. As two samples at least make the threshold for a rescue,
/// no single one does.
const LATE_AFTER: u32 = 2;

/// What is known of one worker.
#[derive(Debug, Default)]
pub(crate) struct Stopwatch {
    number: u64,
    stuck_for: Duration,
    next_report: Duration,
}

/// What a sample has found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// How long the worker has been in this poll, as far as it was watched.
    pub(crate) stuck_for: Duration,
    /// Whether the next sample may be the one to report it; once for each report.
    pub(crate) report_is_near: bool,
    /// Whether it is time to report it: at the threshold, and each time it has doubled.
    pub(crate) report: bool,
    /// Whether this is the first report on this poll.
    pub(crate) first: bool,
}

impl Stopwatch {
    /// Takes a sample, `elapsed` after the one before, which should have been `interval`.
    pub(crate) fn observe(
        &mut self,
        poll: Option<Poll>,
        elapsed: Duration,
        interval: Duration,
        threshold: Duration,
    ) -> Finding {
        let before = self.stuck_for;
        match poll {
            Some(poll) if poll.number == self.number => {
                self.stuck_for += match elapsed < interval * LATE_AFTER {
                    true => elapsed,
                    false => interval,
                };
            }
            other => {
                self.number = other.map_or(0, |poll| poll.number);
                self.stuck_for = Duration::ZERO;
                self.next_report = threshold;
            }
        }
        let report = !self.stuck_for.is_zero() && self.stuck_for >= self.next_report;
        let first = report && self.next_report == threshold;
        if report {
            while self.next_report <= self.stuck_for {
                self.next_report = self.next_report.saturating_mul(2).max(interval);
            }
        }
        let is_near = |stuck_for: Duration| {
            !stuck_for.is_zero() && stuck_for + interval * LATE_AFTER >= self.next_report
        };
        Finding {
            stuck_for: self.stuck_for,
            report_is_near: is_near(self.stuck_for) && !is_near(before),
            report,
            first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Finding, Poll, Stopwatch};
    use std::time::Duration;

    const INTERVAL: Duration = Duration::from_millis(5);
    const THRESHOLD: Duration = Duration::from_millis(20);

    fn poll(number: u64) -> Option<Poll> {
        Some(Poll { number, task: 1 })
    }

    fn observe(watch: &mut Stopwatch, number: u64, elapsed_ms: u64) -> Finding {
        let elapsed = Duration::from_millis(elapsed_ms);
        watch.observe(poll(number), elapsed, INTERVAL, THRESHOLD)
    }

    #[test]
    fn reports_come_at_the_threshold_and_at_each_doubling() {
        let mut watch = Stopwatch::default();
        let reports: Vec<u128> = (0..40)
            .map(|_| observe(&mut watch, 1, 5))
            .filter(|finding| finding.report)
            .map(|finding| finding.stuck_for.as_millis())
            .collect();
        assert_eq!(reports, [20, 40, 80, 160]);
    }

    #[test]
    fn another_poll_starts_anew() {
        let mut watch = Stopwatch::default();
        for number in [1, 3, 5, 7, 9] {
            assert_eq!(observe(&mut watch, number, 5).stuck_for, Duration::ZERO);
        }
        for _ in 0..4 {
            observe(&mut watch, 9, 5);
        }
        assert!(!observe(&mut watch, 11, 5).report);
        let found: Vec<bool> = (0..4).map(|_| observe(&mut watch, 11, 5).first).collect();
        assert_eq!(found, [false, false, false, true]);
    }

    #[test]
    fn a_late_sample_is_not_believed() {
        let mut watch = Stopwatch::default();
        observe(&mut watch, 1, 5);
        let finding = observe(&mut watch, 1, 60_000);
        assert_eq!(finding.stuck_for, INTERVAL);
        assert!(!finding.report);
    }

    /// A throttled container lets the watcher and the task run for a moment in each period.
    #[test]
    fn no_single_sample_makes_two_intervals() {
        for elapsed_ms in 0..200 {
            let mut watch = Stopwatch::default();
            observe(&mut watch, 1, 5);
            let stuck_for = observe(&mut watch, 1, elapsed_ms).stuck_for;
            assert!(
                stuck_for < 2 * INTERVAL,
                "{elapsed_ms} ms count as {stuck_for:?}"
            );
        }
    }
}
