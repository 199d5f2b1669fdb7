//! What the workers of one runtime share, and how a task gets in.

use std::fmt;
use std::ptr;

use crossbeam_utils::CachePadded;

use super::group::Group;
use super::home::{Home, HomeRef};
use super::idle::Idle;
use super::park::Sleeper;
use super::presence::Presence;
use super::sleep::GRACE_NS;
use super::spares::Spares;
use super::stats::WorkerStats;
use super::worker::Worker;
use crate::driver::Timers;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering, fence};
use crate::raw_task::{self, JoinHandle, Meta, Notified};
use crate::scheduler::inject::Inject;
use crate::scheduler::queue::{Slot, Stealer};
use crate::scheduler::watch::{Tally, Vigil, Watched};
use crate::scheduler::{BlockingPool, Config};
use crate::{coop, current};

/// Homes of tasks that threads outside the runtime spawn: more than one, lest they and the workers
/// that complete those tasks meet at one lock.
pub(super) const OUTSIDE_HOMES: usize = 8;

/// One scheduler. Workers, handles and live tasks keep it alive.
pub(crate) struct Shared {
    pub(super) workers: Box<[CachePadded<Remote>]>,
    pub(super) inject: Inject<Notified>,
    pub(super) idle: Idle,
    pub(super) groups: Box<[Group]>,
    /// One a seat, then [`OUTSIDE_HOMES`].
    pub(super) homes: Box<[CachePadded<Home>]>,
    /// The wheel of threads that are no workers.
    pub(super) outside_timers: Arc<Timers>,
    pub(super) blocking: BlockingPool,
    pub(super) config: Config,
    pub(super) shutting_down: AtomicBool,
    pub(super) presence: Presence,
    pub(super) spares: Spares,
    pub(super) vigil: Vigil,
    pub(super) tally: Tally,
    /// Workers that are there from start to end; the seats after them are for spares.
    pub(super) permanent: usize,
    /// Seats that have ever been taken: nobody need look beyond.
    pub(super) seats_in_use: AtomicUsize,
    /// Bumped by the monitor every few milliseconds while somebody works.
    pub(super) beat: CachePadded<AtomicU32>,
}

/// The part of a worker that others reach.
#[derive(Debug)]
pub(super) struct Remote {
    pub(super) stealer: Stealer<Notified>,
    pub(super) slot: Slot,
    pub(super) sleeper: Sleeper,
    pub(super) timers: Arc<Timers>,
    pub(super) stats: WorkerStats,
    pub(super) watched: CachePadded<Watched>,
    /// Whether a spare's seat has a worker.
    taken: AtomicBool,
    /// Set by the monitor: the spare is not needed any more.
    dismissed: AtomicBool,
    /// Set by the worker while it is in `block_in_place`.
    blocking: AtomicBool,
}

impl Remote {
    pub(super) fn new(stealer: Stealer<Notified>, timers: Arc<Timers>) -> Self {
        Remote {
            stealer,
            slot: Slot::new(),
            sleeper: Sleeper::new(),
            timers,
            stats: WorkerStats::default(),
            watched: CachePadded::new(Watched::new()),
            taken: AtomicBool::new(false),
            dismissed: AtomicBool::new(false),
            blocking: AtomicBool::new(false),
        }
    }

    pub(super) fn is_taken(&self) -> bool {
        self.taken.load(Ordering::Relaxed)
    }

