//! What the workers of one runtime share, and how a task gets in.

use crossbeam_utils::CachePadded;
use std::fmt;

use super::group::Group;
use super::home::{Home, HomeRef};
use super::idle::Idle;
use super::park::Sleeper;
use super::stats::WorkerStats;
use super::worker::Worker;
use crate::driver::Timers;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::raw_task::{self, JoinHandle, Meta, Notified};
use crate::scheduler::inject::Inject;
use crate::scheduler::queue::{Slot, Stealer};
use crate::scheduler::{BlockingPool, Config};

/// Homes of tasks that threads outside the runtime spawn: more than one, lest they and the workers
/// that complete those tasks meet at one lock.
pub(super) const OUTSIDE_HOMES: usize = 8;

/// One scheduler. Workers, handles and live tasks keep it alive.
pub(crate) struct Shared {
    pub(super) workers: Box<[CachePadded<Remote>]>,
    pub(super) inject: Inject<Notified>,
    pub(super) idle: Idle,
    pub(super) groups: Box<[Group]>,
    /// One a worker, then [`OUTSIDE_HOMES`].
    pub(super) homes: Box<[CachePadded<Home>]>,
    /// The wheel of threads that are no workers.
    pub(super) outside_timers: Arc<Timers>,
    pub(super) blocking: BlockingPool,
    pub(super) config: Config,
    pub(super) shutting_down: AtomicBool,
    /// Workers that have not left for good; the last one cleans up.
    pub(super) present: AtomicUsize,
}

/// The part of a worker that others reach.
#[derive(Debug)]
pub(super) struct Remote {
    pub(super) stealer: Stealer<Notified>,
    pub(super) slot: Slot,
    pub(super) sleeper: Sleeper,
    pub(super) timers: Arc<Timers>,
    pub(super) stats: WorkerStats,
}

impl Shared {
    /// Spawns a future; if the runtime is shut down it is dropped at once and the handle says so.
    pub(crate) fn spawn<F>(self: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let home = Worker::with_current(self, |worker| match worker {
            Some(worker) => worker.index(),
            None => self.workers.len() + meta.id.get() as usize % OUTSIDE_HOMES,
        });
        let home = HomeRef::new(&self.homes[home], self);
        let home_of_task = home.home() as *const Home;
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
        if self.workers.len() > 1 {
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

    /// Wakes a sleeper of a worker's group, not to search but to take the poll.
    pub(super) fn call_to_poll(&self, worker: usize) {
        let mut members = Group::members(Group::index_of(worker), self.workers.len());
        if let Some(sleeper) = members.find(|&member| self.idle.is_sleeping(member)) {
            self.unpark(sleeper);
        }
    }

    pub(super) fn unpark(&self, worker: usize) {
        let group = self.group_of(worker);
        self.workers[worker]
            .sleeper
            .unpark(|| group.alarm.io().unpark());
    }

    /// Whether a task waits where a worker could take it.
    pub(super) fn has_visible_work(&self) -> bool {
        !self.inject.is_empty() || self.workers.iter().any(|worker| !worker.stealer.is_empty())
    }

    pub(super) fn group_of(&self, worker: usize) -> &Group {
        &self.groups[Group::index_of(worker)]
    }

    pub(super) fn is_shutting_down(&self) -> bool {
        // Acquire: pairs with the store in start_shutdown().
        self.shutting_down.load(Ordering::Acquire)
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
        self.workers.len()
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
