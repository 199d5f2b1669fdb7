//! The asynchronous scope: tasks that own what they use, and that it aborts and awaits on leaving.

use std::fmt;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::handle::ScopedJoinHandle;
use super::shared::ScopeState;
use crate::primitive::sync::Arc;
use crate::raw_task::Meta;
use crate::runtime::Handle;
use crate::scheduler::{self, context};
use crate::util::large::pin_if_large;

/// Runs a future with a scope into which it spawns tasks, none of which outlives it.
///
/// When the future that `f` returns ends, the tasks that still run are aborted, and `scope`
/// waits until the future of each has been dropped. So what should be finished is awaited inside.
/// A clone of the [`Scope`] lets a task spawn its siblings.
///
/// A panic of a task goes to whoever awaits its handle. If nobody holds the handle any more, `scope`
/// panics with it once all tasks have ended; of several, with the first. So does a panic of `f` or of
/// its future pass through, after the tasks have ended. Either way the task's panic counts as handled: it
/// does not shut down a runtime with `UnhandledPanic::ShutdownRuntime`.
///
/// The tasks must be `'static`, as those of [`spawn`](crate::spawn). They could borrow from outside
/// only if the scope were sure to wait for them, and a future cannot be sure to: whoever holds it may
/// forget it half-way, with [`mem::forget`](std::mem::forget) or in a reference cycle, and then the
/// tasks run on while what they borrow is gone. To borrow, block a thread:
/// [`Handle::scope`](crate::runtime::Handle::scope).
///
/// # Panics
///
/// With the panic of `f`, of its future, or of a task, as said above.
///
/// # Cancel safety
///
/// Dropping the future drops `f`'s and aborts the tasks; as a drop cannot wait, they end at their next
/// suspension point. What they have returned is lost.
///
/// # Examples
///
/// ```
/// use runtime::task;
///
/// #[runtime::main]
/// async fn main() {
///     let sum = task::scope(|scope| async move {
///         scope.spawn(std::future::pending::<()>()); // is aborted at the end
///         let two = scope.spawn(async { 2 });
///         let three = scope.spawn(async { 3 });
///         two.await.unwrap() + three.await.unwrap()
///     });
///     assert_eq!(sum.await, 5);
/// }
/// ```
pub async fn scope<F, Fut>(f: F) -> Fut::Output
where
    F: FnOnce(Scope) -> Fut,
    Fut: Future,
{
    let shared = ScopeState::new(|task| task.abort());
    let leaving = AbortOnLeave(&shared);
    let scope = Scope {
        shared: shared.clone(),
    };
    let body = catch_unwind(AssertUnwindSafe(|| f(scope)));
    let output = match body {
        Ok(body) => catch_panic(pin!(body)).await,
        Err(payload) => Err(payload),
    };
    drop(leaving);
    shared.until_all_gone().await;
    shared.pass_on(output)
}

/// Runs a future to its end or its panic.
async fn catch_panic<F: Future>(mut future: Pin<&mut F>) -> std::thread::Result<F::Output> {
    let poll = |cx: &mut Context<'_>| {
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
        match polled {
            Ok(polled) => polled.map(Ok),
            Err(payload) => Poll::Ready(Err(payload)),
        }
    };
    std::future::poll_fn(poll).await
}

/// Ends the scope, also when its future is dropped.
struct AbortOnLeave<'a>(&'a ScopeState);

impl Drop for AbortOnLeave<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Spawns tasks into a [`scope`]; it can be cloned and sent to those tasks.
///
/// After the scope's future has ended it spawns nothing: the future is dropped, and the handle
/// says `cancelled`.
///
/// # Examples
///
/// A task that spawns its siblings:
///
/// ```
///
/// use runtime::task::{self, Scope, ScopedJoinHandle};
///
/// fn countdown(scope: Scope, n: u32) -> ScopedJoinHandle<'static, u32> {
///     let siblings = scope.clone();
///     scope.spawn(async move {
///         match n {
///             0 => 0,
///             n => 1 + countdown(siblings, n - 1).await.unwrap(),
///         }
///     })
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let counted = task::scope(|scope| async move { countdown(scope, 3).await.unwrap() });
/// assert_eq!(counted.await, 3);
/// # }
/// ```
#[derive(Clone)]
pub struct Scope {
    shared: Arc<ScopeState>,
}

// A panic of a task stays in its outcome; no user code runs amid a change.
impl UnwindSafe for Scope {}
impl RefUnwindSafe for Scope {}

impl Scope {
    /// Spawns a future onto the current runtime, as a task of the scope.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(&self, future: F) -> ScopedJoinHandle<'static, F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let meta = Meta::here(None);
        let runtime = context::current();
        pin_if_large!(F, future, self.spawn_with(future, meta, &runtime))
    }

    /// Spawns a future onto `handle`'s runtime, as a task of the scope.
    ///
    /// The scope ends when that runtime has dropped the future, so somebody must drive it.
    #[track_caller]
    pub fn spawn_on<F>(&self, future: F, handle: &Handle) -> ScopedJoinHandle<'static, F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (meta, runtime) = (Meta::here(None), handle.scheduler());
        pin_if_large!(F, future, self.spawn_with(future, meta, runtime))
    }

    fn spawn_with<F>(
        &self,
        future: F,
        meta: Meta,
        runtime: &scheduler::Handle,
    ) -> ScopedJoinHandle<'static, F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        ScopeState::spawn(&self.shared, future, meta, |member, meta| {
            runtime.spawn(member, meta)
        })
    }
}

impl fmt::Debug for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}
