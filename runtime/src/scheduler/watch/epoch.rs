//! Which task a worker polls at this moment, told to whoever watches, without a clock and without
//! waiting.
//!
//! The worker writes, anybody reads. The count is odd while a task is polled; the task's number beside it
//! is written before the count becomes odd. Each store is a Release, so a reader that finds the
//! same odd count before and after it has read the number has read that of this poll: the
//! number of a later one is published only after the even count that ended this one.

use crate::primitive::sync::atomic::{AtomicU64, Ordering, fence};

#[derive(Debug)]
pub(crate) struct Epoch {
    count: AtomicU64,
    task: AtomicU64,
}

/// The poll that a worker is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Poll {
    /// Tells this poll from every other one of the worker.
    pub(crate) number: u64,
    pub(crate) task: u64,
}

impl Epoch {
    pub(crate) fn new() -> Self {
        Epoch {
            count: AtomicU64::new(0),
            task: AtomicU64::new(0),
        }
    }

    /// For the worker: the poll of a task begins.
    #[inline]
    pub(crate) fn start_poll(&self, task: u64) {
        // Release: not before the count that ended the last poll; pairs with the fence in current().
        self.task.store(task, Ordering::Release);
        self.advance();
    }

    /// For the worker: the poll has ended.
    #[inline]
    pub(crate) fn end_poll(&self) {
        self.advance();
    }

    #[inline]
    fn advance(&self) {
        let next = self.count.load(Ordering::Relaxed) + 1;
        // Release: publishes the task of this poll; pairs with the Acquire in current().
        self.count.store(next, Ordering::Release);
    }

    /// The poll under way, if there is one and it does not end meanwhile.
    pub(crate) fn current(&self) -> Option<Poll> {
        let number = self.count.load(Ordering::Acquire);
        let task = self.task.load(Ordering::Relaxed);
        // Acquire: if the task read above is of a later poll, the count read below is, too.
        fence(Ordering::Acquire);
        let is_polling = number % 2 == 1 && self.count.load(Ordering::Relaxed) == number;
        is_polling.then_some(Poll { number, task })
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::Epoch;

    #[test]
    fn a_poll_is_seen_while_it_lasts() {
        let epoch = Epoch::new();
        assert_eq!(epoch.current(), None);
        epoch.start_poll(7);
        let poll = epoch.current().unwrap();
        assert_eq!(poll.task, 7);
        epoch.end_poll();
        assert_eq!(epoch.current(), None);
        epoch.start_poll(7);
        assert_ne!(epoch.current().unwrap().number, poll.number);
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::Epoch;
    use crate::primitive::sync::Arc;

    #[test]
    fn loom_the_task_read_is_that_of_the_poll() {
        loom::model(|| {
            let epoch = Arc::new(Epoch::new());
            let monitor = {
                let epoch = epoch.clone();
                loom::thread::spawn(move || {
                    if let Some(poll) = epoch.current() {
                        let expected = if poll.number > 1 { 8 } else { 7 };
                        assert_eq!(poll.task, expected, "the task of another poll");
                    }
                })
            };
            for task in [7, 8] {
                epoch.start_poll(task);
                epoch.end_poll();
            }
            monitor.join().expect("the monitor ends");
        });
    }
}
