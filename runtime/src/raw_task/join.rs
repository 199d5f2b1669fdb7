//! The user's handles to a task: await it, abort it, ask after it.

use std::fmt;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use super::handles::Reference;
use super::reap::drop_outcome;
use super::state::JoinDropped;
use super::{Id, JoinError, Task};
use crate::coop;
use crate::util::panic::contain;

/// Awaits the output of a spawned task.
///
/// Dropping it detaches the task, which goes on. [`abort`](Self::abort) ends it.
///
/// # Panics
///
/// Polling it panics after it has given its output.
///
/// # Cancel safety
///
/// Awaiting `&mut handle` is cancel safe: nothing is lost when that future is dropped, and the
/// output stays until it is awaited.
///
/// # Examples
///
/// ```
/// #[runtime::main]
/// async fn main() {
///     let handle = runtime::spawn(async { 6 * 7 });
///     assert_eq!(handle.await.unwrap(), 42);
/// }
/// ```
pub struct JoinHandle<T> {
    task: ManuallyDrop<Reference>,
    output: PhantomData<T>,
}

// SAFETY: through the handle only `T` goes from thread to thread.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: `&JoinHandle` gives no access to the output.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> UnwindSafe for JoinHandle<T> {}
impl<T> RefUnwindSafe for JoinHandle<T> {}
impl<T> Unpin for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    pub(super) fn new(task: Reference) -> Self {
        JoinHandle {
            task: ManuallyDrop::new(task),
            output: PhantomData,
        }
    }

    /// Asks the task to end at its next suspension point.
    ///
    /// Returns at once. A worker then drops the task's future and the handle answers with an
    /// error whose [`is_cancelled`](JoinError::is_cancelled) is true, unless the task had
    /// ended already. A poll under way is not interrupted, and if it ends the task, the output counts. A blocking
    /// closure that has started runs to its end.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{sync::oneshot, task::yield_now};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (sender, receiver) = oneshot::channel::<()>();
    /// let task = runtime::spawn(async move {
    ///     let _dropped_with_the_future = sender;
    ///     std::future::pending::<()>().await;
    /// });
    /// yield_now().await;
    /// task.abort();
    /// assert!(task.await.unwrap_err().is_cancelled());
    /// assert!(receiver.await.is_err());
    /// # }
    /// ```
    pub fn abort(&self) {
        abort(&self.task);
    }

    /// Returns a handle that can abort the task and does not await it.
    pub fn abort_handle(&self) -> AbortHandle {
        AbortHandle {
            task: Reference::clone(&self.task),
        }
    }

    /// Returns whether the task has ended: by its output, a panic or an abort that has taken effect.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let task = runtime::spawn(async { 7 });
    /// while !task.is_finished() {
    ///     runtime::task::yield_now().await;
    /// }
    /// assert_eq!(task.await.unwrap(), 7); // without a wait
    /// # }
    /// ```
    pub fn is_finished(&self) -> bool {
        self.task.header().state.load().is_complete()
    }

    /// Returns the id of the task.
    pub fn id(&self) -> Id {
        self.task.header().meta.id
    }

    /// Whether the task is complete; if not, `waker` will be woken when it is.
    pub(crate) fn poll_complete(&self, waker: &Waker) -> bool {
        let header = self.task.header();
        let now = header.state.load();
        if now.is_complete() {
            return true;
        }
        let mut before = None;
        if now.has_join_waker() {
            // SAFETY: this is the join handle.
            if unsafe { header.join_waker.will_wake(waker) } {
                return false;
            }
            if !header.state.take_back_join_waker() {
                return true;
            }
            // SAFETY: the place is this handle's again.
            before = unsafe { header.join_waker.take() };
        }
        let lent = self.lend_waker(waker.clone());
        drop(before);
        !lent
    }

    /// Takes the outcome if the task is complete, outside any poll budget.
    ///
    /// # Panics
    ///
    /// If it was taken before.
    pub(crate) fn try_take(&mut self) -> Option<Result<T, JoinError>> {
        if !self.is_finished() {
            return None;
        }
        // SAFETY: the task is complete, its stage is ours, and its output is a `T`.
        match unsafe { self.task.header().vtable.take_outcome.call(self.task.raw()) } {
            Poll::Ready(outcome) => Some(outcome),
            Poll::Pending => unreachable!("a complete task has an outcome"),
        }
    }

    /// Stores the waker and lends it to the task; `false` if the task is complete.
    fn lend_waker(&self, waker: Waker) -> bool {
        let header = self.task.header();
        // SAFETY: the waker is not lent, and the place is empty.
        unsafe { header.join_waker.put(waker) };
        let lent = header.state.lend_join_waker();
        if !lent {
            self.drop_waker();
        }
        lent
    }

    /// For when the waker is not lent any more.
    fn drop_waker(&self) {
        // SAFETY: the place is this handle's again.
        let waker = unsafe { self.task.header().join_waker.take() };
        contain(|| drop(waker));
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(cx));
        if !self.poll_complete(cx.waker()) {
            return Poll::Pending;
        }
        coop.made_progress();
        // SAFETY: the task is complete, its stage is ours, and its output is a `T`.
        unsafe { self.task.header().vtable.take_outcome.call(self.task.raw()) }
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let header = self.task.header();
        let todo = header.state.transition_to_join_dropped();
        if todo == JoinDropped::Done {
            return;
        }
        if todo == JoinDropped::DropWaker {
            self.drop_waker();
        }
        // SAFETY: the state word says that the reference is still ours; it is taken once.
        let task = unsafe { ManuallyDrop::take(&mut self.task) };
        if todo == JoinDropped::DropOutcome {
            // SAFETY: the task is complete and its outcome is ours.
            unsafe { drop_outcome(task) };
        }
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle")
            .field("id", &self.id())
            .finish()
    }
}

/// Aborts a task from elsewhere; keeps neither the task nor its output alive.
///
/// # Examples
///
/// One awaits the task, another may abort it:
///
/// ```
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let task = runtime::spawn(std::future::pending::<()>());
/// let abort = task.abort_handle();
/// let awaiting = runtime::spawn(task);
///
/// abort.abort();
/// let outcome = awaiting.await.unwrap();
/// assert!(outcome.unwrap_err().is_cancelled());
/// assert!(abort.is_finished());
/// # }
/// ```
#[derive(Clone)]
pub struct AbortHandle {
    task: Reference,
}

impl UnwindSafe for AbortHandle {}
impl RefUnwindSafe for AbortHandle {}

impl AbortHandle {
    /// Asks the task to end, as [`JoinHandle::abort`] does.
    pub fn abort(&self) {
        abort(&self.task);
    }

    /// Drops the task's future on this thread, unless it is being polled: then as soon as that
    /// poll ends.
    ///
    /// # Safety
    ///
    /// The future and the output may be dropped on this thread.
    pub(crate) unsafe fn cancel_here(self) {
        Task(self.task).shutdown();
    }

    /// Returns whether the task has ended.
    pub fn is_finished(&self) -> bool {
        self.task.header().state.load().is_complete()
    }

    /// Returns the id of the task.
    pub fn id(&self) -> Id {
        self.task.header().meta.id
    }
}

impl fmt::Debug for AbortHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortHandle")
            .field("id", &self.id())
            .finish()
    }
}

/// The future is dropped by whoever runs the task next, never here: the caller may hold a lock that
/// the future's drop wants, and a chain of aborting drops would recurse.
fn abort(task: &Reference) {
    let header = task.header();
    if header.state.transition_to_cancelled() {
        // SAFETY: the transition has made a reference for the queue.
        unsafe { (header.vtable.schedule)(task.raw()) };
    }
}
