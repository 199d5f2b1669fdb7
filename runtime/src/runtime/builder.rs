//! Settings of a runtime.

mod build;
mod hooks;
mod poll_times;

use std::fmt;
use std::time::Duration;

use self::poll_times::PollTimeSettings;
use super::RngSeed;
use crate::primitive::sync::Arc;
use crate::scheduler::{StallReport, TaskHooks, Vigilance};
use crate::util::callback::Callback;
use crate::util::thread_builder::ThreadName;

/// What a current-thread runtime, or a [`LocalSet`](crate::task::LocalSet), does when a task panics.
///
/// # Examples
///
/// A server that does not live on with a part of it gone:
///
/// ```
///
/// use runtime::runtime::{Builder, UnhandledPanic};
///
/// let rt = Builder::new_current_thread()
///     .unhandled_panic(UnhandledPanic::ShutdownRuntime)
///     .build()
///     .unwrap();
/// let ended = std::panic::catch_unwind(|| {
///     rt.spawn(async { panic!("boom") });
///     rt.block_on(std::future::pending::<()>());
/// });
/// assert!(ended.is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnhandledPanic {
    /// Nothing: the panic goes to whoever awaits the task.
    #[default]
    Ignore,
    /// All tasks are dropped, and `block_on` panics, too, and so does what runs a `LocalSet`.
    ShutdownRuntime,
}

/// Builds a [`Runtime`](super::Runtime).
///
/// # Examples
///
/// ```
/// use runtime::runtime::Builder;
///
/// let rt = Builder::new_multi_thread()
///     .worker_threads(2)
///     .thread_name("my-worker")
///     .build()
///     .unwrap();
/// assert_eq!(rt.metrics().num_workers(), 2);
/// ```
#[must_use = "a builder builds nothing until `build` is called"]
pub struct Builder {
    multi_thread: bool,
    workers: Option<usize>,
    max_blocking_threads: usize,
    thread_name: Option<ThreadName>,
    stack_size: Option<usize>,
    keep_alive: Duration,
    start_paused: bool,
    unhandled_panic: UnhandledPanic,
    event_interval: u32,
    global_queue_interval: u32,
    max_io_events: usize,
    max_busy_io_events: Option<usize>,
    lifo_slot: bool,
    seed: Option<RngSeed>,
    poll_times: PollTimeSettings,
    vigilance: Vigilance,
    max_spares: usize,
    /// Whether the program has said that it wants to know of stalls.
    stalls_matter: bool,
    name: Option<String>,
    task_hooks: TaskHooks,
    on_thread_start: Callback,
    on_thread_stop: Callback,
    on_thread_park: Callback,
    on_thread_unpark: Callback,
}

/// As many as the blocking pool may have by default: what blocks, blocks a thread in either.
const MAX_SPARES: usize = 512;

impl Builder {
    /// Starts a runtime whose tasks run on worker threads.
    pub fn new_multi_thread() -> Builder {
        Builder::new(true)
    }

    /// Starts a runtime whose tasks run on the thread that is in
    /// [`block_on`](super::Runtime::block_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::thread;
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_current_thread().build().unwrap();
    /// let ran_on = rt.spawn(async { thread::current().id() });
    /// assert_eq!(rt.block_on(ran_on).unwrap(), thread::current().id());
    /// ```
    pub fn new_current_thread() -> Builder {
        Builder::new(false)
    }

    fn new(multi_thread: bool) -> Builder {
        Builder {
            multi_thread,
            workers: None,
            max_blocking_threads: 512,
            thread_name: None,
            stack_size: None,
            keep_alive: Duration::from_secs(10),
            start_paused: false,
            unhandled_panic: UnhandledPanic::Ignore,
            event_interval: 61,
            global_queue_interval: 31,
            max_io_events: 1024,
            max_busy_io_events: None,
            lifo_slot: true,
            seed: None,
            poll_times: PollTimeSettings::new(),
            vigilance: Vigilance {
                rescue: true,
                rescue_threshold: Duration::from_millis(10),
                stall_threshold: Duration::from_millis(100),
                on_stall: None,
                backtrace: false,
            },
            max_spares: MAX_SPARES,
            stalls_matter: false,
            name: None,
            task_hooks: TaskHooks::default(),
            on_thread_start: Callback::default(),
            on_thread_stop: Callback::default(),
            on_thread_park: Callback::default(),
            on_thread_unpark: Callback::default(),
        }
    }

