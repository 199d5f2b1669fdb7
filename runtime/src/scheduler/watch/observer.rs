//! What a monitor knows of one worker, from sample to sample.

use std::time::Duration;

use super::epoch::Poll;
use super::stopwatch::{Finding, Stopwatch};
use super::watched::Watched;
use super::{Backtrace, StallReport, Tally};
use crate::raw_task::{Id, Meta};
use crate::scheduler::Vigilance;
use crate::util::panic::contain;

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
    /// Takes a sample. What a worker does with the runtime's knowledge is no stall: `excused`.
    pub(crate) fn look(
        &mut self,
        watched: &Watched,
        excused: bool,
        elapsed: Duration,
        interval: Duration,
        vigilance: &Vigilance,
    ) -> Finding {
        self.poll = match excused {
            true => None,
            false => watched.epoch.current(),
        };
        let was_slow = self.is_slow();
        let threshold = vigilance.stall_threshold;
        let finding = self
            .stopwatch
            .observe(self.poll, elapsed, interval, threshold);
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

    /// Tells of the poll that the last look has found. `meta_of` searches the live tasks; it finds nothing if the
    /// task has ended meanwhile, of which there is nothing to tell.
    pub(crate) fn report(
        &self,
        watched: &Watched,
        worker: usize,
        first: bool,
        tally: &Tally,
        vigilance: &Vigilance,
        meta_of: impl FnOnce(u64) -> Option<Meta>,
    ) {
        tally.stall(self.stuck_for, first);
        let Some(report) = self.describe(watched, worker, meta_of) else {
            return;
        };
        report.trace();
        if let Some(on_stall) = &vigilance.on_stall {
            contain(|| on_stall(&report));
        }
    }

    fn describe(
        &self,
        watched: &Watched,
        worker: usize,
        meta_of: impl FnOnce(u64) -> Option<Meta>,
    ) -> Option<StallReport> {
        let poll = self.poll?;
        let meta = meta_of(poll.task)?;
        Some(StallReport {
            task_id: meta.id,
            name: meta.name.map(String::from),
            location: meta.location,
            parent: Id::from_number(meta.parent),
            elapsed: self.stuck_for,
            on_cpu: self.is_on_cpu(watched),
            worker,
            backtrace: self.backtrace(watched, poll),
        })
    }

    /// The thread's stack. One that was found in this poll, after which the poll went on.
    fn backtrace(&self, watched: &Watched, poll: Poll) -> Option<Backtrace> {
        let backtrace = watched.stack.take(poll.number)?;
        (watched.epoch.current()? == poll).then_some(backtrace)
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
