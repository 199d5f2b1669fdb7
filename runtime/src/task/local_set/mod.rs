//! A set of tasks that stay on one thread, inside whatever runs there.
//!
//! The set is a small scheduler in a future: whoever polls that future runs the tasks. So it works
//! in `block_on` of every runtime, in a task of another set, and without a runtime.
//!
//! Why its tasks need not be `Send`: [`LocalSet`], the futures that borrow it and
//! [`LocalEnterGuard`] are neither `Send` nor `Sync`, so all of the following happens on the thread that
//! has made the set.
//!
//! - *A task is spawned* through the set, or through the thread-local that says which set is
//!   current ([`current`]), which only the set and its guards write.
//! - *It is polled* by [`LocalTasks::turn`], and dropped there when it ends or is cancelled, or else by
//!   the drop of the set. A spawn after that drops its future on the spot.
//! - *A wake or an abort* from elsewhere pushes a reference to the queue and touches no future.
//!
//! References are dropped anywhere, and with the last one the task: it has no future any more, and an
//! output only if that may go there. The argument is that of a local runtime, see
//! `scheduler/current_thread/home.rs`; the queue is closed after all tasks are complete, too.

mod current;
mod driver;
mod shared;

use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use self::driver::Driver;
use self::shared::LocalTasks;
use crate::primitive::sync::Arc;
use crate::raw_task::{JoinHandle, Meta};
use crate::runtime::{Id, Runtime, UnhandledPanic};
use crate::util::large::pin_if_large;

pub(super) use current::{entered, is_running, running};

/// A set of tasks that need not be `Send`: they run on the thread that has made the set.
///
/// They run while somebody awaits [`run_until`](Self::run_until) or the set itself, which is a future
/// that ends when its tasks have. Inside a task of the set, [`spawn_local`](super::spawn_local) spawns
/// another. As the set cannot be sent, it cannot be awaited in a task of [`spawn`](crate::spawn), only in
/// `block_on` or in a task that stays on its thread, too.
///
/// Where all of a program's tasks stay on one thread,
/// [`LocalRuntime`](crate::runtime::LocalRuntime) is simpler.
///
/// Dropping the set drops its tasks' futures.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
/// use runtime::task::{LocalSet, spawn_local};
///
/// #[runtime::main]
/// async fn main() {
///     let name = Rc::new("ferris");
///     let tasks = LocalSet::new();
///     let length = tasks.run_until(async move {
///         spawn_local(async move { name.len() }).await.unwrap()
///     });
///     assert_eq!(length.await, 6);
/// }
/// ```
///
/// Awaiting the set itself waits for all its tasks:
///
/// ```
/// use std::{cell::Cell, rc::Rc};
/// use runtime::task::LocalSet;
///
/// #[runtime::main]
/// async fn main() {
///     let ended = Rc::new(Cell::new(0));
///     let tasks = LocalSet::new();
///     for _ in 0..3 {
///         let ended = ended.clone();
///         tasks.spawn_local(async move { ended.set(ended.get() + 1) });
///     }
///     tasks.await;
///     assert_eq!(ended.get(), 3);
/// }
/// ```
pub struct LocalSet {
    shared: Arc<LocalTasks>,
    driver: Driver,
    _stays_on_its_thread: PhantomData<*const ()>,
}

// A panic of a task stays in its outcome; the set itself calls no user code amid a change.
impl UnwindSafe for LocalSet {}
impl RefUnwindSafe for LocalSet {}

impl LocalSet {
    /// Makes an empty set, whose tasks will stay on this thread.
    pub fn new() -> Self {
        let shared = Arc::new(LocalTasks::new());
        LocalSet {
            driver: Driver::new(&shared),
            shared,
            _stays_on_its_thread: PhantomData,
        }
    }

    /// Sets what a panic of a task does besides going to whoever awaits it; nothing more without this.
    ///
    /// With [`UnhandledPanic::ShutdownRuntime`] all tasks of the set are dropped, and what runs it
    /// ([`run_until`](Self::run_until), [`block_on`](Self::block_on), the set itself) panics, now and whenever it is
    /// polled again. It holds for panics that come after this call.
    ///
    /// # Examples
    ///
    /// ```should_panic
    /// use std::future::pending;
    /// use runtime::runtime::UnhandledPanic;
    /// use runtime::task::LocalSet;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut tasks = LocalSet::new();
    /// tasks.unhandled_panic(UnhandledPanic::ShutdownRuntime);
    /// tasks.spawn_local(async { panic!("boom") });
    /// tasks.run_until(pending::<()>()).await; // panics, too
    /// # }
    /// ```
    pub fn unhandled_panic(&mut self, behavior: UnhandledPanic) -> &mut Self {
        let shuts_down = behavior == UnhandledPanic::ShutdownRuntime;
        self.shared.let_panics_shut_down(shuts_down);
        self
    }

