//! Handles: a runtime's door for other threads.

use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};

use super::RuntimeMetrics;
use super::dump::Dump;
use crate::current::{self, Entered, Restore};
use crate::raw_task::{self, Apart, JoinHandle, Meta, traced_root};
use crate::scheduler::{self, block_on_here, context};
use crate::util::large::{box_if_large, pin_if_large};
use crate::util::random::{Seeded, seed_tasks};

/// Refers to a runtime without keeping it running.
///
/// It can be cloned and sent to other threads, to spawn tasks there or to block on futures. What it
/// spawns after the runtime was shut down is dropped at once, and its join handle says `cancelled`.
///
/// # Examples
///
/// A thread that spawns into a runtime which somebody else drives:
///
/// ```
///
/// use std::thread;
/// use runtime::{Runtime, runtime::Handle};
///
/// let rt = Runtime::new().unwrap();
/// let handle: Handle = rt.handle().clone();
/// let thread = thread::spawn(move || {
///     let task = handle.spawn(async { 6 * 7 });
///     handle.block_on(task).unwrap()
/// });
/// assert_eq!(thread.join().unwrap(), 42);
/// ```
#[derive(Clone, Debug)]
pub struct Handle {
    pub(super) inner: scheduler::Handle,
}

/// Tells one runtime of the process from another.
///
/// # Examples
///
/// ```
/// use runtime::{Runtime, runtime::Handle};
///
/// let (one, other) = (Runtime::new().unwrap(), Runtime::new().unwrap());
/// assert_ne!(one.handle().id(), other.handle().id());
/// let here = one.block_on(async { Handle::current().id() });
/// assert_eq!(here, one.handle().id());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Id(usize);

impl Id {
    pub(crate) fn of_address(address: usize) -> Self {
        Id(address)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which scheduler a runtime has.
///
/// # Examples
///
/// ```
/// use runtime::runtime::{Handle, RuntimeFlavor};
///
/// fn may_block_in_place() -> bool {
///     Handle::current().runtime_flavor() == RuntimeFlavor::MultiThread
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// assert!(!may_block_in_place());
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuntimeFlavor {
    /// Tasks run on the thread that is in `block_on`.
    CurrentThread,
    /// Tasks run on worker threads, which steal from each other.
    MultiThread,
}

// A panic of user code leaves no state of the runtime broken.
impl UnwindSafe for Handle {}
impl RefUnwindSafe for Handle {}

impl Handle {
    /// Returns the handle of the runtime that this thread is in.
    ///
    /// # Panics
    ///
    /// If it is in none; see [`try_current`](Self::try_current).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::runtime::Handle;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let handle = Handle::current();
    /// let thread = std::thread::spawn(move || handle.spawn(async { 7 }));
    /// assert_eq!(thread.join().unwrap().await.unwrap(), 7);
    /// # }
    /// ```
    #[track_caller]
    pub fn current() -> Handle {
        let inner = (*context::current()).clone();
        Handle { inner }
    }

    /// Returns the handle of the runtime that this thread is in.
    ///
    /// # Errors
    ///
    /// This thread is in no runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::runtime::Handle;
    ///
    /// assert!(Handle::try_current().is_err());
    /// let rt = runtime::Runtime::new().unwrap();
    /// assert!(rt.block_on(async { Handle::try_current().is_ok() }));
    /// ```
    pub fn try_current() -> Result<Handle, TryCurrentError> {
        let current = context::try_current().ok_or_else(TryCurrentError::here)?;
        let inner = (*current).clone();
        Ok(Handle { inner })
    }

    /// Enters the runtime: until the guard is dropped, `spawn`, sockets and timers on this thread
    /// belong to it.
    ///
    /// Guards are dropped in the reverse order of their making; anything else panics.
    ///
    /// # Examples
    ///
    /// ```
    /// let rt = runtime::Runtime::new().unwrap();
    /// let _guard = rt.enter();
    /// let task = runtime::spawn(async { 1 });
    /// assert_eq!(rt.block_on(task).unwrap(), 1);
    /// ```
    pub fn enter(&self) -> EnterGuard<'_> {
        EnterGuard {
            _guard: context::enter(self.inner.clone()),
            _handle: PhantomData,
        }
    }

    /// Spawns a future onto the runtime; see [`spawn`](crate::spawn).
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let meta = Meta::here(None);
        pin_if_large!(F, future, self.inner.spawn(future, meta))
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
        box_if_large!(F, f, self.inner.spawn_blocking(f, meta))
    }

