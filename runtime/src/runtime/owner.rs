//! The owner of a runtime: who drops it ends it.

use std::io;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::{Duration, Instant};

use super::{Builder, EnterGuard, Handle, RuntimeMetrics};
use crate::current;
use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::{self, multi_thread::Threads};
use crate::util::join::{join_all, join_within};
use crate::util::large::{box_if_large, pin_if_large};
use crate::util::say::say;

/// Waiting at shutdown is reported after this time.
const REPORT_AFTER: Duration = Duration::from_secs(1);

/// A runtime: worker threads, a reactor, timers and a pool for blocking calls.
///
/// Dropping it ends it: each task's future is dropped at its next suspension point. Outside async
/// code the drop waits for the polls and the blocking closures that are under way, for as long as
/// they take; [`shutdown_timeout`](Self::shutdown_timeout) sets a bound. Inside async code, where
/// waiting would block, it acts as [`shutdown_background`](Self::shutdown_background). So it does on
/// the runtime's own threads, where it would wait for itself: in its blocking closures, in `block_in_place`
/// of its tasks, in `on_stall`.
///
/// # `fork`
///
/// The child of a `fork` has none of the runtime's threads. There, whatever spawns onto this
/// runtime, blocks on it or polls a timer of it panics, a socket cannot be registered with it, and dropping it does
/// nothing; wakes and aborts of its tasks go nowhere;
/// a task that forks and returns to the scheduler in the child aborts the child. A new runtime can be
/// built in the child. What the parent's runtime does is not disturbed. (Noticed are calls of the C
/// library's `fork`, not of the bare system call.)
///
/// As in any program of several threads, a lock of some library that another thread holds at the moment of the `fork`
/// stays locked in the child. Fork before there are threads, or let the child call `exec`, to be safe from that.
///
/// # Examples
///
/// ```
/// let rt = runtime::Runtime::new().unwrap();
/// let sum = rt.block_on(async {
///     let tasks: Vec<_> = (0..10).map(|n| runtime::spawn(async move { n * n })).collect();
///     let mut sum = 0;
///     for task in tasks {
///         sum += task.await.unwrap();
///     }
///     sum
/// });
/// assert_eq!(sum, 285);
/// ```
#[derive(Debug)]
pub struct Runtime {
    handle: Handle,
    /// Of a multi-threaded runtime that has not been shut down.
    threads: Option<Threads>,
    is_shut_down: bool,
}

// A panic of user code leaves no state of the runtime broken.
impl UnwindSafe for Runtime {}
impl RefUnwindSafe for Runtime {}

impl Runtime {
    /// Builds a multi-threaded runtime with default settings.
    ///
    /// # Errors
    ///
    /// A thread or a descriptor cannot be had; see [`Builder::build`].
    pub fn new() -> io::Result<Runtime> {
        Builder::new_multi_thread().build()
    }

    pub(super) fn from_parts(inner: scheduler::Handle, threads: Option<Threads>) -> Self {
        Runtime {
            handle: Handle { inner },
            threads,
            is_shut_down: false,
        }
    }

