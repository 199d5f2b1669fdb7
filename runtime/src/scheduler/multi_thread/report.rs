//! Tells of a stuck task while it is stuck.

use std::num::NonZeroU64;
use std::time::Duration;

use super::monitor::Monitor;
use super::shared::Shared;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};
use crate::raw_task::Id;
use crate::scheduler::StallReport;
use crate::util::panic::contain;

/// How often the system's refusal of a thread is told, at most.
const REFUSALS_TOLD: u64 = 1_000;

/// What the monitor has counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    stalls: AtomicU64,
    rescues: AtomicU64,
    longest_ns: AtomicU64,
    refusals: AtomicU64,
}

impl Tally {
    pub(super) fn rescue(&self) {
        self.rescues.fetch_add(1, Ordering::Relaxed);
    }

    fn stall(&self, elapsed: Duration, first: bool) {
        self.stalls.fetch_add(u64::from(first), Ordering::Relaxed);
        let ns = u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX);
        self.longest_ns.fetch_max(ns, Ordering::Relaxed);
    }

    /// No thread can be had for a spare. The monitor tries again at each sample; say so now and then.
    pub(super) fn no_thread(&self, error: &std::io::Error) {
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

impl Monitor {
    /// Reports the poll that a worker is in.
    pub(super) fn report(&self, worker: usize, first: bool) {
        let elapsed = self.seen[worker].stuck_for;
        self.shared.tally.stall(elapsed, first);
        let Some(report) = self.describe(worker) else {
            return;
        };
        #[cfg(feature = "tracing")]
        trace(&report);
        if let Some(on_stall) = &self.shared.config.vigilance.on_stall {
            contain(|| on_stall(&report));
        }
    }

    fn describe(&self, worker: usize) -> Option<StallReport> {
        let seen = &self.seen[worker];
        let poll = seen.poll?;
        Some(StallReport {
            task_id: Id::from_number(poll.task)?,
            name: poll
                .is_named
                .then(|| self.shared.name_of(poll.task))
                .flatten(),
            location: poll.location,
            parent: NonZeroU64::new(poll.parent).and_then(|parent| Id::from_number(parent.get())),
            elapsed: seen.stuck_for,
            on_cpu: self.is_on_cpu(worker),
            worker,
        })
    }

    /// Whether the thread has been on a CPU for most of the stall.
    fn is_on_cpu(&self, worker: usize) -> Option<bool> {
        let seen = &self.seen[worker];
        let now = self.shared.workers[worker].cpu_time()?;
        let used = now.saturating_sub(seen.cpu_before?);
        Some(u128::from(used) * 4 > seen.stuck_for.as_nanos())
    }
}

#[cfg(feature = "tracing")]
fn trace(report: &StallReport) {
    let elapsed_ms = u64::try_from(report.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::event!(
        target: "runtime::stall",
        tracing::Level::WARN,
        task.id = report.task_id().get(),
        task.name = report.name(),
        loc.file = report.location().file(),
        loc.line = report.location().line(),
        elapsed_ms,
        on_cpu = report.on_cpu(),
        worker = report.worker(),
        "{report}"
    );
}

impl Shared {
    /// Searches the live lists for a task's name; only for tasks that have one.
    fn name_of(&self, task: u64) -> Option<String> {
        self.homes.iter().find_map(|home| home.live.name_of(task))
    }
}
