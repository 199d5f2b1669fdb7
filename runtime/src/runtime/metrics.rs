//! What a runtime knows of itself.

mod poll_times;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::thread::ThreadId;
use std::time::Duration;

use crate::blocking;
use crate::scheduler::{self, Tally, WorkerStats};

/// Reads a runtime's counters.
///
/// Reading disturbs no worker. A worker brings its own counters up to date every few dozen polls
/// and before it sleeps, so that those of a busy one are a little behind. A current-thread runtime
/// has one worker: whichever thread is in `block_on`, while it is. Spares are no workers and count nowhere. In a fork of the process the live tasks, the blocking pool
/// and the sockets count zero.
///
/// # Examples
///
/// ```
/// use runtime::Builder;
///
/// let rt = Builder::new_multi_thread().worker_threads(2).build().unwrap();
/// let metrics = rt.metrics();
/// let task = rt.spawn(std::future::pending::<()>());
/// assert_eq!((metrics.num_workers(), metrics.num_alive_tasks()), (2, 1));
///
/// let polls: u64 = (0..2).map(|worker| metrics.worker_poll_count(worker)).sum();
/// println!("{polls} polls so far");
/// # task.abort();
/// ```
#[derive(Clone)]
pub struct RuntimeMetrics {
    handle: scheduler::Handle,
}