    /// Runs a future to its end on this thread, which sleeps while there is nothing to poll.
    ///
    /// On a current-thread runtime this drives neither tasks nor timers nor sockets: some other
    /// thread must be in [`Runtime::block_on`](super::Runtime::block_on) for that.
    ///
    /// # Panics
    ///
    /// If this thread already runs async code, or if the future panics.
    ///
    /// # Examples
    ///
    /// A callback that is no async code, on a thread made for blocking:
    ///
    /// ```
    ///
    /// use runtime::{runtime::Handle, task::spawn_blocking, time::{Duration, sleep}};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let handle = Handle::current();
    /// let callback = spawn_blocking(move || {
    ///     handle.block_on(sleep(Duration::from_millis(1)));
    ///     "done"
    /// });
    /// assert_eq!(callback.await.unwrap(), "done");
    /// # }
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        pin_if_large!(F, future, self.block_on_undriven(future))
    }

    #[track_caller]
    fn block_on_undriven<F: Future>(&self, future: F) -> F::Output {
        let _driving = start_blocking(&self.inner);
        let _guard = self.enter();
        block_on_here(traced_root(future))
    }

    /// Runs a future to its end on this thread, which drives the runtime if it may.
    #[track_caller]
    pub(crate) fn drive<F: Future>(&self, future: F) -> F::Output {
        let _driving = start_blocking(&self.inner);
        let _guard = self.enter();
        self.inner.block_on(traced_root(future))
    }

    /// Returns what the runtime knows of itself.
    pub fn metrics(&self) -> RuntimeMetrics {
        RuntimeMetrics::new(self.inner.clone())
    }

    /// Returns what all tasks and threads of the runtime are doing, while they do it.
    ///
    /// It looks on: no task is polled or woken, no thread is interrupted or waited for. So it answers also while all
    /// workers are stuck, from any thread, from a task of this runtime and from a panic hook. Spawns
    /// and ends of tasks go on meanwhile: they wait for a hundred tasks at the most to be looked at. Two dumps at a time take
    /// turns, and so does the search for a task that a [report](crate::runtime::Builder::on_stall) is about.
    ///
    /// After the runtime has shut down there is nothing to be seen, nor is there in the child of a `fork`. It takes
    /// locks and memory, so it is not for a signal handler: [listen](crate::signal::unix) for the signal in a task or
    /// a thread, and call it there.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let waits = runtime::spawn(std::future::pending::<()>());
    /// let dump = runtime::Handle::current().dump();
    /// assert!(dump.tasks().iter().any(|task| task.id() == waits.id()));
    /// println!("{dump}");
    /// # }
    /// ```
    #[must_use]
    pub fn dump(&self) -> Dump {
        Dump::of(self)
    }

    pub(crate) fn scheduler(&self) -> &scheduler::Handle {
        &self.inner
    }

    /// Returns which scheduler the runtime has.
    pub fn runtime_flavor(&self) -> RuntimeFlavor {
        match self.inner {
            scheduler::Handle::CurrentThread(_) => RuntimeFlavor::CurrentThread,
            scheduler::Handle::MultiThread(_) => RuntimeFlavor::MultiThread,
        }
    }

    /// Returns the id of the runtime, unique among those that live.
    pub fn id(&self) -> Id {
        Id::of_address(self.inner.address())
    }

    /// Returns the name given to [`Builder::name`](super::Builder::name).
    pub fn name(&self) -> Option<&str> {
        self.inner.config().name.as_deref()
    }
}

/// Marks this thread as one that runs async code, and gives that code its random numbers.
#[track_caller]
fn start_blocking(on: &scheduler::Handle) -> (Restore<Entered>, Apart, Seeded) {
    on.assert_not_forked();
    match current::start_driving() {
        Some(guard) => {
            let seed = on.config().seeds.of_next_stay();
            (guard, raw_task::apart(), seed_tasks(seed))
        }
        None => panic!(
            "this thread already runs async code, and blocking it would stop that: use `.await`, \
             or do it on a thread of `spawn_blocking`"
        ),
    }
}

/// Leaves the runtime when dropped.
///
/// # Examples
///
/// ```
/// use runtime::{Runtime, runtime::Handle};
///
/// let rt = Runtime::new().unwrap();
/// let entered = rt.enter();
/// assert_eq!(Handle::current().id(), rt.handle().id());
/// drop(entered);
/// assert!(Handle::try_current().is_err());
/// ```
#[derive(Debug)]
#[must_use = "the runtime is left when the guard is dropped"]
pub struct EnterGuard<'a> {
    _guard: context::Guard,
    _handle: PhantomData<&'a Handle>,
}

/// Says that a thread is in no runtime.
///
/// # Examples
///
/// ```
/// use runtime::runtime::Handle;
///
/// let error = Handle::try_current().unwrap_err();
/// assert!(error.is_missing_context());
/// assert!(error.to_string().starts_with("no runtime is running"));
/// ```
pub struct TryCurrentError {
    thread_ends: bool,
}

impl TryCurrentError {
    fn here() -> Self {
        TryCurrentError {
            thread_ends: context::is_forgotten(),
        }
    }

    /// Returns whether the thread is in no runtime.
    pub fn is_missing_context(&self) -> bool {
        !self.thread_ends
    }

    /// Returns whether the thread is about to end and has forgotten its runtime.
    pub fn is_thread_local_destroyed(&self) -> bool {
        self.thread_ends
    }
}

impl fmt::Debug for TryCurrentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TryCurrentError")
    }
}

impl fmt::Display for TryCurrentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(context::NO_RUNTIME)
    }
}

impl std::error::Error for TryCurrentError {}
