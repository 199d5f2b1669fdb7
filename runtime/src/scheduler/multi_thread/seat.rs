//! A seat: a queue with its slot, its wheel and its tasks' home. A thread that holds it is a worker.
//!
//! There is a seat for each configured worker, and extra ones for spares. All but the [`Core`] may be reached by
//! anybody at any time, so that what waits here can be taken while the holder is stuck in a poll.
//!
//! | seat | its thread | how it changes |
//! |---|---|---|
//! | a worker's | works, or is stuck in a poll | it blocks in place: the seat is vacant (`in_place.rs`) |
//! | a worker's, vacant | none | its thread comes back, or one is called to it (`occupancy.rs`) |
//! | extra, free | none | the monitor calls a thread to it (`bench.rs`) |
//! | extra, taken | a spare's | as a worker's; the monitor dismisses it when it is not needed (`rescue.rs`) |

use crossbeam_utils::CachePadded;

use super::core::Core;
use super::home::Home;
use super::occupancy::Occupancy;
use crate::driver::Timers;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::raw_task::Notified;
use crate::scheduler::WorkerStats;
use crate::scheduler::queue::{LifoSlot, Stealer};
use crate::scheduler::watch::Watched;

#[derive(Debug)]
pub(super) struct Seat {
    pub(super) index: usize,
    pub(super) stealer: Stealer<Notified>,
    pub(super) slot: LifoSlot,
    pub(super) timers: Arc<Timers>,
    pub(super) stats: WorkerStats,
    pub(super) occupancy: Occupancy,
    pub(super) watched: CachePadded<Watched>,
    pub(super) home: CachePadded<Home>,
    core: CachePadded<UnsafeCell<Core>>,
    /// The duty in whose poll the holder sleeps, if it does.
    sleeps_in: AtomicUsize,
    /// Set by the monitor: the spare is not needed any more.
    dismissed: AtomicBool,
}

// SAFETY: everything but the core is `Sync`, and the core is used by the holder of the seat alone.
unsafe impl Sync for Seat {}
// SAFETY: as above.
unsafe impl Send for Seat {}

impl Seat {
    pub(super) fn new(
        index: usize,
        core: Core,
        stats: WorkerStats,
        timers: Arc<Timers>,
        home: Home,
        occupancy: Occupancy,
    ) -> Self {
        Seat {
            index,
            stealer: core.deque.stealer(),
            slot: LifoSlot::new(),
            timers,
            stats,
            occupancy,
            watched: CachePadded::new(Watched::new()),
            home: CachePadded::new(home),
            core: CachePadded::new(UnsafeCell::new(core)),
            sleeps_in: AtomicUsize::new(0),
            dismissed: AtomicBool::new(false),
        }
    }

    /// What belongs to the holder.
    ///
    /// # Safety
    ///
    /// This thread holds the seat for as long as the borrow is used.
    #[inline]
    pub(super) unsafe fn core(&self) -> &Core {
        // SAFETY: nobody makes a unique reference to it; its cells are the holder's, who is the caller.
        self.core.with(|core| unsafe { &*core })
    }

    pub(super) fn has_queued(&self) -> bool {
        !self.stealer.is_empty()
    }

    pub(super) fn queued(&self) -> usize {
        self.stealer.len() + usize::from(!self.slot.is_empty())
    }

    /// For the holder, before it goes into a poll.
    pub(super) fn set_sleeps_in(&self, duty: usize) {
        // Relaxed: published by the step into the poll, which Sleeper::unpark() takes.
        self.sleeps_in.store(duty, Ordering::Relaxed);
    }

    pub(super) fn sleeps_in(&self) -> usize {
        self.sleeps_in.load(Ordering::Relaxed)
    }

    pub(super) fn dismiss(&self) {
        self.dismissed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Relaxed)
    }

    pub(super) fn welcome(&self) {
        self.dismissed.store(false, Ordering::Relaxed);
    }
}
