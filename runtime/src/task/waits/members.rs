//! The tasks of a scope that have not let go of their futures, and the waker of the scope.
//!
//! A task is *admitted* before it is spawned and *leaves* when its future has been dropped. In
//! between it is *introduced*: the scope gets what it aborts the task with. The races:
//!
//! - *Leaving against the wait for the last*: both happen under the lock. The scope sees that nobody is
//!   left, or the last to leave finds its waker. What a task has done before it left is visible to
//!   the scope then.
//! - *Introduction against the close*: a task that is admitted and not introduced when the scope
//!   closes is aborted by the one who introduces it, who gets the handle back.
//! - *Introduction against leaving*: a task may have left before; then its handle is of no use.

use std::collections::BTreeMap;
use std::mem;
use std::task::{Context, Poll, Waker};

use crate::primitive::sync::Mutex;
use crate::util::panic::contain;

/// The tasks of a scope; `A` is what one is aborted with.
pub(in crate::task) struct Members<A> {
    inner: Mutex<Inner<A>>,
}

struct Inner<A> {
    /// By task id; the handle is there from the introduction to the close.
    present: BTreeMap<u64, Option<A>>,
    closed: bool,
    waiting: Option<Waker>,
}

impl<A> Members<A> {
    pub(in crate::task) fn new() -> Self {
        Members {
            inner: Mutex::new(Inner {
                present: BTreeMap::new(),
                closed: false,
                waiting: None,
            }),
        }
    }

    /// Counts a task in; `false` if the scope is closed.
    #[must_use = "a task that is not admitted must not be spawned"]
    pub(in crate::task) fn admit(&self, id: u64) -> bool {
        let mut inner = self.inner.lock();
        if !inner.closed {
            inner.present.insert(id, None);
        }
        !inner.closed
    }

    /// Takes the handle of an admitted task; gives it back if the scope has been closed meanwhile.
    #[must_use = "the task whose handle comes back is to be aborted"]
    pub(in crate::task) fn introduce(&self, id: u64, handle: A) -> Option<A> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Some(handle);
        }
        match inner.present.get_mut(&id) {
            Some(place) => place.replace(handle),
            None => {
                // It may free the task: not under the lock.
                drop(inner);
                drop(handle);
                None
            }
        }
    }

    /// Counts a task out, whose future has been dropped.
    pub(in crate::task) fn leave(&self, id: u64) {
        let (handle, waiting) = {
            let mut inner = self.inner.lock();
            let handle = inner.present.remove(&id);
            let waiting = match inner.present.is_empty() {
                true => inner.waiting.take(),
                false => None,
            };
            (handle, waiting)
        };
        drop(handle);
        if let Some(waker) = waiting {
            contain(|| waker.wake());
        }
    }

    /// Admits no task any more; the answer is what those that are there are aborted with.
    pub(in crate::task) fn close(&self) -> Vec<A> {
        let mut inner = self.inner.lock();
        inner.closed = true;
        inner.present.values_mut().filter_map(mem::take).collect()
    }

    /// Ready when no task is left. One at a time may wait.
    pub(in crate::task) fn poll_all_gone(&self, cx: &mut Context<'_>) -> Poll<()> {
        let waker = cx.waker().clone();
        let (polled, unused) = {
            let mut inner = self.inner.lock();
            match inner.present.is_empty() {
                true => (Poll::Ready(()), Some(waker)),
                false => (Poll::Pending, inner.waiting.replace(waker)),
            }
        };
        drop(unused);
        polled
    }
}
