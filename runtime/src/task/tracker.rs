//! Waits until the last of a number of tasks is gone.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::LocalSet;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::raw_task::JoinHandle;
use crate::runtime::Handle;
use crate::sync::Notify;
use crate::sync::futures::Notified;
use crate::util::large::{box_if_large, pin_if_large};

/// Set while the tracker is closed.
const CLOSED: usize = 1;
/// One tracked task.
const TASK: usize = 2;

/// Counts tasks and lets one wait until all of them are gone.
///
/// [`wait`](Self::wait) is ready when the tracker is both [closed](Self::close) and empty. While it is
/// open, it may be empty for a while without ending anything: a server between two connections.
///
/// A task is tracked until its future has been dropped. Unlike a `JoinSet`, a tracker keeps no outputs,
/// so it may see any number of tasks come and go. Dropping it aborts nothing. With a
/// [`CancellationToken`](crate::sync::CancellationToken), which asks the tasks to stop, it makes a graceful shutdown.
///
/// Clones share one count.
///
/// # Examples
///
/// ```
/// use runtime::{sync::CancellationToken, task::TaskTracker};
///
/// #[runtime::main]
/// async fn main() {
///     let (tracker, stop) = (TaskTracker::new(), CancellationToken::new());
///     for _ in 0..3 {
///         let stop = stop.clone();
///         tracker.spawn(async move { stop.cancelled().await });
///     }
///     assert_eq!(tracker.len(), 3);
///
///     tracker.close();
///     stop.cancel();
///     tracker.wait().await;
///     assert!(tracker.is_empty());
/// }
/// ```
#[derive(Clone)]
pub struct TaskTracker {
    shared: Arc<TrackerState>,
}

struct TrackerState {
    /// [`CLOSED`], and so many times [`TASK`].
    state: AtomicUsize,
    ended: Notify,
}

impl TrackerState {
    fn has_ended(&self) -> bool {
        // Acquire: pairs with the Release of `remove` and `close`.
        self.state.load(Ordering::Acquire) == CLOSED
    }

    fn add(&self) {
        self.state.fetch_add(TASK, Ordering::Relaxed);
    }

    fn remove(&self) {
        // AcqRel: what the tasks before have done is handed on to whoever waits.
        if self.state.fetch_sub(TASK, Ordering::AcqRel) == TASK | CLOSED {
            self.ended.notify_waiters();
        }
    }
}

impl TaskTracker {
    /// Makes a tracker that is open and empty.
    #[must_use]
    pub fn new() -> Self {
        TaskTracker {
            shared: Arc::new(TrackerState {
                state: AtomicUsize::new(0),
                ended: Notify::new(),
            }),
        }
    }

