//! A join handle that does not let its task go on without it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::raw_task::{AbortHandle, JoinError, JoinHandle};

/// Awaits a task, and aborts it when dropped.
///
/// # Cancel safety
///
/// Awaiting `&mut handle` is cancel safe. Dropping the handle itself aborts the task.
///
/// # Examples
///
/// ```
/// use runtime::task::AbortOnDropHandle;
///
/// #[runtime::main]
/// async fn main() {
///     let (ended, end) = std::sync::mpsc::channel::<()>();
///     let task = runtime::spawn(async move {
///         let _ended = ended; // dropped with the task's future
///         std::future::pending::<()>().await;
///     });
///     drop(AbortOnDropHandle::new(task));
///     let hung_up = runtime::task::spawn_blocking(move || end.recv());
///     assert!(hung_up.await.unwrap().is_err());
/// }
/// ```
#[must_use = "dropping the handle aborts the task"]
pub struct AbortOnDropHandle<T> {
    /// There until it is detached.
    task: Option<JoinHandle<T>>,
}

impl<T> AbortOnDropHandle<T> {
    /// Ties the task to the handle.
    pub fn new(handle: JoinHandle<T>) -> Self {
        AbortOnDropHandle { task: Some(handle) }
    }

    fn task(&self) -> &JoinHandle<T> {
        self.task.as_ref().expect("only `detach` takes it")
    }

    /// Asks the task to end; see [`JoinHandle::abort`].
    pub fn abort(&self) {
        self.task().abort();
    }

    /// Returns whether the task has ended; see [`JoinHandle::is_finished`].
    pub fn is_finished(&self) -> bool {
        self.task().is_finished()
    }

    /// Returns a handle that can abort the task, too.
    pub fn abort_handle(&self) -> AbortHandle {
        self.task().abort_handle()
    }

    /// Gives the join handle back: dropping that lets the task go on.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{sync::oneshot, task::AbortOnDropHandle};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (sender, receiver) = oneshot::channel();
    /// let task = AbortOnDropHandle::new(runtime::spawn(async { sender.send("I lived") }));
    /// drop(task.detach()); // aborts nothing
    /// assert_eq!(receiver.await, Ok("I lived"));
    /// # }
    /// ```
    pub fn detach(mut self) -> JoinHandle<T> {
        self.task.take().expect("only `detach` takes it")
    }
}

impl<T> Drop for AbortOnDropHandle<T> {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl<T> Future for AbortOnDropHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let task = self.task.as_mut().expect("only `detach` takes it");
        Pin::new(task).poll(cx)
    }
}

impl<T> AsRef<JoinHandle<T>> for AbortOnDropHandle<T> {
    fn as_ref(&self) -> &JoinHandle<T> {
        self.task()
    }
}

impl<T> fmt::Debug for AbortOnDropHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AbortOnDropHandle")
            .field("id", &self.task().id())
            .finish()
    }
}
