//! Where a task belongs: the live list it is in and the count that keeps its scheduler alive.
//!
//! A task points to its scheduler for as long as it may be woken. One counter for all tasks would
//! be a line that every core writes at each spawn, so the count is split: each home counts its own
//! tasks, and all the tasks of one home together hold one strong reference to [`Shared`].
//!
//! - [`HomeRef::new`] that takes the count from zero takes that strong reference; whoever calls it
//!   holds one of its own meanwhile.
//! - A dropped `HomeRef` that takes it to zero gives it back.
//! - While the scheduler runs, a base reference keeps the count above zero ([`Home::open`], given
//!   back by [`Home::close`]), so that in ordinary life the strong count is not touched at all.

use std::fmt;
use std::ptr::NonNull;

use super::shared::Shared;
use super::worker::Worker;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, Weak};
use crate::raw_task::{LiveTasks, Notified, Schedule, Task};

#[derive(Debug)]
pub(super) struct Home {
    pub(super) live: LiveTasks,
    references: AtomicUsize,
    /// Never upgraded: it is the address of the scheduler that this home is a part of.
    shared: Weak<Shared>,
}

impl Home {
    pub(super) fn new(shared: Weak<Shared>) -> Self {
        Home {
            live: LiveTasks::new(),
            references: AtomicUsize::new(0),
            shared,
        }
    }

    /// Takes the base reference.
    pub(super) fn open(&self, shared: &Arc<Shared>) {
        std::mem::forget(HomeRef::new(self, shared));
    }

    /// Gives the base reference back. The caller holds the scheduler by other means.
    pub(super) fn close(&self) {
        // SAFETY: `open` has forgotten exactly this reference.
        drop(unsafe { HomeRef::from_raw(NonNull::from(self)) });
    }
}

/// A counted reference to a home, and with it to the scheduler.
pub(super) struct HomeRef(NonNull<Home>);

// SAFETY: a home is `Sync` and the count keeps it alive.
unsafe impl Send for HomeRef {}
// SAFETY: as above.
unsafe impl Sync for HomeRef {}

impl HomeRef {
    /// `home` is one of `shared`'s.
    pub(super) fn new(home: &Home, shared: &Arc<Shared>) -> Self {
        debug_assert!(std::ptr::eq(home.shared.as_ptr(), Arc::as_ptr(shared)));
        home.acquire();
        HomeRef(NonNull::from(home))
    }

    /// # Safety
    ///
    /// The caller gives this value a reference that was counted before.
    unsafe fn from_raw(home: NonNull<Home>) -> Self {
        HomeRef(home)
    }

    pub(super) fn home(&self) -> &Home {
        // SAFETY: the count keeps the scheduler alive, whose part the home is.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn shared(&self) -> &Shared {
        // SAFETY: as above.
        unsafe { &*self.home().shared.as_ptr() }
    }
}

impl Home {
    fn acquire(&self) {
        // Relaxed: the caller holds the scheduler already.
        if self.references.fetch_add(1, Ordering::Relaxed) == 0 {
            // SAFETY: the pointer is that of a live `Arc`, which the caller holds.
            unsafe { Arc::increment_strong_count(self.shared.as_ptr()) };
        }
    }
}

impl Clone for HomeRef {
    fn clone(&self) -> Self {
        self.home().acquire();
        HomeRef(self.0)
    }
}

impl Drop for HomeRef {
    fn drop(&mut self) {
        let shared = self.home().shared.as_ptr();
        // AcqRel: the last one out comes after all that the others did here.
        if self.home().references.fetch_sub(1, Ordering::AcqRel) == 1 {
            // SAFETY: gives back the strong reference that the count's first reference took.
            unsafe { Arc::decrement_strong_count(shared) };
        }
    }
}

impl fmt::Debug for HomeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.home().fmt(f)
    }
}

impl Schedule for HomeRef {
    #[inline]
    fn schedule(&self, task: Notified) {
        Worker::with_current(self.shared(), |worker| match worker {
            Some(worker) => worker.schedule(task),
            None => self.schedule_from_outside(task),
        });
    }

    fn reschedule(&self, task: Notified) {
        Worker::with_current(self.shared(), |worker| match worker {
            Some(worker) => worker.reschedule(task),
            None => self.schedule_from_outside(task),
        });
    }

    fn release(&self, task: &Task) -> bool {
        self.home().live.remove(task)
    }
}

impl HomeRef {
    /// Once pushed, the task may end on a worker and take its `HomeRef` with it: hold another.
    #[cold]
    fn schedule_from_outside(&self, task: Notified) {
        let home = self.clone();
        home.shared().push(task);
    }
}
