//! What is told of a task that does not come back from its poll.

use std::fmt;
use std::panic::Location;
use std::time::Duration;

use super::Backtrace;
use crate::raw_task::Id;

/// Says which task has been in one poll for too long, while it still is.
///
/// Given to the function set by [`Builder::on_stall`](crate::runtime::Builder::on_stall). It prints in one
/// line; `{:#}` adds the lines of the backtrace, if there is one.
///
/// # Examples
///
/// ```
/// use std::{sync::mpsc, time::Duration};
/// use runtime::{Builder, runtime::StallReport};
///
/// let (sender, reports) = mpsc::channel::<StallReport>();
/// let rt = Builder::new_multi_thread()
///     .stall_threshold(Duration::from_millis(5))
///     .on_stall(move |report| drop(sender.send(report.clone())))
///     .build()
///     .unwrap();
/// let (release, blocked) = mpsc::channel::<()>();
/// let stuck = rt.spawn(async move { blocked.recv() }); // blocks its thread
/// let report = reports.recv().unwrap();
/// println!("{report}"); // task 1 spawned at src/main.rs:10:16 has been blocked on ...
/// assert_eq!((report.task_id(), report.parent()), (stuck.id(), None));
/// assert!(report.elapsed() >= Duration::from_millis(5));
/// drop(release);
/// ```
#[derive(Clone, Debug)]
pub struct StallReport {
    pub(super) task_id: Id,
    pub(super) name: Option<String>,
    pub(super) location: &'static Location<'static>,
    pub(super) parent: Option<Id>,
    pub(super) elapsed: Duration,
    pub(super) on_cpu: Option<bool>,
    pub(super) worker: usize,
    pub(super) backtrace: Option<Backtrace>,
}

impl StallReport {
    /// Returns the id of the task.
    pub fn task_id(&self) -> Id {
        self.task_id
    }

    /// Returns the name given to [`task::Builder::name`](crate::task::Builder::name).
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the line that spawned the task.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Returns the id of the task that spawned it, if a task did.
    pub fn parent(&self) -> Option<Id> {
        self.parent
    }

    /// Returns for how long the task has been in this poll, as far as it was watched.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns whether the task computes (`true`) or waits for something that blocks its thread
    /// (`false`); `None` where the system does not tell (anywhere but on Linux).
    pub fn on_cpu(&self) -> Option<bool> {
        self.on_cpu
    }

    /// Returns the number of the worker; spare workers are numbered after the configured ones.
    pub fn worker(&self) -> usize {
        self.worker
    }

    /// Returns the functions that the task is in, if
    /// [`Builder::stall_backtrace`](crate::runtime::Builder::stall_backtrace) was called and the thread has
    /// answered in time.
    #[cfg(feature = "backtrace")]
    pub fn backtrace(&self) -> Option<&Backtrace> {
        self.backtrace.as_ref()
    }
}

impl StallReport {
    #[cfg(not(feature = "tracing"))]
    pub(super) fn trace(&self) {}

    #[cfg(feature = "tracing")]
    pub(super) fn trace(&self) {
        let elapsed_ms = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX);
        tracing::event!(
            target: "runtime::stall",
            tracing::Level::WARN,
            task.id = self.task_id.get(),
            task.name = self.name(),
            loc.file = self.location.file(),
            loc.line = self.location.line(),
            elapsed_ms,
            on_cpu = self.on_cpu,
            worker = self.worker,
            backtrace = self.backtrace.as_ref().map(tracing::field::display),
            "{self}"
        );
    }
}

impl fmt::Display for StallReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.task_id)?;
        if let Some(name) = &self.name {
            write!(f, " ({name:?})")?;
        }
        write!(f, " spawned at {}", self.location)?;
        if let Some(parent) = self.parent {
            write!(f, " by task {parent}")?;
        }
        let doing = match self.on_cpu {
            Some(true) => "computing",
            Some(false) => "blocked",
            None => "stuck",
        };
        write!(
            f,
            " has been {doing} on worker {} for {:.1?}",
            self.worker, self.elapsed
        )?;
        match &self.backtrace {
            Some(backtrace) if f.alternate() => write!(f, "\n{backtrace}"),
            _ => Ok(()),
        }
    }
}
