//! The part of a worker that a monitor looks at.

use super::epoch::Epoch;
use super::thread_clock::ThreadClock;
use crate::raw_task::Notified;

/// What a worker shows of itself: its poll, and the time that its thread has been on a CPU.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(super) epoch: Epoch,
    pub(super) clock: ThreadClock,
}

impl Watched {
    pub(crate) fn new() -> Self {
        Watched {
            epoch: Epoch::new(),
            clock: ThreadClock::default(),
        }
    }

    /// For the thread that becomes the worker.
    pub(crate) fn bind(&self) {
        self.clock.is_mine();
    }

    /// For the worker: runs a task so that it can be seen.
    #[inline]
    pub(crate) fn run(&self, task: Notified) {
        self.epoch.start_poll(task.meta());
        task.run();
        self.epoch.end_poll();
    }
}
