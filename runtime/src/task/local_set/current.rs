//! Which set this thread is in.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;

use super::shared::LocalTasks;
use crate::primitive::sync::Arc;
use crate::raw_task::{JoinHandle, Meta};

thread_local! {
    static CURRENT: RefCell<Option<Current>> = const { RefCell::new(None) };
}

/// A set that this thread is in; it does not leave the thread.
#[derive(Clone)]
pub(in crate::task) struct Current {
    set: Arc<LocalTasks>,
    /// Whether it runs its tasks: a guard of `enter` does not.
    running: bool,
    _not_send: PhantomData<*const ()>,
}

impl Current {
    pub(in crate::task) fn spawn<F>(&self, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        LocalTasks::spawn(&self.set, future, meta)
    }
}

/// The set that this thread is in.
pub(in crate::task) fn entered() -> Option<Current> {
    CURRENT
        .try_with(|current| current.borrow().clone())
        .ok()
        .flatten()
}

/// The set whose tasks this thread runs.
pub(in crate::task) fn running() -> Option<Current> {
    entered().filter(|current| current.running)
}

/// Whether this thread runs the tasks of a set.
pub(in crate::task) fn is_running() -> bool {
    running().is_some()
}

/// Enters a set until the guard is dropped. A thread that is about to end enters nothing.
pub(super) fn enter(set: &Arc<LocalTasks>, running: bool) -> Entered {
    Entered {
        before: replace(Some(Current {
            set: set.clone(),
            running,
            _not_send: PhantomData,
        })),
    }
}

fn replace(current: Option<Current>) -> Option<Current> {
    CURRENT
        .try_with(|place| place.replace(current))
        .ok()
        .flatten()
}

/// Goes back to the set that the thread was in before.
pub(super) struct Entered {
    before: Option<Current>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        // What is dropped here may be the last of a set: outside the borrow.
        drop(replace(self.before.take()));
    }
}

impl fmt::Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entered")
    }
}