    /// Enters the set: until the guard is dropped, [`spawn_local`](super::spawn_local) on this
    /// thread spawns into it, unless a [`LocalRuntime`](crate::runtime::LocalRuntime) is entered, too.
    ///
    /// The tasks run when the set is awaited.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use runtime::task::{LocalSet, spawn_local};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tasks = LocalSet::new();
    /// let length = {
    ///     let _entered = tasks.enter();
    ///     let name = Rc::new("ferris");
    ///     spawn_local(async move { name.len() })
    /// };
    /// assert_eq!(tasks.run_until(length).await.unwrap(), 6);
    /// # }
    /// ```
    pub fn enter(&self) -> LocalEnterGuard {
        LocalEnterGuard {
            _entered: current::enter(&self.shared, false),
        }
    }

    /// Spawns a future into the set; it runs when the set is awaited.
    ///
    /// # Examples
    ///
    /// ```
    /// #[runtime::main]
    /// async fn main() {
    ///     let tasks = runtime::task::LocalSet::new();
    ///     let answer = tasks.spawn_local(async { 42 });
    ///     assert_eq!(tasks.run_until(answer).await.unwrap(), 42);
    /// }
    /// ```
    #[track_caller]
    pub fn spawn_local<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let meta = Meta::here(None);
        pin_if_large!(F, future, self.spawn(future, meta))
    }

    pub(super) fn spawn<F>(&self, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        LocalTasks::spawn(&self.shared, future, meta)
    }

    /// Runs a future to its end in `rt`'s `block_on`, and the tasks of the set meanwhile.
    ///
    /// Tasks that have not ended by then stay in the set.
    ///
    /// # Panics
    ///
    /// If this thread already runs async code, or if the future panics.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use runtime::{Runtime, task::{LocalSet, spawn_local}};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let (rt, tasks) = (Runtime::new()?, LocalSet::new());
    /// let count = Rc::new(Cell::new(0));
    /// let counted = count.clone();
    /// tasks.block_on(&rt, async {
    ///     spawn_local(async move { counted.set(1) }).await.unwrap();
    /// });
    /// assert_eq!(count.get(), 1);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn block_on<F: Future>(&self, rt: &Runtime, future: F) -> F::Output {
        pin_if_large!(F, future, rt.block_on(self.run_until(future)))
    }

    /// Runs a future to its end, and the tasks of the set meanwhile.
    ///
    /// Tasks that have not ended by then stay in the set, and go on when it is awaited again.
    ///
    /// Inside, [`block_in_place`](super::block_in_place) panics: it would hold up all tasks of the
    /// set.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops `future` and leaves the tasks in the set.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{cell::Cell, rc::Rc};
    /// use runtime::task::{LocalSet, yield_now};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let turns = Rc::new(Cell::new(0));
    /// let tasks = LocalSet::new();
    /// let counted = turns.clone();
    /// tasks.spawn_local(async move {
    ///     loop {
    ///         counted.set(counted.get() + 1);
    ///         yield_now().await;
    ///     }
    /// });
    /// tasks.run_until(async { while turns.get() < 3 { yield_now().await } }).await;
    /// # }
    /// ```
    pub fn run_until<F: Future>(&self, future: F) -> impl Future<Output = F::Output> {
        RunUntil {
            future,
            driver: Driver::new(&self.shared),
            _set: self,
        }
    }

    /// Returns the id of the set, unique among the sets and runtimes that live.
    pub fn id(&self) -> Id {
        Id::of_address(Arc::as_ptr(&self.shared).addr())
    }
}

pin_project! {
    /// The future of [`LocalSet::run_until`]. As an `async fn` it would have room for two of `F`: for its argument,
    /// and for the future that it polls.
    struct RunUntil<'a, F> {
        #[pin]
        future: F,
        driver: Driver,
        // It does not leave the thread of the set.
        _set: &'a LocalSet,
    }
}

impl<F: Future> Future for RunUntil<'_, F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        this.driver.poll(cx, |cx| this.future.poll(cx))
    }
}

/// Ready when no task is left. It is no loss to drop a reference to it: the tasks stay in the set.
impl Future for LocalSet {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // The tasks first, which then says whether any is left.
        let _pending: Poll<()> = self.driver.poll(cx, |_| Poll::Pending);
        match self.shared.is_empty() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

impl Drop for LocalSet {
    fn drop(&mut self) {
        let _running = current::enter(&self.shared, true);
        self.shared.shut_down();
    }
}

impl Default for LocalSet {
    fn default() -> Self {
        LocalSet::new()
    }
}

impl fmt::Debug for LocalSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalSet").finish_non_exhaustive()
    }
}

/// Leaves a [`LocalSet`] when dropped.
///
/// # Examples
///
/// A set is entered where a library calls `spawn_local`:
///
/// ```
///
/// use runtime::task::{LocalEnterGuard, LocalSet, spawn_local};
///
/// fn library() {
///     spawn_local(async { println!("from the library") });
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let tasks = LocalSet::new();
/// let entered: LocalEnterGuard = tasks.enter();
/// library();
/// drop(entered);
/// tasks.await;
/// # }
/// ```
#[derive(Debug)]
pub struct LocalEnterGuard {
    _entered: current::Entered,
}
