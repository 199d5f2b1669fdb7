//! What the builder has settled and both schedulers go by.

use std::fmt;
use std::time::Duration;

use super::{Scale, StallReport, TaskHooks};
use crate::current::Origin;
use crate::primitive::sync::Arc;
use crate::roster::Roster;
use crate::util::callback::Callback;
use crate::util::random::SeedSource;

/// A function that is told of stuck tasks.
pub(crate) type OnStall = Arc<dyn Fn(&StallReport) + Send + Sync>;

/// What the monitor goes by.
#[derive(Clone)]
pub(crate) struct Vigilance {
    /// Whether others are helped past a stuck worker.
    pub(crate) rescue: bool,
    /// A worker that is in one poll for longer is stuck.
    pub(crate) rescue_threshold: Duration,
    /// A poll that lasts longer is reported.
    pub(crate) stall_threshold: Duration,
    pub(crate) on_stall: Option<OnStall>,
    /// Whether a stuck thread is asked for its stack.
    pub(crate) backtrace: bool,
}

impl Vigilance {
    /// How often to sample: often enough for either threshold.
    pub(crate) fn interval(&self) -> Duration {
        let for_rescue = self.rescue_threshold / 2;
        let for_reports = self.stall_threshold / 8;
        for_rescue.min(for_reports).max(Duration::from_millis(1))
    }

    /// Whether anybody hears of stalls.
    pub(crate) fn wants_reports(&self) -> bool {
        self.on_stall.is_some() || cfg!(feature = "tracing")
    }
}

impl fmt::Debug for Vigilance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vigilance")
            .field("rescue", &self.rescue)
            .field("rescue_threshold", &self.rescue_threshold)
            .field("stall_threshold", &self.stall_threshold)
            .finish_non_exhaustive()
    }
}

/// The settings of a scheduler.
#[derive(Debug)]
pub(crate) struct Config {
    /// The process whose threads run it.
    pub(crate) origin: Origin,
    /// What the user calls the runtime.
    pub(crate) name: Option<String>,
    /// The threads that it has started.
    pub(crate) roster: Arc<Roster>,
    /// Polls between two looks at the injector while a worker has tasks of its own.
    pub(crate) global_queue_interval: u32,
    /// Polls between two looks at timers and I/O.
    pub(crate) event_interval: u32,
    pub(crate) max_io_events: usize,
    /// The same for a turn of a worker that has tasks to run.
    pub(crate) max_busy_io_events: usize,
    pub(crate) lifo_slot: bool,
    /// Whether a task's panic ends a current-thread runtime.
    pub(crate) panics_shut_down: bool,
    pub(crate) seeds: SeedSource,
    /// How polls are sorted by their times, if they are timed.
    pub(crate) poll_times: Option<Scale>,
    pub(crate) vigilance: Vigilance,
    pub(crate) task_hooks: TaskHooks,
    pub(crate) on_thread_start: Callback,
    pub(crate) on_thread_stop: Callback,
    pub(crate) on_thread_park: Callback,
    pub(crate) on_thread_unpark: Callback,
}

impl Config {
    /// The name of the thread that watches; the user's names are for those that run tasks.
    pub(crate) fn monitor_name(&self) -> String {
        format!("{}-monitor", self.name.as_deref().unwrap_or("rt"))
    }

    /// The name of the thread that tells what the other has seen.
    pub(crate) fn reporter_name(&self) -> String {
        format!("{}-reporter", self.name.as_deref().unwrap_or("rt"))
    }
}

#[cfg(test)]
impl Config {
    /// For tests: no hooks, and thresholds that nothing reaches.
    pub(super) fn plain() -> Self {
        let never = Duration::from_secs(24 * 60 * 60);
        Config {
            origin: Origin::here(),
            name: None,
            roster: Arc::default(),
            global_queue_interval: 31,
            event_interval: 61,
            max_io_events: 64,
            max_busy_io_events: 64,
            lifo_slot: true,
            panics_shut_down: false,
            seeds: SeedSource::new(0),
            poll_times: None,
            vigilance: Vigilance {
                rescue: true,
                rescue_threshold: never,
                stall_threshold: never,
                on_stall: None,
                backtrace: false,
            },
            task_hooks: TaskHooks::default(),
            on_thread_start: Callback::default(),
            on_thread_stop: Callback::default(),
            on_thread_park: Callback::default(),
            on_thread_unpark: Callback::default(),
        }
    }
}
