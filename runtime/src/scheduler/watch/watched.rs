//! The part of a worker that a monitor looks at.

use std::time::Duration;

use super::epoch::Epoch;
use super::stack::Stack;
use super::thread_clock::ThreadClock;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};
use crate::raw_task::Notified;

/// What a worker shows of itself: its poll, and the time that its thread has been on a CPU.
#[derive(Debug)]
pub(crate) struct Watched {
    pub(super) epoch: Epoch,
    pub(super) clock: ThreadClock,
    pub(super) stack: Stack,
    /// For how long the poll under way has lasted, as far as it was watched; the observer's.
    stuck_ns: AtomicU64,
}

impl Watched {
    pub(crate) fn new() -> Self {
        Watched {
            epoch: Epoch::new(),
            clock: ThreadClock::default(),
            stack: Stack::new(),
            stuck_ns: AtomicU64::new(0),
        }
    }

    /// The task that is being polled, and for how long if that has been noticed.
    pub(crate) fn polled(&self) -> Option<(u64, Option<Duration>)> {
        let stuck = self.stuck_ns.load(Ordering::Relaxed);
        let poll = self.epoch.current()?;
        let stuck = (stuck > 0).then(|| Duration::from_nanos(stuck));
        Some((poll.task, stuck))
    }

    pub(super) fn note_stuck_for(&self, stuck_for: Duration) {
        let ns = u64::try_from(stuck_for.as_nanos()).unwrap_or(u64::MAX);
        self.stuck_ns.store(ns, Ordering::Relaxed);
    }

    /// For the thread that becomes the worker. It calls [`unbind`](Self::unbind) before it is no more.
    pub(crate) fn bind(&self) {
        self.clock.is_mine();
        self.stack.bind();
    }

    /// For the same thread, when it ceases to be the worker.
    pub(crate) fn unbind(&self) {
        self.stack.unbind();
    }

    /// For the thread that has been the worker before, and is again.
    pub(crate) fn bind_stack(&self) {
        self.stack.bind();
    }

    /// For the worker: the poll of a task begins.
    #[inline]
    pub(crate) fn start_poll(&self, task: &Notified) {
        self.epoch.start_poll(task.meta().id.get());
    }

    /// For the worker: what is left of the poll of this task begins.
    pub(crate) fn resume_poll(&self, task: u64) {
        self.epoch.start_poll(task);
    }

    /// For the worker: the poll has ended, or goes on where it need not be watched.
    #[inline]
    pub(crate) fn end_poll(&self) {
        self.epoch.end_poll();
    }

    /// For the worker: runs a task so that it can be seen.
    #[inline]
    pub(crate) fn run(&self, task: Notified) {
        self.start_poll(&task);
        task.run();
        self.end_poll();
    }
}
