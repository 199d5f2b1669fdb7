//! What all threads of one scheduler share, and how a task gets in.

use std::fmt;
use std::ptr;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::bench::Bench;
use super::duties::Duties;
use super::home::{Home, HomeRef};
use super::idle::Idle;
use super::in_place::block_without_seat;
use super::launch::belongs_to;
use super::presence::Presence;
use super::seat::Seat;
use super::seats::Seats;
use super::shortage::Shortage;
use super::worker::Worker;
use crate::driver::Timers;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU32, Ordering, fence};
use crate::primitive::sync::{Arc, Weak};
use crate::raw_task::{self, JoinHandle, LiveTasks, Meta, Notified};
use crate::scheduler::inject::Inject;
use crate::scheduler::watch::{Reporter, Tally, TaskDirectory, Vigil};
use crate::scheduler::{BlockingPool, Config, WorkerStats};

/// Homes of tasks that threads outside the runtime spawn: more than one, lest they and the workers
/// that complete those tasks meet at one lock.
pub(super) const OUTSIDE_HOMES: usize = 8;

/// One scheduler. Workers, handles and live tasks keep it alive.
pub(crate) struct Shared {
    pub(super) me: Weak<Shared>,
    pub(super) seats: Seats,
    pub(super) inject: Inject<Notified>,
    pub(super) idle: Idle,
    pub(super) duties: Duties,
    /// For tasks that are spawned by threads without a seat.
    pub(super) outside_homes: Box<[CachePadded<Home>]>,
    pub(super) blocking: BlockingPool,
    pub(super) config: Config,
    pub(super) shutting_down: AtomicBool,
    /// At the end: a worker that leaves drops the tasks.
    pub(super) dropping: AtomicBool,
    pub(super) presence: Presence,
    pub(super) bench: Bench,
    pub(super) shortage: Shortage,
    pub(super) vigil: Vigil,
    pub(super) tally: Tally,
    pub(super) reporter: Arc<Reporter>,
    /// Bumped by the monitor every few milliseconds while somebody works.
    pub(super) beat: CachePadded<AtomicU32>,
}

impl Shared {
    /// Spawns a future; if the runtime is shut down it is dropped at once and the handle says so.
    #[inline]
    pub(crate) fn spawn<F>(self: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.config.task_hooks.spawn.call(&meta);
        let home = Worker::with_current(self, |worker| match worker {
            Some(worker) => ptr::from_ref(&*worker.seat().home),
            None => ptr::from_ref(self.outside_home(&meta)),
        });
        // SAFETY: the home is a part of this scheduler, which the caller holds.
        let home = HomeRef::new(unsafe { &*home }, self);
        let home_of_task = ptr::from_ref(home.home());
        let (task, notified, join) = raw_task::new(future, home, meta);
        // SAFETY: `notified` keeps the task and with it its home alive.
        match unsafe { &*home_of_task }.live.insert(task) {
            Ok(()) => self.schedule(notified),
            Err(task) => {
                drop(notified);
                task.shutdown();
            }
        }
        join
    }

    fn outside_home(&self, meta: &Meta) -> &Home {
        &self.outside_homes[meta.id.get() as usize % OUTSIDE_HOMES]
    }

    #[inline]
    fn schedule(&self, task: Notified) {
        Worker::with_current(self, |worker| match worker {
            Some(worker) => worker.schedule(task),
            None => self.push(task),
        });
    }

    /// Takes a task from a thread that is no worker of this scheduler.
    ///
    /// In a fork nobody will run it, and the queue's lock may be held for ever.
    pub(super) fn push(&self, task: Notified) {
        if !self.config.origin.is_here() {
            return std::mem::forget(task);
        }
        self.inject.push(task);
        self.wake_one();
    }

    /// Wakes a worker for a task that has been pushed, if nobody looks for one already.
    pub(super) fn notify(&self) {
        if self.idle.in_use() > 1 {
            // SeqCst: a push against a worker that goes to sleep or ends a search; see idle.rs.
            fence(Ordering::SeqCst);
            self.wake_one();
        }
    }

    /// Moves the task in a seat's slot to where others take it.
    pub(super) fn free_slot(&self, seat: &Seat) {
        if let Some(task) = seat.slot.take() {
            self.push(task);
        }
    }

    /// The seats that take part, and free ones among them.
    pub(super) fn seats_in_use(&self) -> impl Iterator<Item = &Seat> {
        (0..self.idle.in_use()).map(|index| self.seats.get(index))
    }

