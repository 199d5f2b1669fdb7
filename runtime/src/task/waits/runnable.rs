//! The tasks of a set that are to run, and the wakers of those who would run them.
//!
//! A *driver* is a future that runs the tasks when it is polled; several may share a set. It lies down
//! under the lock in which it has seen the queue empty, so a push finds the waker of every driver
//! that has not seen the task. The push wakes them all: one that is polled no more (it lost in a
//! `select!`) must not keep the wake to itself. While a driver runs tasks its waker is not there, and
//! what those tasks wake costs no wake of the driver.
//!
//! The lock is held for a few instructions and over no code of the user's: wakers are cloned, woken
//! and dropped outside, as are tasks.

use std::collections::VecDeque;
use std::mem;
use std::task::Waker;

use crate::primitive::sync::BriefLock;
use crate::util::panic::contain;

pub(in crate::task) struct Runnable<T> {
    inner: BriefLock<Inner<T>>,
}

struct Inner<T> {
    tasks: VecDeque<T>,
    /// Mostly there is one driver.
    resting: Option<Resting>,
    others_resting: Vec<Resting>,
    next_driver: u64,
    closed: bool,
}

/// A driver that waits for a task.
struct Resting {
    driver: DriverId,
    waker: Waker,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::task) struct DriverId(u64);

impl<T> Runnable<T> {
    pub(in crate::task) fn new() -> Self {
        Runnable {
            inner: BriefLock::new(Inner {
                tasks: VecDeque::new(),
                resting: None,
                others_resting: Vec::new(),
                next_driver: 0,
                closed: false,
            }),
        }
    }

    /// Adds a task and wakes the drivers that rest; a closed queue drops it.
    pub(in crate::task) fn push(&self, task: T) {
        let (refused, resting, others) = {
            let mut inner = self.inner.lock();
            let refused = match inner.closed {
                true => Some(task),
                false => {
                    inner.tasks.push_back(task);
                    None
                }
            };
            let others = mem::take(&mut inner.others_resting);
            (refused, inner.resting.take(), others)
        };
        drop(refused);
        for driver in resting.into_iter().chain(others) {
            contain(|| driver.waker.wake());
        }
    }

    pub(in crate::task) fn pop(&self) -> Option<T> {
        self.inner.lock().tasks.pop_front()
    }

    pub(in crate::task) fn len(&self) -> usize {
        self.inner.lock().tasks.len()
    }

    pub(in crate::task) fn new_driver(&self) -> DriverId {
        let mut inner = self.inner.lock();
        inner.next_driver += 1;
        DriverId(inner.next_driver)
    }

    /// Leaves the driver's waker for the next push; `false` if there is a task to run.
    pub(in crate::task) fn rest(&self, driver: DriverId, waker: &Waker) -> bool {
        {
            let inner = self.inner.lock();
            if !inner.tasks.is_empty() {
                return false;
            }
            if inner.rests_with(driver, waker) {
                return true;
            }
        }
        let waker = waker.clone();
        let resting = Resting { driver, waker };
        let (rests, unused) = {
            let mut inner = self.inner.lock();
            match inner.tasks.is_empty() {
                true => (true, inner.replace(resting)),
                false => (false, Some(resting)),
            }
        };
        drop(unused);
        rests
    }

    /// Takes back what a driver may have left.
    pub(in crate::task) fn forget(&self, driver: DriverId) {
        let forgotten = self.inner.lock().take(driver);
        drop(forgotten);
    }

    /// Lets no task in any more and gives out those that are left.
    pub(in crate::task) fn close(&self) -> VecDeque<T> {
        let mut inner = self.inner.lock();
        inner.closed = true;
        mem::take(&mut inner.tasks)
    }
}

impl<T> Inner<T> {
    fn rests_with(&self, driver: DriverId, waker: &Waker) -> bool {
        self.resting
            .iter()
            .chain(&self.others_resting)
            .any(|resting| resting.driver == driver && resting.waker.will_wake(waker))
    }

    fn replace(&mut self, resting: Resting) -> Option<Resting> {
        let before = self.take(resting.driver);
        match self.resting {
            None => self.resting = Some(resting),
            Some(_) => self.others_resting.push(resting),
        }
        before
    }

    fn take(&mut self, driver: DriverId) -> Option<Resting> {
        if let Some(resting) = self.resting.take_if(|resting| resting.driver == driver) {
            return Some(resting);
        }
        let mut others = self.others_resting.iter();
        let place = others.position(|resting| resting.driver == driver)?;
        Some(self.others_resting.swap_remove(place))
    }
}
