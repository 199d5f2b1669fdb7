//! The keys of tasks that have ended, and the waker of whoever waits for the next.
//!
//! Each task of a set has a waker of its own, which [`push`](Ended::push)es the task's key when the
//! task ends. So the set learns which task has ended and polls no other.
//!
//! - *Push against wait*: both happen under the lock. Either [`pop_or_wait`](Ended::pop_or_wait)
//!   finds the key, or the push finds the waker.
//! - *Push against letting go*: a set that lets its tasks go does not wait for their wakers. It begins
//!   [`anew`](Ended::anew); what they push, or have pushed, stays behind with them. So each key that
//!   the set sees is that of a task of its own, which has ended.
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

    /// An empty one in place of this, for other tasks; who waits here waits there.
    pub(in crate::task) fn anew(&self) -> Self {
        let anew = Ended::new();
        anew.inner.lock().waiting = self.inner.lock().waiting.take();
        anew
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
