//! What a set shares with its tasks.

use std::ptr::NonNull;
use std::task::Context;

use super::super::waits::{DriverId, Runnable};
use crate::coop;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::raw_task::{self, JoinHandle, LiveTasks, Meta, Notified, Schedule, Task};

/// Tasks that one poll of the set runs at most, so that what shares a task with the set has its
/// turn.
const TASKS_PER_POLL: usize = 64;

pub(super) struct LocalTasks {
    live: LiveTasks,
    pub(super) queue: Runnable<Notified>,
    /// Both are of the set's thread alone; others have the tasks, too, but do not look.
    panics_shut_down: AtomicBool,
    has_panicked: AtomicBool,
}

impl LocalTasks {
    pub(super) fn new() -> Self {
        LocalTasks {
            live: LiveTasks::new(),
            queue: Runnable::new(),
            panics_shut_down: AtomicBool::new(false),
            has_panicked: AtomicBool::new(false),
        }
    }

    pub(super) fn let_panics_shut_down(&self, yes: bool) {
        // Relaxed: it stays on the set's thread.
        self.panics_shut_down.store(yes, Ordering::Relaxed);
    }

    /// Spawns a future, on the thread of the set; if the set was dropped, so is the future.
    pub(super) fn spawn<F>(this: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let (task, notified, join) = raw_task::new(future, this.clone(), meta);
        match this.live.insert(task) {
            Ok(()) => this.queue.push(notified),
            Err(task) => {
                drop(notified);
                task.shutdown();
            }
        }
        join
    }

    /// Runs tasks until there is none or it is the turn of others; `cx` is woken when there
    /// are more.
    ///
    /// # Panics
    ///
    /// If a task has panicked and that is to end the set, whose tasks are dropped first.
    pub(super) fn turn(&self, driver: DriverId, cx: &mut Context<'_>) {
        let mut left = TASKS_PER_POLL;
        while left > 0 {
            left -= 1;
            self.assert_no_panic();
            match self.queue.pop() {
                Some(task) => {
                    let yields = coop::yields_in(|| task.run());
                    if yields {
                        // The task was queued last. Sockets and timers have their turn before it goes on.
                        left = left.min(self.queue.len().saturating_sub(1));
                    }
                }
                None if self.queue.rest(driver, cx.waker()) => return,
                None => {}
            }
        }
        coop::wake_after_others(cx.waker());
    }

    fn assert_no_panic(&self) {
        // Relaxed: it stays on the set's thread.
        if self.has_panicked.load(Ordering::Relaxed) {
            self.shut_down();
            panic!("a task has panicked, and this set shuts down on that");
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.live.len() == 0
    }

    /// Drops every task.
    pub(super) fn shut_down(&self) {
        self.live.close();
        while let Some(task) = self.live.pop() {
            task.shutdown();
        }
        // References to complete tasks, as is what a late wake pushes.
        drop(self.queue.close());
    }
}

impl Schedule for Arc<LocalTasks> {
    const KIND: &'static str = "local";

    unsafe fn schedule(this: NonNull<Self>, task: Notified) {
        // Once pushed, the task may end and take its reference with it: hold another.
        // SAFETY: `task` has not been handed on.
        let shared = Arc::clone(unsafe { this.as_ref() });
        shared.queue.push(task);
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: as here.
        unsafe { Self::schedule(this, task) };
    }

    fn release(&self, task: &Task) -> bool {
        self.live.remove(task)
    }

    fn task_panicked(&self) {
        // Relaxed: tasks are polled on the set's thread, and so are both read.
        if self.panics_shut_down.load(Ordering::Relaxed) {
            self.has_panicked.store(true, Ordering::Relaxed);
        }
    }
}
