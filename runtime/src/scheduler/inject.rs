//! The queue for tasks that are woken or spawned by threads that are no workers.
//!
//! It can be closed, after which no task stays in it. The race is a push against the close:
//!
//! 1. the pusher pushes, then looks whether the queue is closed;
//! 2. the closer marks the queue closed, then drains it.
//!
//! A `SeqCst` fence stands between the two steps of each side. Whichever fence comes second, its
//! side sees what the other did first: the closer finds the task, or the pusher finds the mark and
//! drains the queue itself. A drained task is dropped, not run: its future belongs to the live
//! list, whose shutdown drops it.

use super::queue::Injector;
#[cfg(not(runtime_loom))]
use super::queue::{Deque, Steal};
use crate::primitive::sync::atomic::{AtomicBool, Ordering, fence};
use crate::util::spread_count::SpreadCount;

#[derive(Debug)]
pub(super) struct Inject<T> {
    queue: Injector<T>,
    pushed: SpreadCount,
    closed: AtomicBool,
}

impl<T> Inject<T> {
    pub(super) fn new() -> Self {
        Inject {
            queue: Injector::new(),
            pushed: SpreadCount::new(),
            closed: AtomicBool::new(false),
        }
    }

    /// Pushes a task; dropped if the queue is closed. A full fence has passed since the push when
    /// it returns, so that the caller may look for sleepers at once.
    pub(super) fn push(&self, task: T) {
        self.pushed.increment();
        self.queue.push(task);
        // SeqCst: a push and the look at `closed` against a close and its drain.
        fence(Ordering::SeqCst);
        if self.closed.load(Ordering::Relaxed) {
            self.drain();
        }
    }

    /// Lets no task stay from now on.
    pub(super) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
        // SeqCst: pairs with the fence in push().
        fence(Ordering::SeqCst);
        self.drain();
    }

    /// How many tasks have been pushed so far.
    #[cfg(not(runtime_loom))]
    pub(super) fn pushed(&self) -> u64 {
        self.pushed.total()
    }

    /// Whether it looks empty; certain only after a fence that a push's fence precedes.
    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    fn drain(&self) {
        while let Some(task) = self.pop() {
            drop(task);
        }
    }
}

#[cfg(not(runtime_loom))]
impl<T> Inject<T> {
    /// Takes the oldest task.
    pub(super) fn pop(&self) -> Option<T> {
        until_settled(|| self.queue.steal())
    }

    /// Takes the oldest task, and moves some of those behind it to `deque`.
    pub(super) fn pop_batch(&self, deque: &Deque<T>) -> Option<T> {
        until_settled(|| self.queue.steal_batch_and_pop(deque))
    }

    pub(super) fn len(&self) -> usize {
        self.queue.len()
    }
}

#[cfg(not(runtime_loom))]
fn until_settled<T>(mut steal: impl FnMut() -> Steal<T>) -> Option<T> {
    loop {
        match steal() {
            Steal::Success(task) => return Some(task),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}

#[cfg(runtime_loom)]
impl<T> Inject<T> {
    pub(super) fn pop(&self) -> Option<T> {
        self.queue.pop()
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Inject;
    use crate::primitive::sync::Arc;

    #[test]
    fn loom_no_task_stays_in_a_closed_queue() {
        loom::model(|| {
            let inject = Arc::new(Inject::new());
            let task = Arc::new(());
            let pushers: Vec<_> = (0..2)
                .map(|_| {
                    let (inject, task) = (inject.clone(), task.clone());
                    loom::thread::spawn(move || inject.push(task))
                })
                .collect();
            inject.close();
            for pusher in pushers {
                pusher.join().expect("the pusher ends");
            }
            assert_eq!(Arc::strong_count(&task), 1, "a task stayed");
        });
    }
}