    /// Waits until the tracker is closed and empty.
    ///
    /// The future also hears of a moment that has passed when it is polled: if the tracker was closed and empty once
    /// since the call of `wait`, it is ready.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing but such a moment.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::pin::pin;
    /// use runtime::task::TaskTracker;
    /// use runtime::time::{Duration, timeout};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tracker = TaskTracker::new();
    /// let mut ended = pin!(tracker.wait());
    /// // Empty, but open:
    /// assert!(timeout(Duration::from_millis(1), &mut ended).await.is_err());
    ///
    /// tracker.close();
    /// tracker.reopen();
    /// ended.await; // it was closed and empty once
    /// # }
    /// ```
    pub fn wait(&self) -> TaskTrackerWaitFuture<'_> {
        // Made before the look, so that it hears of an end that the look misses.
        let ended = self.shared.ended.notified();
        TaskTrackerWaitFuture {
            has_ended: self.shared.has_ended(),
            tracker: self,
            ended,
        }
    }

    /// Lets [`wait`](Self::wait) end when the tracker is empty; returns whether it was open.
    ///
    /// Tasks can be spawned on a closed tracker, too.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::TaskTracker;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tracker = TaskTracker::new();
    /// tracker.spawn(async {});
    /// assert!(tracker.close());
    /// assert!(!tracker.close()); // it was closed already
    /// tracker.spawn(async {}); // waited for, too
    /// tracker.wait().await;
    /// # }
    /// ```
    pub fn close(&self) -> bool {
        // AcqRel: who finds it open or closed sees what was done before it was made so.
        let before = self.shared.state.fetch_or(CLOSED, Ordering::AcqRel);
        if before == 0 {
            self.shared.ended.notify_waiters();
        }
        before & CLOSED == 0
    }

    /// Keeps [`wait`](Self::wait) from ending; returns whether the tracker was closed.
    pub fn reopen(&self) -> bool {
        // AcqRel: as in `close`.
        self.shared.state.fetch_and(!CLOSED, Ordering::AcqRel) & CLOSED != 0
    }

    /// Returns whether the tracker is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.shared.state.load(Ordering::Acquire) & CLOSED != 0
    }

    /// Returns how many tasks, futures and tokens are tracked.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.state.load(Ordering::Acquire) / TASK
    }

    /// Returns whether nothing is tracked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Spawns a tracked task; see [`spawn`](super::spawn).
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        pin_if_large!(F, task, super::spawn(self.track_future(task)))
    }

    /// Spawns a tracked task on `handle`'s runtime.
    #[track_caller]
    pub fn spawn_on<F>(&self, task: F, handle: &Handle) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        pin_if_large!(F, task, handle.spawn(self.track_future(task)))
    }

    /// Spawns a tracked task that stays on this thread; see [`spawn_local`](super::spawn_local).
    ///
    /// # Panics
    ///
    /// As [`spawn_local`](super::spawn_local) does.
    #[track_caller]
    pub fn spawn_local<F>(&self, task: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        pin_if_large!(F, task, super::spawn_local(self.track_future(task)))
    }

    /// Spawns a tracked task in `local_set`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use runtime::task::{LocalSet, TaskTracker};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (tracker, tasks) = (TaskTracker::new(), LocalSet::new());
    /// let name = Rc::new("ferris");
    /// tracker.spawn_local_on(async move { assert_eq!(name.len(), 6) }, &tasks);
    /// tracker.close();
    /// tasks.run_until(tracker.wait()).await;
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_local_on<F>(&self, task: F, local_set: &LocalSet) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        pin_if_large!(F, task, local_set.spawn_local(self.track_future(task)))
    }

    /// Runs a tracked closure that blocks; see [`spawn_blocking`](super::spawn_blocking).
    ///
    /// # Panics
    ///
    /// As [`spawn_blocking`](super::spawn_blocking) does.
    ///
    /// # Examples
    ///
    /// To end only when what was begun is on disk:
    ///
    /// ```
    ///
    /// use runtime::task::TaskTracker;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let writes = TaskTracker::new();
    /// writes.spawn_blocking(|| std::fs::write("/dev/null", "the end"));
    /// writes.close();
    /// writes.wait().await;
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F, T>(&self, task: F) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        box_if_large!(F, task, super::spawn_blocking(self.track_closure(task)))
    }

    /// Runs a tracked closure that blocks on a thread of `handle`'s runtime.
    ///
    /// # Panics
    ///
    /// As [`spawn_blocking`](super::spawn_blocking) does.
    #[track_caller]
    pub fn spawn_blocking_on<F, T>(&self, task: F, handle: &Handle) -> JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        box_if_large!(F, task, handle.spawn_blocking(self.track_closure(task)))
    }

    /// Tracks a future until it is dropped, wherever it runs.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::TaskTracker;
    ///
    /// let tracker = TaskTracker::new();
    /// let tracked = tracker.track_future(async { 1 });
    /// assert_eq!(tracker.len(), 1);
    /// drop(tracked);
    /// assert!(tracker.is_empty());
    /// ```
    pub fn track_future<F: Future>(&self, future: F) -> TrackedFuture<F> {
        TrackedFuture {
            future,
            token: self.token(),
        }
    }

    /// Makes a token that is tracked as a task until it is dropped.
    pub fn token(&self) -> TaskTrackerToken {
        self.shared.add();
        TaskTrackerToken {
            tracker: self.clone(),
        }
    }

    /// Returns whether both share one count.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::TaskTracker;
    ///
    /// let tracker = TaskTracker::new();
    /// assert!(TaskTracker::ptr_eq(&tracker, &tracker.clone()));
    /// assert!(!TaskTracker::ptr_eq(&tracker, &TaskTracker::new()));
    /// ```
    #[must_use]
    pub fn ptr_eq(left: &TaskTracker, right: &TaskTracker) -> bool {
        Arc::ptr_eq(&left.shared, &right.shared)
    }

    fn track_closure<F, T>(&self, closure: F) -> impl FnOnce() -> T + use<F, T>
    where
        F: FnOnce() -> T,
    {
        // In this order: it is gone when the tracker hears of it, also if it never runs.
        let tracked = (closure, self.token());
        move || {
            let (closure, _token) = tracked;
            closure()
        }
    }
}