    /// Sets the number of worker threads; a current-thread runtime has none and ignores it.
    ///
    /// Without it there is one for each core that the process may use, or as many as the
    /// environment variable `RUNTIME_WORKER_THREADS` says, or, if that is not set, tokio's `TOKIO_WORKER_THREADS`.
    ///
    /// # Panics
    ///
    /// If `workers` is zero.
    #[track_caller]
    pub fn worker_threads(&mut self, workers: usize) -> &mut Self {
        assert!(
            workers > 0,
            "a runtime needs a worker: give `worker_threads` at least 1, or use \
             `new_current_thread`"
        );
        self.workers = Some(workers);
        self
    }

    /// Sets how many threads may run blocking closures at once; 512 without it.
    ///
    /// # Panics
    ///
    /// If `threads` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    /// rt.block_on(async {
    ///     let first = runtime::task::spawn_blocking(|| 1);
    ///     let second = runtime::task::spawn_blocking(|| 2); // after the first
    ///     assert_eq!(second.await.unwrap() - first.await.unwrap(), 1);
    ///     assert_eq!(rt.metrics().num_blocking_threads(), 1);
    /// });
    /// ```
    #[track_caller]
    pub fn max_blocking_threads(&mut self, threads: usize) -> &mut Self {
        assert!(
            threads > 0,
            "blocking closures need a thread: give `max_blocking_threads` at least 1"
        );
        self.max_blocking_threads = threads;
        self
    }

