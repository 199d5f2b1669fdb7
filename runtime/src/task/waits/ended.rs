//! The keys of tasks that have ended, and the waker of whoever waits for the next.
//!
//! Each task of a set has a waker of its own, which [`push`](Ended::push)es the task's key when the
//! task ends. So the set learns which task has ended and polls no other.
//!
//! - *Push against wait*: both happen under the lock. Either [`pop_or_wait`](Ended::pop_or_wait)
//!   finds the key, or the push finds the waker.
//! - *Push against removal*: a set that lets a task go does not wait for its waker, which may push the
//!   key later, when another task has it. So a key is a hint: "look at this task". The set looks
//!   whether it has ended, and if it has not, its own push is still to come.
//!
//! A waker is cloned, woken and dropped outside the lock: that is user code.

use std::collections::VecDeque;
use std::task::Waker;

use crate::primitive::sync::Mutex;

pub(in crate::task) struct Ended {
    inner: Mutex<Inner>,
}

struct Inner {
    keys: VecDeque<usize>,
    waiting: Option<Waker>,
}

impl Ended {
    pub(in crate::task) fn new() -> Self {
        Ended {
            inner: Mutex::new(Inner {
                keys: VecDeque::new(),
                waiting: None,
            }),
        }
    }

    /// Adds the key of a task that has ended.
    pub(in crate::task) fn push(&self, key: usize) {
        let waiting = {
            let mut inner = self.inner.lock();
            inner.keys.push_back(key);
            inner.waiting.take()
        };
        if let Some(waker) = waiting {
            waker.wake();
        }
    }

    pub(in crate::task) fn pop(&self) -> Option<usize> {
        self.inner.lock().keys.pop_front()
    }

    /// Takes a key out; if there is none, the next push wakes `waker` and no other.
    pub(in crate::task) fn pop_or_wait(&self, waker: &Waker) -> Option<usize> {
        {
            let mut inner = self.inner.lock();
            let key = inner.keys.pop_front();
            if key.is_some() || inner.is_waiting(waker) {
                return key;
            }
        }
        let waker = waker.clone();
        let (key, unused) = {
            let mut inner = self.inner.lock();
            match inner.keys.pop_front() {
                Some(key) => (Some(key), Some(waker)),
                None => (None, inner.waiting.replace(waker)),
            }
        };
        drop(unused);
        key
    }
}

impl Inner {
    fn is_waiting(&self, waker: &Waker) -> bool {
        self.waiting
            .as_ref()
            .is_some_and(|waiting| waiting.will_wake(waker))
    }
}