// A panic of user code leaves no state of the runtime broken.
impl UnwindSafe for RuntimeMetrics {}
impl RefUnwindSafe for RuntimeMetrics {}

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

    /// Returns the number of tasks that have been spawned so far.
    pub fn spawned_tasks_count(&self) -> u64 {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => shared.spawned_tasks(),
            scheduler::Handle::MultiThread(shared) => shared.spawned_tasks(),
        }
    }

    /// The name that tokio gave [`num_alive_tasks`](Self::num_alive_tasks) before.
    #[deprecated(note = "it is called `num_alive_tasks` now")]
    #[doc(hidden)]
    pub fn active_tasks_count(&self) -> usize {
        self.num_alive_tasks()
    }

    /// The name that tokio gave [`global_queue_depth`](Self::global_queue_depth) before.
    #[deprecated(note = "it is called `global_queue_depth` now")]
    #[doc(hidden)]
    pub fn injection_queue_depth(&self) -> usize {
        self.global_queue_depth()
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
            scheduler::Handle::CurrentThread(shared) => shared.queued_tasks(),
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

    /// Returns how long a poll of a task takes a worker, what it does between two of them included: a moving average, in
    /// which the last few dozen polls matter. Zero before the first.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_mean_poll_time(&self, worker: usize) -> Duration {
        Duration::from_nanos(self.stat(worker, |stats| stats.mean_poll_ns.get()))
    }

    /// Returns how many tasks a worker has stolen from others.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_steal_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.stolen_tasks.get())
    }

    /// Returns how many times a worker has stolen: half of what another has each time.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_steal_operations(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.steals.get())
    }

    /// Returns how many times a task was put into a worker's queue by its own thread: woken there, or spawned.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_local_schedule_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.local_schedules.get())
    }

    /// Returns how many times a task has come from outside: woken or spawned by a thread that is no worker, or taken
    /// from one that is stuck.
    pub fn remote_schedule_count(&self) -> u64 {
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => shared.tasks_from_outside(),
            scheduler::Handle::MultiThread(shared) => shared.tasks_from_outside(),
        }
    }

    /// Returns how many times a worker's queue was full: never, as it grows. It is there for programs that were written
    /// for tokio.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_overflow_count(&self, worker: usize) -> u64 {
        self.check(worker);
        0
    }

    /// Returns which thread is the worker, or was it last: another may take a worker's place, and whoever is in
    /// `block_on` is that of a current-thread runtime. `None` before the first, and in a fork of the process.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_thread_id(&self, worker: usize) -> Option<ThreadId> {
        // In a fork the lock may be held by a thread that is not there.
        match self.handle.config().origin.is_here() {
            true => self.stats(worker).thread(),
            false => None,
        }
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

    /// Returns how many times a worker has got up and gone to sleep again without the poll of a task.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    #[track_caller]
    pub fn worker_noop_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.noops.get())
    }

    /// Returns how many times a worker has gone to sleep and got up, together: an odd number says that it
    /// sleeps.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread().worker_threads(4).build().unwrap();
    /// let metrics = rt.metrics();
    /// let sleeps = |worker: &usize| metrics.worker_park_unpark_count(*worker) % 2 == 1;
    /// println!("{} of 4 workers sleep", (0..4).filter(sleeps).count());
    /// ```
    #[track_caller]
    pub fn worker_park_unpark_count(&self, worker: usize) -> u64 {
        self.stat(worker, |stats| stats.parks.get() + stats.unparks.get())
    }

    /// Returns how long a worker has been awake.
    ///
    /// # Panics
    ///
    /// If there is no such worker.
    ///
    /// # Examples
    ///
    /// How busy the workers were in a time, in percent:
    ///
    /// ```
    ///
    /// use runtime::{runtime::Handle, time::{Duration, sleep}};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (metrics, time) = (Handle::current().metrics(), Duration::from_millis(5));
    /// let workers = metrics.num_workers();
    /// let busy = || (0..workers).map(|worker| metrics.worker_total_busy_duration(worker)).sum::<Duration>();
    /// let before = busy();
    /// sleep(time).await;
    /// let share = (busy() - before).as_secs_f64() / (time.as_secs_f64() * workers as f64);
    /// println!("{:.0} %", share * 100.0);
    /// # }
    /// ```
    #[track_caller]
    pub fn worker_total_busy_duration(&self, worker: usize) -> Duration {
        Duration::from_nanos(self.stat(worker, |stats| stats.busy_ns.get()))
    }

    /// Returns how often tasks that had spent their [budget](crate::task::coop) were made to let others go first: once for each
    /// operation that did not go on, so that one poll of a `join!` may count several times.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{Builder, task::consume_budget};
    ///
    /// let rt = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    /// let greedy = rt.spawn(async {
    ///     for _ in 0..100_000 {
    ///         consume_budget().await;
    ///     }
    /// });
    /// rt.block_on(greedy).unwrap();
    /// assert!(rt.metrics().budget_forced_yield_count() > 0);
    /// ```
    pub fn budget_forced_yield_count(&self) -> u64 {
        (0..self.num_workers())
            .map(|worker| self.stat(worker, |stats| stats.forced_yields.get()))
            .sum()
    }

    /// Returns how many polls have lasted longer than
    /// [`stall_threshold`](super::Builder::stall_threshold).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{sync::mpsc, thread, time::Duration};
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .stall_threshold(Duration::from_millis(5))
    ///     .on_stall(|_| ())
    ///     .build()
    ///     .unwrap();
    /// let metrics = rt.metrics();
    /// let (release, blocked) = mpsc::channel::<()>();
    /// rt.spawn(async move { blocked.recv() }); // blocks its thread
    /// while metrics.stalls() == 0 {
    ///     thread::yield_now();
    /// }
    /// drop(release);
    /// ```
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
    /// [`on_stall`](super::Builder::on_stall) had not returned from earlier ones, there was no thread to call it on, or the
    /// task had ended before it was found among very many.
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{net::UdpSocket, runtime::Handle};
    ///
    /// # #[runtime::main]
    /// # async fn main() -> std::io::Result<()> {
    /// let metrics = Handle::current().metrics();
    /// let registered = || (0..metrics.num_reactors()).map(|n| metrics.reactor_fd_count(n)).sum::<u64>();
    /// let before = registered();
    /// let _socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_eq!(registered(), before + 1);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{Builder, task::spawn_blocking};
    ///
    /// let rt = Builder::new_current_thread().build().unwrap();
    /// let metrics = rt.metrics();
    /// rt.block_on(async {
    ///     spawn_blocking(|| ()).await.unwrap();
    /// });
    /// assert_eq!(metrics.num_blocking_threads(), 1); // it stays for a while
    /// assert_eq!(metrics.blocking_queue_depth(), 0);
    /// ```
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
        read(self.stats(worker))
    }

    #[track_caller]
    fn stats(&self, worker: usize) -> &WorkerStats {
        self.check(worker);
        match &self.handle {
            scheduler::Handle::CurrentThread(shared) => shared.stats(),
            scheduler::Handle::MultiThread(shared) => shared.stats(worker),
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
