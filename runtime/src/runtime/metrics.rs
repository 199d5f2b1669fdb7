//! What a runtime knows of itself.

use std::fmt;
use std::time::Duration;

use crate::blocking;
use crate::scheduler::{self, Tally, multi_thread::WorkerStats};

/// Reads a runtime's counters.
///
/// Reading disturbs no worker. A worker brings its own counters up to date every few dozen polls
/// and before it sleeps, so that those of a busy one are a little behind. A current-thread runtime
/// has one worker, whose counters stay zero. In a fork of the process the live tasks, the blocking pool
/// and the sockets count zero.
#[derive(Clone)]
pub struct RuntimeMetrics {
    handle: scheduler::Handle,
}

impl RuntimeMetrics {
    pub(super) fn new(handle: scheduler::Handle) -> Self {
        RuntimeMetrics { handle }
    }

    /// Returns the number of workers.
    pub fn num_workers(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 1,
            scheduler::Handle::MultiThread(shared) => shared.workers(),
        }
    }

    /// Returns the number of tasks that have been spawned and have not ended.
    pub fn num_alive_tasks(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => shared.alive_tasks(),
            scheduler::Handle::MultiThread(shared) => shared.alive_tasks(),
        }
    }

    /// Returns the number of tasks that wait in the queue that threads outside the runtime push to.
    pub fn global_queue_depth(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => shared.injected_tasks(),
            scheduler::Handle::MultiThread(shared) => shared.injected_tasks(),
        }
    }

    /// Returns the number of tasks that wait in a worker's own queue.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_local_queue_depth(&self, worker: usize) -> usize {
        self.check(worker);
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 0,
            scheduler::Handle::MultiThread(shared) => shared.queued_tasks(worker),
        }
    }

    /// Returns how many times a worker has polled a task.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_poll_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.polls.get())
    }

    /// Returns how many times a worker has stolen tasks from another.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_steal_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.steals.get())
    }

    /// Returns how many times a worker has gone to sleep.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_park_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.parks.get())
    }

    /// Returns how many times a worker has gone to sleep and got up, together: an odd number says that it
    /// sleeps.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_park_unpark_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.parks.get() + stats.unparks.get())
    }

    /// Returns how long a worker has been awake.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_total_busy_duration(&self, worker: usize) -> Duration {
        Duration::from_nanos(self.stat(worker, |stats| stats.busy_ns.get()))
    }

    /// Returns how many polls have been cut short because a task had spent its budget.
    pub fn budget_forced_yield_count(&self) -> u64 {
        (0..self.num_workers())
            .map(|worker| self.stat(worker, |stats| stats.forced_yields.get()))
            .sum()
    }

    /// Returns how many polls have lasted longer than
    /// [`stall_threshold`](super::Builder::stall_threshold).
    pub fn stalls(&self) -> u64 {
        self.tally(Tally::stalls)
    }

    /// Returns how many times a worker has been found stuck and others were helped past it.
    pub fn rescues(&self) -> u64 {
        self.tally(Tally::rescues)
    }

    /// Returns the longest stall that was reported, as long as it was when it was reported last.
    pub fn longest_stall(&self) -> Duration {
        self.tally(Tally::longest_stall)
    }

    /// Returns the number of extra seats that are taken by spare workers, those that are on their way included.
    pub fn spares(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 0,
            scheduler::Handle::MultiThread(shared) => shared.active_spares(),
        }
    }

    /// Returns the number of threads that run tasks, wait to do so, or are in
    /// [`block_in_place`](crate::task::block_in_place): the workers', the spares' and those that stay for a while.
    pub fn num_threads(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 1,
            scheduler::Handle::MultiThread(shared) => shared.threads(),
        }
    }

    /// Returns how many times a thread was wanted, as a spare or in the place of one that blocks, and none could be had: there are
    /// [as many as there may be](super::Builder::max_spares), or the system gives none.
    pub fn spares_refused(&self) -> u64 {
        self.tally(Tally::refusals)
    }

    /// Returns how many reports of stalls were dropped because the function set by
    /// [`on_stall`](super::Builder::on_stall) had not returned from earlier ones, or there was no thread to call it on.
    pub fn stall_reports_dropped(&self) -> u64 {
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 0,
            scheduler::Handle::MultiThread(shared) => shared.dropped_reports(),
        }
    }

    /// Returns the number of reactors. There is one for up to eight workers; new descriptors go to the one with the
    /// fewest.
    pub fn num_reactors(&self) -> usize {
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 1,
            scheduler::Handle::MultiThread(shared) => shared.io_handles().count(),
        }
    }

    /// Returns how many descriptors are registered with a reactor.
    ///
    /// # Panics
    ///
    /// If there is no such reactor.
    #[track_caller]
    pub fn reactor_fd_count(&self, reactor: usize) -> u64 {
        let count = self.num_reactors();
        assert!(
            reactor < count,
            "there is no reactor {reactor}: they are numbered from 0 to {}",
            count - 1
        );
        let registered = |metrics: io_driver::Metrics| metrics.registered - metrics.deregistered;
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => registered(shared.io().metrics()),
            scheduler::Handle::MultiThread(shared) => {
                let mut handles = shared.io_handles();
                registered(handles.nth(reactor).expect("it was just counted").metrics())
            }
        }
    }

    /// Returns the number of threads for blocking closures.
    pub fn num_blocking_threads(&self) -> usize {
        self.pool().threads
    }

    /// Returns the number of threads for blocking closures that have nothing to do.
    pub fn num_idle_blocking_threads(&self) -> usize {
        self.pool().idle
    }

    /// Returns the number of blocking closures that wait for a thread.
    pub fn blocking_queue_depth(&self) -> usize {
        self.pool().queued
    }

    /// Returns how many descriptors have been registered with the reactor so far.
    pub fn io_driver_fd_registered_count(&self) -> u64 {
        self.io(|metrics| metrics.registered)
    }

    /// Returns how many descriptors have been deregistered from the reactor so far.
    pub fn io_driver_fd_deregistered_count(&self) -> u64 {
        self.io(|metrics| metrics.deregistered)
    }

    /// Returns how many readiness events the reactor has taken so far.
    pub fn io_driver_ready_count(&self) -> u64 {
        self.io(|metrics| metrics.ready_events)
    }

    fn pool(&self) -> blocking::Metrics {
        // In a fork the lock may be held by a thread that is not there.
        match self.handle.config().origin.is_here() {
            true => self.handle.blocking().metrics(),
            false => blocking::Metrics::default(),
        }
    }

    fn io(&self, count: impl Fn(io_driver::Metrics) -> u64) -> u64 {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => count(shared.io().metrics()),
            scheduler::Handle::MultiThread(shared) => {
                shared.io_handles().map(|io| count(io.metrics())).sum()
            }
        }
    }

    fn tally<T>(&self, read: impl Fn(&Tally) -> T) -> T {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => read(shared.tally()),
            scheduler::Handle::MultiThread(shared) => read(shared.tally()),
        }
    }

    #[track_caller]
    fn stat(&self, worker: usize, read: impl Fn(&WorkerStats) -> u64) -> u64 {
        self.check(worker);
        match &self.handle {
            scheduler::Handle::CurrentThread(_) => 0,
            scheduler::Handle::MultiThread(shared) => read(shared.stats(worker)),
        }
    }

    #[track_caller]
    fn check(&self, worker: usize) {
        let workers = self.num_workers();
        assert!(
            worker < workers,
            "there is no worker {worker}: they are numbered from 0 to {}",
            workers - 1
        );
    }
}

impl fmt::Debug for RuntimeMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuntimeMetrics")
            .field("num_workers", &self.num_workers())
            .field("num_alive_tasks", &self.num_alive_tasks())
            .finish_non_exhaustive()
    }
}
