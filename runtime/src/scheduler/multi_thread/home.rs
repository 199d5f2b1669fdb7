//! Where a task belongs: the live list it is in and the count that keeps its scheduler alive.
//!
//! A task points to its scheduler for as long as it may be woken. One counter for all tasks would
//! be a line that every core writes at each spawn, so the count is split: each home counts its own
//! tasks, without a read-modify-write while it is its seat's holder that does so ([`SplitCount`]), and all
//! the tasks of one home together hold one strong reference to [`Shared`].
//!
//! - The home takes that strong reference when it opens. [`Home::close`], at the end of the
//!   scheduler, gives it back if no task is left.
//! - Afterwards the last `HomeRef` gives it back, and one that is made when there is none takes it;
//!   whoever makes it holds the scheduler by other means meanwhile.
//!
//! # Who writes where
//!
//! If one worker spawns for all, most of its tasks end on others, and each end takes the home's list and its
//! count. On one cache line these would fight with all that the spawner writes, and with the reads that
//! say whose home it is. So there are four lines:
//!
//! - the list with its lock, which a spawn and each end need in any case;
//! - the shared part of the count, which only ends elsewhere write: the spawner does not see it;
//! - its own part, which nobody else touches, so that it stays in that worker's cache;
//! - what is only read.
//!
//! A list in several shards would let two ends elsewhere go on at once, but moves as many lines: each end
//! takes a lock that another thread had last, and writes the neighbours' links, wherever these are.

use std::fmt;
use std::ptr::NonNull;

use crossbeam_utils::CachePadded;

use super::shared::Shared;
use super::split_count::SplitCount;
use super::worker::Worker;
use crate::primitive::sync::{Arc, Weak};
use crate::raw_task::{LiveTasks, Notified, Schedule, Task};

#[derive(Debug)]
pub(super) struct Home {
    pub(super) live: CachePadded<LiveTasks>,
    references: SplitCount,
    /// The seat whose holder owns the count.
    seat: usize,
    /// Never upgraded: it is the address of the scheduler that this home is a part of.
    shared: Weak<Shared>,
}

/// The seat of homes that belong to none.
const NOBODY: usize = usize::MAX;

impl Home {
    /// For tasks that threads without a seat spawn.
    pub(super) fn of_nobody(shared: Weak<Shared>) -> Self {
        Home::new(NOBODY, shared)
    }

    /// For tasks that are spawned in a seat.
    pub(super) fn new(seat: usize, shared: Weak<Shared>) -> Self {
        Home {
            live: CachePadded::new(LiveTasks::new()),
            references: SplitCount::new(),
            seat,
            shared,
        }
    }

    /// Takes the strong reference that stands for all tasks of this home.
    pub(super) fn open(&self, shared: &Arc<Shared>) {
        std::mem::forget(shared.clone());
    }

    /// Called once, after the last seat was left. The caller holds the scheduler by other means.
    pub(super) fn close(&self) {
        if self.references.close() {
            // SAFETY: gives back the strong reference that stood for all tasks of this home.
            unsafe { Arc::decrement_strong_count(self.shared.as_ptr()) };
        }
    }

    /// Counts a reference. The caller holds the scheduler by other means.
    #[inline]
    fn acquire(&self) {
        if self.is_own() {
            self.references.increment_own();
        } else if self.references.increment() {
            // SAFETY: the pointer is that of a live `Arc`, which the caller holds.
            unsafe { Arc::increment_strong_count(self.shared.as_ptr()) };
        }
    }

    /// Whether this thread is the worker whose home it is.
    fn is_own(&self) -> bool {
        // SAFETY: whoever asks holds a reference to this home, or the scheduler by other means.
        let shared = unsafe { &*self.shared.as_ptr() };
        Worker::with_current(shared, |worker| {
            worker.is_some_and(|worker| worker.index() == self.seat)
        })
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

    pub(super) fn home(&self) -> &Home {
        // SAFETY: the count keeps the scheduler alive, whose part the home is.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn shared(&self) -> &Shared {
        // SAFETY: as above.
        unsafe { &*self.home().shared.as_ptr() }
    }
}

impl Clone for HomeRef {
    fn clone(&self) -> Self {
        self.home().acquire();
        HomeRef(self.0)
    }
}

impl Drop for HomeRef {
    #[inline]
    fn drop(&mut self) {
        let home = self.home();
        let shared = home.shared.as_ptr();
        if home.is_own() {
            home.references.decrement_own();
        } else if home.references.decrement() {
            // SAFETY: as in `close`. The home may go with it, so nothing is borrowed from it here.
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
    unsafe fn schedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: the caller's promise.
        unsafe { hand_on(this, task, Worker::schedule) };
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: the caller's promise.
        unsafe { hand_on(this, task, Worker::reschedule) };
    }

    fn release(&self, task: &Task) -> bool {
        self.shared().config.task_hooks.terminate.call(task.meta());
        self.home().live.remove(task)
    }
}

/// Gives a task to this thread's worker, or to the injector.
///
/// # Safety
///
/// `home` is live until `task` has been handed on.
#[inline]
unsafe fn hand_on(home: NonNull<HomeRef>, task: Notified, to: impl FnOnce(&Worker, Notified)) {
    // SAFETY: `task` keeps it until it is handed on: to a worker, which holds the scheduler, or below, outside of
    // this borrow.
    let shared = unsafe { home.as_ref() }.shared();
    let outside = Worker::with_current(shared, |worker| match worker {
        Some(worker) => {
            to(worker, task);
            None
        }
        None => Some(task),
    });
    if let Some(task) = outside {
        // SAFETY: `task` has not been handed on.
        push_from_outside(unsafe { home.as_ref() }.clone(), task);
    }
}

/// Once pushed, the task may end on a worker and take its `HomeRef` with it: this is another.
#[cold]
fn push_from_outside(home: HomeRef, task: Notified) {
    home.shared().push(task);
}