impl Default for TaskTracker {
    fn default() -> Self {
        TaskTracker::new()
    }
}

impl fmt::Debug for TaskTracker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TaskTracker")
            .field("len", &self.len())
            .field("is_closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// Counts as a task of its [`TaskTracker`] until it is dropped.
///
/// # Examples
///
/// A thread that counts as a task:
///
/// ```
///
/// use runtime::task::TaskTracker;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let tracker = TaskTracker::new();
/// let token = tracker.token();
/// std::thread::spawn(move || {
///     let _token = token; // until the thread ends
/// });
/// tracker.close();
/// tracker.wait().await;
/// # }
/// ```
#[derive(Debug)]
#[must_use = "dropping it at once tracks nothing"]
pub struct TaskTrackerToken {
    tracker: TaskTracker,
}

impl TaskTrackerToken {
    /// Returns the tracker.
    #[must_use]
    pub fn task_tracker(&self) -> &TaskTracker {
        &self.tracker
    }
}

impl Clone for TaskTrackerToken {
    /// Makes another token of the same tracker.
    fn clone(&self) -> Self {
        self.tracker.token()
    }
}

impl Drop for TaskTrackerToken {
    fn drop(&mut self) {
        self.tracker.shared.remove();
    }
}

pin_project! {
    /// A future that its [`TaskTracker`] tracks until it is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::TaskTracker;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tracker = TaskTracker::new();
    /// let tracked = tracker.track_future(async { 6 * 7 });
    /// let running = runtime::task::JoinSet::from_iter([tracked]);
    /// assert_eq!(tracker.len(), 1);
    /// assert_eq!(running.join_all().await, [42]);
    /// assert!(tracker.is_empty());
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct TrackedFuture<F> {
        // Before the token: it is gone when the tracker hears of it.
        #[pin]
        future: F,
        token: TaskTrackerToken,
    }
}

impl<F: Future> Future for TrackedFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().future.poll(cx)
    }
}

pin_project! {
    /// Waits until a [`TaskTracker`] is closed and empty.
    ///
    /// # Examples
    ///
    /// A shutdown that waits, but not for ever:
    ///
    /// ```
    ///
    /// use runtime::task::TaskTracker;
    /// use runtime::time::{Duration, timeout};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let tracker = TaskTracker::new();
    /// tracker.spawn(std::future::pending::<()>());
    /// tracker.close();
    /// let in_time = timeout(Duration::from_millis(1), tracker.wait()).await;
    /// assert!(in_time.is_err());
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct TaskTrackerWaitFuture<'a> {
        tracker: &'a TaskTracker,
        has_ended: bool,
        #[pin]
        ended: Notified<'a>,
    }
}

impl Future for TaskTrackerWaitFuture<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if !*this.has_ended {
            ready!(this.ended.poll(cx));
            *this.has_ended = true;
        }
        Poll::Ready(())
    }
}