    /// Returns a handle, to be cloned for other threads.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Runs a future to its end on this thread.
    ///
    /// A current-thread runtime runs its tasks, timers and sockets here meanwhile; those of a
    /// multi-threaded one go on by themselves. The future itself is not a task and never moves to
    /// another thread.
    ///
    /// # Panics
    ///
    /// If this thread already runs async code, or if the future panics.
    ///
    /// # Examples
    ///
    /// ```
    /// let rt = runtime::Runtime::new().unwrap();
    /// let name = String::from("ferris");
    /// // The future may borrow: it stays on this thread.
    /// assert_eq!(rt.block_on(async { name.len() }), 6);
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        pin_if_large!(F, future, self.handle.drive(future))
    }

    /// Spawns a future; see [`spawn`](crate::spawn).
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let meta = Meta::here(None);
        pin_if_large!(F, future, self.handle.inner.spawn(future, meta))
    }

    /// Runs a closure that blocks on a thread made for that; see
    /// [`spawn_blocking`](crate::task::spawn_blocking).
    #[track_caller]
    pub fn spawn_blocking<F, R>(&self, f: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let meta = Meta::here(None);
        box_if_large!(F, f, self.handle.inner.spawn_blocking(f, meta))
    }

    /// Enters the runtime; see [`Handle::enter`].
    pub fn enter(&self) -> EnterGuard<'_> {
        self.handle.enter()
    }

    /// Returns what the runtime knows of itself.
    pub fn metrics(&self) -> RuntimeMetrics {
        self.handle.metrics()
    }

    /// Shuts the runtime down and waits for at most `duration`; where a drop would not wait, not at all.
    ///
    /// What is still running then (a poll that does not end, a blocking closure, the drop of a thread-local value)
    /// goes on without a runtime, and its thread ends when it does.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{sync::mpsc, time::Duration};
    ///
    /// let rt = runtime::Runtime::new().unwrap();
    /// let (_never, receiver) = mpsc::channel::<()>();
    /// rt.spawn_blocking(move || receiver.recv()); // a drop would wait for it
    /// rt.shutdown_timeout(Duration::from_millis(10));
    /// ```
    pub fn shutdown_timeout(mut self, duration: Duration) {
        self.shut_down(Some(duration));
    }

    /// Shuts the runtime down without waiting.
    ///
    /// # Examples
    ///
    /// Inside async code, which must not wait:
    ///
    /// ```
    ///
    /// use runtime::{Builder, Runtime};
    ///
    /// async fn end(rt: Runtime) {
    ///     rt.shutdown_background();
    /// }
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let other = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    /// let task = other.spawn(std::future::pending::<()>());
    /// end(other).await;
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// # }
    /// ```
    pub fn shutdown_background(mut self) {
        self.shut_down(Some(Duration::ZERO));
    }

    fn shut_down(&mut self, timeout: Option<Duration>) {
        if std::mem::replace(&mut self.is_shut_down, true) {
            return;
        }
        if !self.handle.inner.config().origin.is_here() {
            return self.leak();
        }
        self.handle.inner.blocking().shutdown();
        match &self.handle.inner {
            scheduler::Handle::MultiThread(shared) => shared.start_shutdown(),
            scheduler::Handle::CurrentThread(shared) => {
                let _guard = self.handle.enter();
                shared.shut_down();
            }
        }
        if current::is_driving() || self.is_own_thread() {
            return;
        }
        let started = Instant::now();
        let mut have_left = self.wait(started, timeout.unwrap_or(REPORT_AFTER));
        if !have_left && timeout.is_none() {
            self.report_wait();
            have_left = self.wait(started, Duration::MAX);
        }
        if have_left {
            self.join(timeout.map(|timeout| timeout.saturating_sub(started.elapsed())));
        }
    }

    /// Whether this is a thread of the runtime: it would wait for itself, and so would whoever waits
    /// for what it runs.
    fn is_own_thread(&self) -> bool {
        let is_worker = match &self.handle.inner {
            scheduler::Handle::MultiThread(shared) => shared.runs_here(),
            scheduler::Handle::CurrentThread(_) => false,
        };
        is_worker || self.handle.inner.blocking().runs_here()
    }

    /// In a fork nobody can end what the runtime holds, and nothing of it may be touched.
    fn leak(&mut self) {
        std::mem::forget(self.threads.take());
        std::mem::forget(self.handle.clone());
    }

    /// Waits until `timeout` after `started`; whether all threads have left the runtime.
    fn wait(&self, started: Instant, timeout: Duration) -> bool {
        let left = || Some(timeout.saturating_sub(started.elapsed()));
        self.threads
            .as_ref()
            .is_none_or(|threads| threads.wait(left()))
            && self.handle.inner.blocking().wait(left())
    }

    /// Waits for the ends of threads that have left.
    fn join(&mut self, timeout: Option<Duration>) {
        let workers = self.threads.as_mut().map(Threads::take_handles);
        let mut threads = workers.unwrap_or_default();
        threads.extend(self.handle.inner.blocking().take_last_thread());
        match timeout {
            None => join_all(threads),
            Some(timeout) => join_within(threads, timeout),
        }
    }

    #[cold]
    fn report_wait(&self) {
        let workers = self.threads.as_ref().map_or(0, Threads::running);
        let blocking = self.handle.inner.blocking().metrics().threads;
        say(format!(
            "runtime: shutdown waits for {workers} worker threads and {blocking} blocking threads \
             to finish what they run; `shutdown_timeout` sets a bound"
        ));
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.shut_down(None);
    }
}