    pub(super) fn dismiss(&self) {
        self.dismissed.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_dismissed(&self) -> bool {
        self.dismissed.load(Ordering::Relaxed)
    }

    pub(super) fn is_blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    pub(super) fn set_blocking(&self, blocking: bool) {
        self.blocking.store(blocking, Ordering::Relaxed);
    }
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
            Some(worker) => worker.index(),
            None => self.seats() + meta.id.get() as usize % OUTSIDE_HOMES,
        });
        let home = HomeRef::new(&self.homes[home], self);
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

    #[inline]
    fn schedule(&self, task: Notified) {
        Worker::with_current(self, |worker| match worker {
            Some(worker) => worker.schedule(task),
            None => self.push(task),
        });
    }

    /// Takes a task from a thread that is no worker of this scheduler.
    pub(super) fn push(&self, task: Notified) {
        self.inject.push(task);
        self.wake_one();
    }

    /// Wakes a worker for a task that has been pushed, if nobody looks for one already.
    pub(super) fn notify(&self) {
        if self.seats_in_use() > 1 {
            // SeqCst: a push against a worker that goes to sleep or ends a search; see idle.rs.
            fence(Ordering::SeqCst);
            self.wake_one();
        }
    }

    /// As [`notify`](Self::notify), for a caller that has fenced since its push.
    pub(super) fn wake_one(&self) {
        // A worker outside the poll wakes by a futex, one inside by a write to an eventfd.
        let in_poll = self.groups.iter().filter_map(Group::poller);
        if let Some(worker) = self.idle.claim_sleeper(in_poll) {
            self.unpark(worker);
        }
    }

    /// Wakes a sleeper of a group, not to search but to take the poll.
    pub(super) fn call_to_poll(&self, group: usize) {
        let mut seats = self.seats_of_group(group);
        if let Some(sleeper) = seats.find(|&worker| self.idle.is_sleeping(worker)) {
            self.unpark(sleeper);
        }
    }

    /// Searches the live lists for a task.
    pub(super) fn meta_of(&self, task: u64) -> Option<Meta> {
        self.homes.iter().find_map(|home| home.live.meta_of(task))
    }

    pub(super) fn has_sleeper(&self, group: usize) -> bool {
        self.seats_of_group(group)
            .any(|worker| self.idle.is_sleeping(worker))
    }

    pub(super) fn unpark(&self, worker: usize) {
        let group = self.group_of(worker);
        self.workers[worker]
            .sleeper
            .unpark(|| group.alarm.io().unpark());
    }

    /// Moves the task in a worker's slot to where others take it.
    pub(super) fn free_slot(&self, worker: usize) {
        if let Some(task) = self.workers[worker].slot.take() {
            self.push(task);
        }
    }

    /// Lets the worker in the poll see to the timers of one that does not.
    pub(super) fn hand_over_timers(&self, worker: usize) {
        let due = self.workers[worker].timers.next_due();
        self.group_of(worker)
            .alarm
            .ring_before(due.saturating_add(GRACE_NS));
    }

    /// Makes all workers turn to timers and sockets after their present poll.
    pub(super) fn beat(&self) {
        let next = self.beat.load(Ordering::Relaxed).wrapping_add(1);
        self.beat.store(next, Ordering::Relaxed);
    }

    pub(super) fn seat_taken(&self, worker: usize) {
        let remote = &self.workers[worker];
        remote.dismissed.store(false, Ordering::Relaxed);
        remote.taken.store(true, Ordering::Relaxed);
        self.idle.seat_taken();
        self.seats_in_use.fetch_max(worker + 1, Ordering::Relaxed);
    }

    pub(super) fn seat_left(&self, worker: usize) {
        self.workers[worker].taken.store(false, Ordering::Relaxed);
        self.idle.seat_left();
    }

    /// All seats, taken or not.
    pub(super) fn seats(&self) -> usize {
        self.workers.len()
    }

    pub(super) fn seats_in_use(&self) -> usize {
        self.seats_in_use.load(Ordering::Relaxed)
    }

    pub(super) fn in_use(&self) -> &[CachePadded<Remote>] {
        &self.workers[..self.seats_in_use()]
    }

    pub(super) fn is_permanent(&self, worker: usize) -> bool {
        worker < self.permanent
    }

    /// Whether a seat has a worker.
    pub(super) fn is_present(&self, worker: usize) -> bool {
        self.is_permanent(worker) || self.workers[worker].is_taken()
    }

    /// The group of a worker; spares are dealt out to the groups in turn.
    pub(super) fn group_index(&self, worker: usize) -> usize {
        match self.is_permanent(worker) {
            true => Group::index_of(worker),
            false => (worker - self.permanent) % self.groups.len(),
        }
    }

    pub(super) fn seats_of_group(&self, group: usize) -> impl Iterator<Item = usize> {
        (0..self.seats_in_use()).filter(move |&worker| self.group_index(worker) == group)
    }

    /// Whether a task waits where a worker could take it.
    pub(super) fn has_visible_work(&self) -> bool {
        !self.inject.is_empty()
            || self
                .in_use()
                .iter()
                .any(|worker| !worker.stealer.is_empty())
    }

    pub(super) fn group_of(&self, worker: usize) -> &Group {
        &self.groups[self.group_index(worker)]
    }

    pub(super) fn is_shutting_down(&self) -> bool {
        // Acquire: pairs with the store in start_shutdown().
        self.shutting_down.load(Ordering::Acquire)
    }

    /// Runs `f`, which blocks; if this thread is a worker, others take over meanwhile.
    pub(crate) fn block_in_place<R>(&self, f: impl FnOnce() -> R) -> R {
        Worker::with_current(self, |worker| match worker {
            Some(worker) => worker.block_in_place(f),
            None => {
                let _may_block = current::stop_driving();
                coop::with_unconstrained(f)
            }
        })
    }

    /// The reactor's handle for sockets made by this thread.
    pub(crate) fn io(&self) -> &io_driver::Handle {
        let index = Worker::with_current(self, |worker| worker.map_or(0, Worker::index));
        self.group_of(index).alarm.io()
    }

    /// The wheel for timers that are set by this thread.
    pub(crate) fn timers(&self) -> &Arc<Timers> {
        let own = Worker::with_current(self, |worker| worker.map(Worker::index));
        match own {
            Some(index) => &self.workers[index].timers,
            None => &self.outside_timers,
        }
    }

    /// Whether `timers` is one of this scheduler's wheels.
    pub(crate) fn owns_timers(&self, timers: &Arc<Timers>) -> bool {
        Arc::ptr_eq(timers, &self.outside_timers)
            || self
                .workers
                .iter()
                .any(|worker| Arc::ptr_eq(timers, &worker.timers))
    }

    pub(crate) fn blocking(&self) -> &BlockingPool {
        &self.blocking
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn workers(&self) -> usize {
        self.permanent
    }

    /// Spare workers that are at work.
    pub(crate) fn active_spares(&self) -> usize {
        self.idle.taken().saturating_sub(self.permanent)
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn alive_tasks(&self) -> usize {
        self.homes.iter().map(|home| home.live.len()).sum()
    }

    pub(crate) fn injected_tasks(&self) -> usize {
        self.inject.len()
    }

    pub(crate) fn queued_tasks(&self, worker: usize) -> usize {
        let worker = &self.workers[worker];
        worker.stealer.len() + usize::from(!worker.slot.is_empty())
    }

    /// The seat of this thread, if it is one of this scheduler's workers and no spare.
    pub(crate) fn worker_index(&self) -> Option<usize> {
        let index = Worker::with_current(self, |worker| worker.map(Worker::index))?;
        (index < self.workers()).then_some(index)
    }

    pub(crate) fn stats(&self, worker: usize) -> &WorkerStats {
        &self.workers[worker].stats
    }

    pub(crate) fn io_handles(&self) -> impl Iterator<Item = &io_driver::Handle> {
        self.groups.iter().map(|group| group.alarm.io())
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("multi_thread::Shared")
            .field("workers", &self.workers.len())
            .field("idle", &self.idle)
            .finish_non_exhaustive()
    }
}
