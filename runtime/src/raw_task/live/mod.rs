//! The tasks of one home that are not complete yet, so that a shutdown can find them.

mod survey;

use std::fmt;
use std::ptr::NonNull;

use super::Task;
use super::handles::Reference;
use super::header::Header;
use crate::primitive::sync::{BriefLock, Mutex};
use crate::util::list::List;

/// A list of live tasks behind its own lock.
///
/// A task enters at its birth and leaves when it completes or when a shutdown pops it; the lock
/// decides which. No user code runs under it.
pub(crate) struct LiveTasks {
    inner: BriefLock<Inner>,
    /// Held for a whole survey: two at a time would turn the list away from each other.
    survey: Mutex<()>,
}

struct Inner {
    tasks: List<Header>,
    /// How many were ever taken in.
    inserted: u64,
    closed: bool,
}

// SAFETY: the list holds counted references, which may go to any thread.
unsafe impl Send for Inner {}

impl LiveTasks {
    pub(crate) fn new() -> Self {
        LiveTasks {
            inner: BriefLock::new(Inner {
                tasks: List::new(),
                inserted: 0,
                closed: false,
            }),
            survey: Mutex::new(()),
        }
    }

    /// Takes a new task in, or gives it back if the list is closed.
    ///
    /// # Errors
    ///
    /// The task, if [`close`](Self::close) came first.
    #[inline]
    pub(crate) fn insert(&self, task: Task) -> Result<(), Task> {
        let mut inner = self.inner.lock();
        if inner.closed {
            return Err(task);
        }
        // SAFETY: a new task is in no list; the reference keeps it in place until it is removed.
        unsafe { inner.tasks.push_front(task.0.into_raw()) };
        inner.inserted += 1;
        Ok(())
    }

    /// Takes a task out; `true` gives the list's reference to the caller.
    pub(crate) fn remove(&self, task: &Task) -> bool {
        // SAFETY: a task is only ever inserted into the list of its own home: this one.
        unsafe { self.inner.lock().tasks.remove(task.0.raw()) }
    }

    /// Lets no task in any more.
    pub(crate) fn close(&self) {
        self.inner.lock().closed = true;
    }

    /// Takes any task out.
    pub(crate) fn pop(&self) -> Option<Task> {
        let task = self.inner.lock().tasks.pop_front()?;
        Some(from_list(task))
    }

    pub(crate) fn len(&self) -> usize {
        self.inner.lock().tasks.len()
    }

    /// How many tasks have been taken in so far.
    pub(crate) fn inserted(&self) -> u64 {
        self.inner.lock().inserted
    }
}

fn from_list(task: NonNull<Header>) -> Task {
    // SAFETY: what leaves the list leaves with the reference that entered with it.
    Task(unsafe { Reference::from_raw(task) })
}

impl fmt::Debug for LiveTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveTasks").finish_non_exhaustive()
    }
}
