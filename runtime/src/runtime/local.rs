//! A runtime for one thread, whose tasks need not be `Send`.
//!
//! It owns a current-thread [`Runtime`] that nobody else gets to see, and cannot leave its
//! thread. So tasks are polled and dropped where they were spawned;
//! `scheduler/current_thread/home.rs` argues it.

use std::io;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::time::Duration;

use super::{Builder, EnterGuard, Handle, Runtime, RuntimeMetrics};
use crate::raw_task::{JoinHandle, Meta};
use crate::util::large::{box_if_large, pin_if_large};

/// A runtime whose tasks need not be `Send`: all of them run on the thread that built it.
///
/// Within it, [`task::spawn_local`](crate::task::spawn_local) spawns such tasks. Handles can be
/// sent to other threads, and spawn futures from there that are `Send`.
///
/// Dropping it drops each task's future, on its thread, and then waits for the blocking closures
/// under way. In all else it is as a current-thread [`Runtime`].
///
/// # Examples
///
/// ```
/// use std::{cell::Cell, rc::Rc};
///
/// let rt = runtime::LocalRuntime::new().unwrap();
/// let sum = Rc::new(Cell::new(0));
/// rt.block_on(async {
///     for n in 1..=4 {
///         let sum = sum.clone();
///         let add = runtime::task::spawn_local(async move { sum.set(sum.get() + n) });
///         add.await.unwrap();
///     }
/// });
/// assert_eq!(sum.get(), 10);
/// ```
///
/// It stays on its thread:
///
/// ```compile_fail,E0277
/// let rt = runtime::LocalRuntime::new().unwrap();
/// std::thread::spawn(move || rt.block_on(async {}));
/// ```
#[derive(Debug)]
pub struct LocalRuntime {
    runtime: Runtime,
    _stays_on_its_thread: PhantomData<*const ()>,
}

// A panic of user code stays in its task, or ends a `block_on` that leaves all in order.
impl UnwindSafe for LocalRuntime {}
impl RefUnwindSafe for LocalRuntime {}

/// Settings that only a local runtime has: none at present.
///
/// # Examples
///
/// ```
/// use runtime::{Builder, runtime::LocalOptions};
///
/// let rt = Builder::new_current_thread()
///     .thread_name("gui")
///     .build_local(LocalOptions::default())
///     .unwrap();
/// let name = std::rc::Rc::new("ferris");
/// assert_eq!(rt.block_on(rt.spawn_local(async move { name.len() })).unwrap(), 6);
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct LocalOptions {
    /// Leaves room for hooks that are not `Send`.
    _not_send: PhantomData<*const ()>,
}

impl LocalRuntime {
    /// Builds a local runtime with default settings; see [`Builder::build_local`] for others.
    ///
    /// # Errors
    ///
    /// A descriptor cannot be had.
    pub fn new() -> io::Result<LocalRuntime> {
        Builder::new_current_thread().build_local(LocalOptions::default())
    }

    /// Takes a runtime whose home is this thread.
    pub(super) fn at_home(runtime: Runtime) -> Self {
        LocalRuntime {
            runtime,
            _stays_on_its_thread: PhantomData,
        }
    }

    /// Returns a handle, to be cloned for other threads. What it spawns is `Send`.
    pub fn handle(&self) -> &Handle {
        self.runtime.handle()
    }

    /// Runs a future to its end on this thread, and tasks, timers and sockets meanwhile.
    ///
    /// # Panics
    ///
    /// If this thread already runs async code, or if the future panics.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        pin_if_large!(F, future, self.runtime.block_on(future))
    }

    /// Spawns a future that need not be `Send`; it runs while this thread is in
    /// [`block_on`](Self::block_on).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    ///
    /// let rt = runtime::LocalRuntime::new().unwrap();
    /// let count = Rc::new(Cell::new(0));
    /// let counted = count.clone();
    /// let task = rt.spawn_local(async move { counted.set(1) });
    /// assert_eq!(count.get(), 0); // nobody drives the runtime
    /// rt.block_on(task).unwrap();
    /// assert_eq!(count.get(), 1);
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let meta = Meta::here(None);
        let runtime = self.handle().scheduler();
        pin_if_large!(F, future, runtime.spawn_local(future, meta))
    }

    /// Spawns a future that is `Send`; see [`spawn`](crate::spawn).
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        pin_if_large!(F, future, self.runtime.spawn(future))
    }

    /// Runs a closure that blocks on a thread made for that; see
    /// [`spawn_blocking`](crate::task::spawn_blocking).
    #[track_caller]
    pub fn spawn_blocking<F, R>(&self, f: F) -> JoinHandle<R>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        box_if_large!(F, f, self.runtime.spawn_blocking(f))
    }

    /// Enters the runtime; see [`Handle::enter`]. Under the guard
    /// [`task::spawn_local`](crate::task::spawn_local) works, too.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use runtime::task::spawn_local;
    ///
    /// let rt = runtime::LocalRuntime::new().unwrap();
    /// let task = {
    ///     let _entered = rt.enter();
    ///     let name = Rc::new("ferris");
    ///     spawn_local(async move { name.len() })
    /// };
    /// assert_eq!(rt.block_on(task).unwrap(), 6);
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        self.runtime.enter()
    }

    /// Returns what the runtime knows of itself.
    pub fn metrics(&self) -> RuntimeMetrics {
        self.runtime.metrics()
    }

    /// Drops the tasks and waits for blocking closures, for at most `duration`.
    ///
    /// A closure that is still running then goes on without a runtime.
    pub fn shutdown_timeout(self, duration: Duration) {
        self.runtime.shutdown_timeout(duration);
    }

    /// Drops the tasks and waits for nothing.
    pub fn shutdown_background(self) {
        self.runtime.shutdown_background();
    }
}