    /// Names all threads that run tasks or blocking closures. Linux shows the first 15 bytes.
    ///
    /// The monitor and the thread that calls [`on_stall`](Self::on_stall) run neither: they are called `rt-monitor`
    /// and `rt-reporter`, or after the runtime's [`name`](Self::name).
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        self.thread_name_fn(move || name.clone())
    }

    /// Names each thread that runs tasks or blocking closures by a function; see
    /// [`thread_name`](Self::thread_name).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    /// use runtime::Builder;
    ///
    /// let count = AtomicUsize::new(0);
    /// let rt = Builder::new_multi_thread()
    ///     .worker_threads(2)
    ///     .thread_name_fn(move || format!("web-{}", count.fetch_add(1, Ordering::Relaxed)))
    ///     .build()
    ///     .unwrap();
    /// let name = rt.spawn(async { std::thread::current().name().map(str::to_owned) });
    /// assert!(rt.block_on(name).unwrap().unwrap().starts_with("web-"));
    /// ```
    pub fn thread_name_fn<F>(&mut self, name: F) -> &mut Self
    where
        F: Fn() -> String + Send + Sync + 'static,
    {
        self.thread_name = Some(Arc::new(name));
        self
    }

    /// Sets the stack size of the threads, in bytes.
    pub fn thread_stack_size(&mut self, bytes: usize) -> &mut Self {
        self.stack_size = Some(bytes);
        self
    }

    /// Sets how long a thread for blocking closures, or one that was a spare worker, stays without work; 10
    /// seconds without it.
    pub fn thread_keep_alive(&mut self, duration: Duration) -> &mut Self {
        self.keep_alive = duration;
        self
    }

    /// Calls `f` on each thread that the runtime starts for tasks or blocking closures, before these.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::cell::Cell;
    /// use runtime::Builder;
    ///
    /// thread_local! {
    ///     static IS_OURS: Cell<bool> = const { Cell::new(false) };
    /// }
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .on_thread_start(|| IS_OURS.set(true))
    ///     .build()
    ///     .unwrap();
    /// assert!(rt.block_on(rt.spawn(async { IS_OURS.get() })).unwrap());
    /// assert!(!IS_OURS.get());
    /// ```
    pub fn on_thread_start<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn() + Send + Sync + 'static,
    {
        self.on_thread_start = Callback::new(f);
        self
    }

    /// Calls `f` on each thread that the runtime has started for tasks or blocking closures, before it ends.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
    /// use runtime::Builder;
    ///
    /// let stopped = Arc::new(AtomicUsize::new(0));
    /// let counter = stopped.clone();
    /// let rt = Builder::new_multi_thread()
    ///     .worker_threads(2)
    ///     .on_thread_stop(move || {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     })
    ///     .build()
    ///     .unwrap();
    /// drop(rt); // waits for its threads
    /// assert_eq!(stopped.load(Ordering::Relaxed), 2);
    /// ```
    pub fn on_thread_stop<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn() + Send + Sync + 'static,
    {
        self.on_thread_stop = Callback::new(f);
        self
    }

    /// Calls `f` on a worker that is about to sleep. What it spawns is run before.
    ///
    /// # Examples
    ///
    /// Something to do while there is nothing else, here to write out a log:
    ///
    /// ```
    ///
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_current_thread()
    ///     .on_thread_park(|| println!("going to sleep"))
    ///     .on_thread_unpark(|| println!("awake"))
    ///     .build()
    ///     .unwrap();
    /// let nap = async { runtime::time::sleep(std::time::Duration::from_millis(1)).await };
    /// rt.block_on(nap);
    /// ```
    pub fn on_thread_park<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn() + Send + Sync + 'static,
    {
        self.on_thread_park = Callback::new(f);
        self
    }

    /// Calls `f` on a worker that has slept.
    pub fn on_thread_unpark<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn() + Send + Sync + 'static,
    {
        self.on_thread_unpark = Callback::new(f);
        self
    }

    /// Sets after how many polls a busy worker looks at timers and sockets; 61 without it.
    ///
    /// # Panics
    ///
    /// If `polls` is zero.
    ///
    /// # Examples
    ///
    /// For tasks whose polls are long, against tasks whose polls are many:
    ///
    /// ```
    ///
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .event_interval(10) // timers and sockets every 10 polls
    ///     .global_queue_interval(100) // tasks from other threads every 100
    ///     .build()
    ///     .unwrap();
    /// assert_eq!(rt.block_on(async { 7 }), 7);
    /// ```
    #[track_caller]
    pub fn event_interval(&mut self, polls: u32) -> &mut Self {
        assert!(polls > 0, "give `event_interval` at least 1 poll");
        self.event_interval = polls;
        self
    }

    /// Sets after how many polls, at most, a busy worker looks at tasks from outside; 31 without it.
    ///
    /// # Panics
    ///
    /// If `polls` is zero.
    #[track_caller]
    pub fn global_queue_interval(&mut self, polls: u32) -> &mut Self {
        assert!(polls > 0, "give `global_queue_interval` at least 1 poll");
        self.global_queue_interval = polls;
        self
    }

    /// Sets how many events one turn of the reactor takes at most; 1,024 without it.
    ///
    /// # Panics
    ///
    /// If `events` is zero.
    #[track_caller]
    pub fn max_io_events_per_tick(&mut self, events: usize) -> &mut Self {
        assert!(events > 0, "give `max_io_events_per_tick` at least 1 event");
        self.max_io_events = events;
        self
    }

    /// Sets how many events a turn of the reactor takes at most if it does not wait, because there are
    /// tasks to run; as many as [`max_io_events_per_tick`](Self::max_io_events_per_tick) without it.
    ///
    /// Under overload, events that are left in the kernel do not lengthen the queues.
    ///
    /// # Panics
    ///
    /// If `events` is zero.
    #[track_caller]
    pub fn max_io_events_per_busy_tick(&mut self, events: usize) -> &mut Self {
        assert!(
            events > 0,
            "give `max_io_events_per_busy_tick` at least 1 event"
        );
        self.max_busy_io_events = Some(events);
        self
    }

    /// Makes a woken task queue up behind the others instead of running next.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use runtime::{Builder, spawn};
    ///
    /// let rt = Builder::new_multi_thread().worker_threads(1).disable_lifo_slot().build().unwrap();
    /// let order: &Mutex<Vec<u32>> = Box::leak(Box::default());
    /// let parent = rt.spawn(async move {
    ///     let children = [1, 2].map(|n| spawn(async move { order.lock().unwrap().push(n) }));
    ///     for child in children {
    ///         child.await.unwrap();
    ///     }
    /// });
    /// rt.block_on(parent).unwrap();
    /// assert_eq!(*order.lock().unwrap(), [1, 2]); // as they were spawned
    /// ```
    pub fn disable_lifo_slot(&mut self) -> &mut Self {
        self.lifo_slot = false;
        self
    }

    /// Seeds the runtime's random choices, so that they repeat. A number is a seed, too.
    ///
    /// # Examples
    ///
    /// The same branches in each run:
    ///
    /// ```
    ///
    /// use std::future::ready;
    /// use runtime::Builder;
    ///
    /// fn run(seed: u64) -> Vec<u32> {
    ///     let rt = Builder::new_current_thread().rng_seed(seed).build().unwrap();
    ///     rt.block_on(async {
    ///         let mut chosen = Vec::new();
    ///         for _ in 0..20 {
    ///             chosen.push(runtime::select! { n = ready(1) => n, n = ready(2) => n });
    ///         }
    ///         chosen
    ///     })
    /// }
    /// assert_eq!(run(7), run(7));
    /// ```
    pub fn rng_seed(&mut self, seed: impl Into<RngSeed>) -> &mut Self {
        self.seed = Some(seed.into());
        self
    }

    /// Sets after which time in one poll a worker counts as stuck; 10 milliseconds without it.
    ///
    /// Others then take over what waits behind it: tasks, timers, sockets. While anybody works a monitor
    /// samples twice in this time, or eight times in the [`stall_threshold`](Self::stall_threshold) if that
    /// is more often, but not more than once in a millisecond. A sample costs some microseconds of a thread. Tasks of
    /// short polls that never end hold up sockets and timers until the next one, so a threshold of
    /// hours spares the samples and gives this up, too.
    pub fn rescue_threshold(&mut self, threshold: Duration) -> &mut Self {
        self.vigilance.rescue_threshold = threshold;
        self
    }

    /// Sets after which time in one poll a task is reported; 100 milliseconds without it.
    ///
    /// See [`on_stall`](Self::on_stall). On a current-thread runtime, which is not watched
    /// otherwise, either of the two starts a thread that does. A report costs some reads of
    /// what the system has counted for the thread (its time on a CPU and in wait for one) and a search
    /// of the live tasks, some ten milliseconds for a million of them.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{sync::mpsc, time::Duration};
    /// use runtime::{Builder, runtime::StallReport};
    ///
    /// let (sender, reports) = mpsc::channel::<StallReport>();
    /// let rt = Builder::new_multi_thread()
    ///     .stall_threshold(Duration::from_millis(5))
    ///     .on_stall(move |report| drop(sender.send(report.clone())))
    ///     .build()
    ///     .unwrap();
    /// let (release, blocked) = mpsc::channel::<()>();
    /// let stuck = rt.spawn(async move { blocked.recv() }); // blocks its thread
    /// assert_eq!(reports.recv().unwrap().task_id(), stuck.id());
    /// drop(release);
    /// ```
    pub fn stall_threshold(&mut self, threshold: Duration) -> &mut Self {
        self.vigilance.stall_threshold = threshold;
        self.stalls_matter = true;
        self
    }

    /// Sets how many more threads than workers may run tasks, and so how many tasks may be stuck or in
    /// [`block_in_place`](crate::task::block_in_place) at once before others wait; 512 without it.
    ///
    /// A spare thread comes when it is needed and nobody is free, one for each task that blocks at the most, and leaves
    /// when it has had nothing to do for the time set by [`thread_keep_alive`](Self::thread_keep_alive). If all
    /// are stuck or block, the rest waits until one comes back; standard error and
    /// [`RuntimeMetrics::spares_refused`](super::RuntimeMetrics::spares_refused) tell of that. Sockets and timers go on even
    /// then, so that whoever blocks on one of them comes back.
    ///
    /// # Examples
    ///
    /// Two tasks that block, and one that runs all the same:
    ///
    /// ```
    ///
    /// use std::sync::{Arc, Barrier};
    /// use runtime::{Builder, task::block_in_place};
    ///
    /// let rt = Builder::new_multi_thread().worker_threads(1).max_spares(2).build().unwrap();
    /// let all_three = Arc::new(Barrier::new(3));
    /// let tasks = [0, 1, 2].map(|_| {
    ///     let barrier = all_three.clone();
    ///     rt.spawn(async move { block_in_place(|| drop(barrier.wait())) })
    /// });
    /// tasks.into_iter().for_each(|task| rt.block_on(task).unwrap());
    /// ```
    pub fn max_spares(&mut self, spares: usize) -> &mut Self {
        self.max_spares = spares;
        self
    }

    /// Leaves those that wait behind a stuck worker to themselves. Stuck tasks are still reported.
    ///
    /// Spare workers still come for those that say that they block, by
    /// [`block_in_place`](crate::task::block_in_place).
    pub fn disable_rescue(&mut self) -> &mut Self {
        self.vigilance.rescue = false;
        self
    }

    /// Calls `f` when a task has been in one poll for longer than
    /// [`stall_threshold`](Self::stall_threshold), and again each time that time has doubled.
    ///
    /// It is called on a thread of its own, while the task is stuck, and may block: to rescue others does not wait for
    /// it. Reports that come meanwhile wait, and are dropped when there are too many
    /// ([`RuntimeMetrics::stall_reports_dropped`](super::RuntimeMetrics::stall_reports_dropped)). On a current-thread runtime it
    /// is the thread that watches. A runtime that ends does not wait for it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .on_stall(|stall| eprintln!("{stall}"))
    ///     .build()
    ///     .unwrap();
    /// # drop(rt);
    /// ```
    pub fn on_stall<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn(&StallReport) + Send + Sync + 'static,
    {
        self.vigilance.on_stall = Some(Arc::new(f));
        self.stalls_matter = true;
        self
    }

    /// Lets reports of stuck tasks have a [`backtrace`](super::StallReport::backtrace).
    ///
    /// The stuck thread is interrupted by a signal, once for each report, and copies its stack. The signal is the first
    /// real-time signal for which the process has no handler when the first report is near (most often
    /// `SIGRTMIN`); no handler is replaced, and a thread that blocks the signal is reported without a
    /// backtrace. On systems other than Linux, and on processors other than x86-64, this does nothing.
    ///
    /// System calls that the stuck task is in go on after the signal, but for those that Linux never restarts:
    /// they fail with [`ErrorKind::Interrupted`](std::io::ErrorKind::Interrupted). These are reads, writes, connects and accepts on a *blocking*
    /// socket with a timeout, `poll`, `select`, `epoll_wait`, `nanosleep`, `semop` and the like. What std
    /// offers either repeats them ([`thread::sleep`](std::thread::sleep), `read_exact`, `write_all`) or documents the
    /// error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::mpsc::channel;
    /// use std::thread;
    ///
    /// use runtime::runtime::{Builder, StallReport};
    ///
    /// // Printed elsewhere: it takes a while to look names up, and other reports would wait meanwhile.
    /// let (send, reports) = channel::<StallReport>();
    /// thread::spawn(move || reports.iter().for_each(|report| eprintln!("{report:#}")));
    /// let rt = Builder::new_multi_thread()
    ///     .stall_backtrace()
    ///     .on_stall(move |report| drop(send.send(report.clone())))
    ///     .build()
    ///     .unwrap();
    /// # drop(rt);
    /// ```
    #[cfg(feature = "backtrace")]
    pub fn stall_backtrace(&mut self) -> &mut Self {
        self.vigilance.backtrace = true;
        self
    }

    /// Names the runtime, and its threads after it unless they have names of their own
    /// ([`thread_name`](Self::thread_name)).
    ///
    /// # Panics
    ///
    /// If nothing but spaces is in the name.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread().name("db").build().unwrap();
    /// assert_eq!(rt.handle().name(), Some("db"));
    /// ```
    #[track_caller]
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        assert!(
            !name.trim().is_empty(),
            "give `name` a text that can be read"
        );
        self.name = Some(name);
        self
    }

    /// Starts the clock of a current-thread runtime paused; see
    /// [`time::pause`](crate::time::pause).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{Builder, time::{Duration, Instant, sleep}};
    ///
    /// let rt = Builder::new_current_thread().start_paused(true).build().unwrap();
    /// rt.block_on(async {
    ///     let start = Instant::now();
    ///     sleep(Duration::from_secs(3_600)).await; // ends at once
    ///     assert_eq!(start.elapsed(), Duration::from_secs(3_600));
    /// });
    /// ```
    pub fn start_paused(&mut self, paused: bool) -> &mut Self {
        self.start_paused = paused;
        self
    }

    /// Sets what a current-thread runtime does when a task panics.
    pub fn unhandled_panic(&mut self, behavior: UnhandledPanic) -> &mut Self {
        self.unhandled_panic = behavior;
        self
    }

    /// Does nothing: sockets are always on. It is there for programs that were written for tokio.
    pub fn enable_io(&mut self) -> &mut Self {
        self
    }

    /// Does nothing: timers are always on. It is there for programs that were written for tokio.
    pub fn enable_time(&mut self) -> &mut Self {
        self
    }

    /// Does nothing: sockets and timers are always on. It is there for programs that were written
    /// for tokio.
    pub fn enable_all(&mut self) -> &mut Self {
        self
    }

    /// Does nothing: timers are kept by each worker anyway. It is there for programs that were written for tokio.
    #[doc(hidden)]
    pub fn enable_alt_timer(&mut self) -> &mut Self {
        self
    }

    /// Does nothing: no worker keeps a reactor while it polls a task. It is there for programs that were written
    /// for tokio.
    #[doc(hidden)]
    pub fn enable_eager_driver_handoff(&mut self) -> &mut Self {
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("multi_thread", &self.multi_thread)
            .field("workers", &self.workers)
            .field("max_blocking_threads", &self.max_blocking_threads)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
