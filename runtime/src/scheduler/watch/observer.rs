//! What a monitor knows of one worker, from sample to sample.

use std::time::Duration;

use super::epoch::Poll;
use super::stall::Stall;
use super::stopwatch::{Finding, Stopwatch};
use super::watched::Watched;
use crate::scheduler::Vigilance;

/// One worker as its monitor sees it.
#[derive(Debug, Default)]
pub(crate) struct Observer {
    stopwatch: Stopwatch,
    poll: Option<Poll>,
    stuck_for: Duration,
    /// Nanoseconds its thread had been computing when the poll was first found to be slow.
    computed_before: Option<u64>,
}

impl Observer {
    /// Takes a sample.
    pub(crate) fn look(
        &mut self,
        watched: &Watched,
        elapsed: Duration,
        interval: Duration,
        vigilance: &Vigilance,
    ) -> Finding {
        self.poll = watched.epoch.current();
        let was_slow = self.is_slow();
        let threshold = vigilance.stall_threshold;
        let finding = self
            .stopwatch
            .observe(self.poll, elapsed, interval, threshold);
        if self.stuck_for != finding.stuck_for {
            watched.note_stuck_for(finding.stuck_for);
        }
        self.stuck_for = finding.stuck_for;
        if self.is_slow() && !was_slow {
            self.computed_before = watched.clock.computing_time();
        }
        if let (Some(poll), true) = (self.poll, finding.report_is_near && vigilance.backtrace) {
            watched.stack.ask(poll.number);
        }
        finding
    }

    /// Whether the worker has been in one poll from sample to sample.
    pub(crate) fn is_slow(&self) -> bool {
        !self.stuck_for.is_zero()
    }

    /// How long the worker has been in the poll that the last look has found.
    pub(crate) fn stuck_for(&self) -> Duration {
        self.stuck_for
    }

    /// What can be said at once of that poll.
    pub(crate) fn describe(&self, watched: &Watched, worker: usize) -> Option<Stall> {
        let poll = self.poll?;
        // A stack that was found in this poll, after which the poll went on.
        let backtrace = watched.stack.take(poll.number);
        let goes_on = watched.epoch.current() == Some(poll);
        Some(Stall {
            task: poll.task,
            elapsed: self.stuck_for,
            on_cpu: self.is_on_cpu(watched),
            worker,
            backtrace: backtrace.filter(|_| goes_on),
        })
    }

    /// Whether the thread has been computing for a good part of the stall. The system adds the time that a
    /// thread waits for a CPU only when that ends; hence not for most of it.
    fn is_on_cpu(&self, watched: &Watched) -> Option<bool> {
        let used = watched
            .clock
            .computing_time()?
            .saturating_sub(self.computed_before?);
        Some(u128::from(used) * 4 > self.stuck_for.as_nanos())
    }
}
