//! The handle to a task of a scope, and the outcome that it shares with the task.
//!
//! The task itself has no output that could outlive the scope: the outcome lies beside it, and goes with
//! the handle or with the task's future, whichever is later. A panic that is in it then has been
//! seen by nobody, and becomes the scope's.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::shared::ScopeState;
use crate::primitive::sync::{Arc, Mutex};
use crate::raw_task::{Id, JoinError, JoinHandle};
use crate::util::panic::contain;

/// What a future has returned, or how it has panicked.
type Returned<T> = Result<T, Box<dyn Any + Send>>;

pub(super) struct ScopedOutput<T> {
    returned: Mutex<Option<Returned<T>>>,
    scope: Arc<ScopeState>,
}

impl<T> ScopedOutput<T> {
    pub(super) fn new(scope: Arc<ScopeState>) -> Self {
        ScopedOutput {
            returned: Mutex::new(None),
            scope,
        }
    }

    pub(super) fn set(&self, returned: Returned<T>) {
        *self.returned.lock() = Some(returned);
    }

    fn take(&self) -> Option<Returned<T>> {
        self.returned.lock().take()
    }
}

impl<T> Drop for ScopedOutput<T> {
    fn drop(&mut self) {
        match self.take() {
            None => {}
            Some(Ok(output)) => contain(|| drop(output)),
            Some(Err(payload)) => self.scope.task_panicked(payload),
        }
    }
}

/// Awaits the output of a task that was spawned into a scope.
///
/// Dropping it lets the task go on, until the scope ends. If the task panics then, so does the
/// scope.
///
/// # Cancel safety
///
/// Awaiting `&mut handle` is cancel safe: nothing is lost when that future is dropped, and the
/// output stays until it is awaited.
///
/// # Examples
///
/// ```
/// use runtime::task;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// task::scope(|scope| async move {
///     let fine = scope.spawn(async { 7 });
///     let broken = scope.spawn(async { panic!("boom") });
///     let endless = scope.spawn(std::future::pending::<()>());
///     endless.abort();
///     assert_eq!(fine.await.unwrap(), 7);
///     assert!(broken.await.unwrap_err().is_panic());
///     assert!(endless.await.unwrap_err().is_cancelled());
/// }).await;
/// # }
/// ```
pub struct ScopedJoinHandle<'scope, T> {
    task: Spawned,
    outcome: Arc<ScopedOutput<T>>,
    _scope: PhantomData<&'scope ()>,
}

enum Spawned {
    Task(JoinHandle<()>),
    /// The scope had ended.
    Refused(Id),
}

impl<T> UnwindSafe for ScopedJoinHandle<'_, T> {}
impl<T> RefUnwindSafe for ScopedJoinHandle<'_, T> {}
impl<T> Unpin for ScopedJoinHandle<'_, T> {}

impl<T> ScopedJoinHandle<'_, T> {
    pub(super) fn spawned(task: JoinHandle<()>, outcome: Arc<ScopedOutput<T>>) -> Self {
        ScopedJoinHandle {
            task: Spawned::Task(task),
            outcome,
            _scope: PhantomData,
        }
    }

    pub(super) fn refused(id: Id, outcome: Arc<ScopedOutput<T>>) -> Self {
        ScopedJoinHandle {
            task: Spawned::Refused(id),
            outcome,
            _scope: PhantomData,
        }
    }

    /// Asks the task to end at its next suspension point; see [`JoinHandle::abort`].
    pub fn abort(&self) {
        if let Spawned::Task(task) = &self.task {
            task.abort();
        }
    }

    /// Returns whether the task has ended.
    pub fn is_finished(&self) -> bool {
        match &self.task {
            Spawned::Task(task) => task.is_finished(),
            Spawned::Refused(_) => true,
        }
    }

    /// Returns the id of the task.
    pub fn id(&self) -> Id {
        match &self.task {
            Spawned::Task(task) => task.id(),
            Spawned::Refused(id) => *id,
        }
    }
}

impl<T> Future for ScopedJoinHandle<'_, T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let task = match &mut self.task {
            Spawned::Task(task) => task,
            Spawned::Refused(id) => return Poll::Ready(Err(JoinError::cancelled(*id))),
        };
        let id = task.id();
        if let Err(cancelled) = ready!(Pin::new(task).poll(cx)) {
            return Poll::Ready(Err(cancelled));
        }
        let returned = self.outcome.take();
        let returned = returned.expect("a task that has ended by itself leaves its outcome");
        Poll::Ready(returned.map_err(|payload| JoinError::panicked(id, payload)))
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle")
            .field("id", &self.id())
            .finish()
    }
}
