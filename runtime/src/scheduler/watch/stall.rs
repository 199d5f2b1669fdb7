//! A stall as its monitor has found it, before the task is looked up and the user told.

use std::time::Duration;

use super::{Backtrace, StallReport};
use crate::raw_task::{Id, Meta};
use crate::scheduler::Vigilance;
use crate::util::panic::contain;

/// What a monitor knows without searching for the task.
#[derive(Debug)]
pub(crate) struct Stall {
    pub(super) task: u64,
    pub(super) elapsed: Duration,
    pub(super) on_cpu: Option<bool>,
    pub(super) worker: usize,
    pub(super) backtrace: Option<Backtrace>,
}

impl Stall {
    /// Looks the task up and tells whoever wants to know. `false` if the task has ended meanwhile, so that there is nothing
    /// to tell.
    pub(crate) fn tell(
        self,
        vigilance: &Vigilance,
        meta_of: impl FnOnce(u64) -> Option<Meta>,
    ) -> bool {
        let Some(meta) = meta_of(self.task) else {
            return false;
        };
        let report = StallReport {
            task_id: meta.id,
            name: meta.name.map(String::from),
            location: meta.location,
            parent: Id::from_number(meta.parent),
            elapsed: self.elapsed,
            on_cpu: self.on_cpu,
            worker: self.worker,
            backtrace: self.backtrace,
        };
        // A subscriber is the user's code, too.
        contain(|| report.trace());
        if let Some(on_stall) = &vigilance.on_stall {
            contain(|| on_stall(&report));
        }
        true
    }
}