    /// Whether a task waits where a worker could take it.
    pub(super) fn has_visible_work(&self) -> bool {
        !self.inject.is_empty() || self.seats_in_use().any(Seat::has_queued)
    }

    pub(super) fn homes(&self) -> impl Iterator<Item = &Home> {
        let of_seats = self.seats.all_made().map(|seat| &*seat.home);
        of_seats.chain(self.outside_homes.iter().map(|home| &**home))
    }

    /// Shows the lists of all live tasks.
    pub(crate) fn all_live(&self) -> impl Iterator<Item = &LiveTasks> {
        self.homes().map(|home| &*home.live)
    }

    /// The task that is being polled in a seat, and for how long if that has been noticed.
    pub(crate) fn polled(&self, seat: usize) -> Option<(u64, Option<Duration>)> {
        self.seats.get(seat).watched.polled()
    }

    pub(crate) fn is_sleeping(&self, seat: usize) -> bool {
        self.idle.is_sleeping(seat)
    }

    pub(super) fn is_shutting_down(&self) -> bool {
        // Acquire: pairs with the store in start_shutdown().
        self.shutting_down.load(Ordering::Acquire)
    }

    /// A counted reference, for those who have only a borrowed one.
    pub(super) fn counted(&self) -> Arc<Shared> {
        self.me
            .upgrade()
            .expect("whoever borrows it keeps it alive")
    }

    /// Runs `f`, which blocks; if this thread is a worker, its seat is free for another meanwhile.
    pub(crate) fn block_in_place<R>(&self, f: impl FnOnce() -> R) -> R {
        Worker::with_current(self, |worker| match worker {
            Some(worker) => worker.block_in_place(f),
            None => block_without_seat(self, f),
        })
    }

    /// The reactor's handle for a new descriptor.
    pub(crate) fn io(&self) -> &io_driver::Handle {
        self.duties.least_loaded().poller.io()
    }

    /// The wheel for timers that are set by this thread.
    pub(crate) fn timers(&self) -> &Arc<Timers> {
        let own = Worker::with_current(self, |worker| worker.map(Worker::index));
        match own {
            Some(index) => &self.seats.get(index).timers,
            None => &self.duties[0].guests,
        }
    }

    pub(crate) fn blocking(&self) -> &BlockingPool {
        &self.blocking
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn workers(&self) -> usize {
        self.seats.workers()
    }

    /// Spare workers that are at work.
    pub(crate) fn active_spares(&self) -> usize {
        self.idle.taken().saturating_sub(self.workers())
    }

    /// Threads that run tasks, or wait to do so, or block in place.
    pub(crate) fn threads(&self) -> usize {
        self.bench.threads()
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn dropped_reports(&self) -> u64 {
        // As of alive_tasks().
        match self.config.origin.is_here() {
            true => self.reporter.dropped(),
            false => 0,
        }
    }

    pub(crate) fn alive_tasks(&self) -> usize {
        // In a fork a lock may be held by a thread that is not there.
        match self.config.origin.is_here() {
            true => self.homes().map(|home| home.live.len()).sum(),
            false => 0,
        }
    }

    pub(crate) fn spawned_tasks(&self) -> u64 {
        // As of alive_tasks().
        match self.config.origin.is_here() {
            true => self.homes().map(|home| home.live.inserted()).sum(),
            false => 0,
        }
    }

    /// How many tasks have come from outside.
    pub(crate) fn tasks_from_outside(&self) -> u64 {
        self.inject.pushed()
    }

    pub(crate) fn injected_tasks(&self) -> usize {
        self.inject.len()
    }

    pub(crate) fn queued_tasks(&self, worker: usize) -> usize {
        self.seats.get(worker).queued()
    }

    /// Whether this thread is one of this scheduler's workers or spares.
    pub(crate) fn runs_here(&self) -> bool {
        belongs_to(self)
    }

    /// The seat of this thread, if it is one of this scheduler's workers and no spare.
    pub(crate) fn worker_index(&self) -> Option<usize> {
        let index = Worker::with_current(self, |worker| worker.map(Worker::index))?;
        (index < self.workers()).then_some(index)
    }

    pub(crate) fn stats(&self, worker: usize) -> &WorkerStats {
        &self.seats.get(worker).stats
    }

    pub(crate) fn io_handles(&self) -> impl Iterator<Item = &io_driver::Handle> {
        self.duties.iter().map(|duty| duty.poller.io())
    }
}

impl TaskDirectory for Shared {
    fn meta_of(&self, task: u64) -> Option<Meta> {
        self.homes().find_map(|home| home.live.meta_of(task))
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("multi_thread::Shared")
            .field("workers", &self.workers())
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
