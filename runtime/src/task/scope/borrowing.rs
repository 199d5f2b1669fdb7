//! The blocking scope: tasks that borrow from the thread that waits for them.
//!
//! A borrowing future is passed to the scheduler as a `'static` one, which is a lie until the scope ends.
//! What makes it harmless: [`Handle::scope`] does not return, by whatever way, before the future, and
//! what it returned, have been dropped or are where only `'scope` lets somebody reach them.
//!
//! - *The lie is told* in [`BlockingScope::spawn_with`] alone, where the task has been admitted to the
//!   scope. Its [`Membership`](super::shared::Membership) goes with the future, as the last part of it to be
//!   dropped, also when another part panics in its drop. If there is no future any more, so there is
//!   no place.
//! - *The output* lies not in the task but in an [`ScopedOutput`](super::handle::ScopedOutput). The task's hold
//!   on it goes before its place. The handle's hold cannot leave the scope, because of `'scope`; where
//!   a handle is leaked, its output is never looked at again. A panic's payload is `'static`.
//! - *The wait* is in the drop of [`Leave`], which is on the stack from before the closure is called:
//!   a panic of the closure, or of a runtime that ends by one while this thread drives it, cannot go
//!   past it. It waits until every place has gone. That takes no help of the runtime: it drops the
//!   futures that nobody polls here and now, and waits for polls under way, which end or last for
//!   ever.
//! - *A shutdown of the runtime* drops futures, too, and no other way ends a task. A spawn after it
//!   drops the future on the spot, with its place.
//! - *In a fork* there is no wait: the threads that polled the futures are not there, no task of the
//!   runtime is run or dropped there any more, and a wait for a poll under way would not end.
//! - *Who spawns while the scope waits* is a task that has not left, so the scope cannot find itself
//!   empty in between.
//! - *The scope's own parts* that its tasks touch last, the list of members and the waker, are counted
//!   and not borrowed.
//!
//! In a future the same would be unsound: a future may be forgotten between two polls, and then no drop
//! of anything waits. So the asynchronous [`scope`](super::scope) lends nothing.

use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::panic::{AssertUnwindSafe, RefUnwindSafe, UnwindSafe, catch_unwind};
use std::pin::Pin;

use super::handle::ScopedJoinHandle;
use super::shared::ScopeState;
use crate::current;
use crate::primitive::sync::Arc;
use crate::raw_task::{AbortHandle, Meta};
use crate::runtime::Handle;
use crate::scheduler::block_on_here;
use crate::util::large::pin_if_large;

/// Spawns tasks that borrow; made by [`Handle::scope`].
///
/// `'scope` is the life of the scope and `'env` that of what its tasks borrow, as in
/// [`std::thread::Scope`].
///
/// # Examples
///
/// A function may take the scope and spawn into it, too:
///
/// ```
///
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use runtime::{Runtime, task::BlockingScope};
///
/// fn count<'scope>(scope: &'scope BlockingScope<'scope, '_>, word: &'scope str, sum: &'scope AtomicUsize) {
///     scope.spawn(async { sum.fetch_add(word.len(), Ordering::Relaxed) });
/// }
///
/// # fn main() -> std::io::Result<()> {
/// let (words, sum) = (["one".to_string(), "four".to_string()], AtomicUsize::new(0));
/// Runtime::new()?.handle().scope(|scope| {
///     words.iter().for_each(|word| count(scope, word, &sum));
/// });
/// assert_eq!(sum.into_inner(), 7);
/// # Ok(())
/// # }
/// ```
pub struct BlockingScope<'scope, 'env: 'scope> {
    runtime: Handle,
    shared: Arc<ScopeState>,
    /// Invariant, lest a shorter scope pass for this one, or a longer.
    _scope: PhantomData<&'scope mut &'scope ()>,
    _env: PhantomData<&'env mut &'env ()>,
}

// A panic of a task stays in its outcome; no user code runs amid a change.
impl UnwindSafe for BlockingScope<'_, '_> {}
impl RefUnwindSafe for BlockingScope<'_, '_> {}

/// A task's future, which borrows for `'a`.
type Task<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

impl Handle {
    /// Lets `f` spawn tasks that borrow from here, and blocks this thread until all have ended.
    ///
    /// It waits for the tasks to end by themselves. On a current-thread runtime this thread runs
    /// them meanwhile, if no other one does and the runtime is not a local one at home elsewhere.
    ///
    /// If `f` panics, the tasks are cancelled: their futures are dropped, after the polls that are
    /// under way. Then the panic goes on. A panic of a task goes to whoever awaits its handle, as
    /// [`BlockingScope::block_on`] does; if nobody holds the handle, `scope` panics with it
    /// after all tasks have ended. If the runtime is shut down, it drops the tasks' futures, and `scope`
    /// returns what `f` has returned.
    ///
    /// No bound on a shutdown is one on this: a poll that never ends blocks it for ever.
    ///
    /// # Panics
    ///
    /// If this thread runs async code, which the wait would stop: use
    /// [`task::scope`](crate::task::scope) there, or a thread of
    /// [`spawn_blocking`](crate::task::spawn_blocking). With a panic of `f` or of a task, as
    /// said above.
    ///
    /// # Examples
    ///
    /// ```
    /// let rt = runtime::Runtime::new().unwrap();
    /// let words = vec!["one".to_string(), "four".to_string()];
    /// let total: usize = rt.handle().scope(|scope| {
    ///     let tasks: Vec<_> = words.iter().map(|word| scope.spawn(async move { word.len() })).collect();
    ///     tasks.into_iter().map(|task| scope.block_on(task).unwrap()).sum()
    /// });
    /// assert_eq!(total, 7);
    /// ```
    #[track_caller]
    pub fn scope<'env, F, R>(&self, f: F) -> R
    where
        F: for<'scope> FnOnce(&'scope BlockingScope<'scope, 'env>) -> R,
    {
        if current::is_driving() {
            refuse();
        }
        let scope = BlockingScope {
            runtime: self.clone(),
            shared: ScopeState::new(cancel),
            _scope: PhantomData,
            _env: PhantomData,
        };
        let leave = Leave {
            runtime: self,
            shared: &scope.shared,
        };
        let output = catch_unwind(AssertUnwindSafe(|| {
            let output = f(&scope);
            self.drive(scope.shared.until_all_gone());
            output
        }));
        drop(leave);
        scope.shared.pass_on(output)
    }
}

#[cold]
#[track_caller]
fn refuse() -> ! {
    panic!(
        "this thread runs async code, and `Handle::scope` would block it: use `task::scope`, or \
         do it on a thread of `spawn_blocking`"
    );
}

/// Ends a scope when dropped: no future of its tasks is left then.
struct Leave<'a> {
    runtime: &'a Handle,
    shared: &'a ScopeState,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if !self.runtime.scheduler().config().origin.is_here() {
            return;
        }
        let _entered = self.runtime.enter();
        self.shared.close();
        block_on_here(self.shared.until_all_gone());
    }
}

/// Drops a task's future here, unless it is being polled: then that thread does.
fn cancel(task: AbortHandle) {
    // SAFETY: only futures and outputs that are `Send` are spawned into a scope.
    unsafe { task.cancel_here() };
}

impl<'scope> BlockingScope<'scope, '_> {
    /// Spawns a future that may borrow what outlives the scope.
    ///
    /// If the scope's closure has panicked, the future is dropped, and the handle says `cancelled`.
    #[track_caller]
    pub fn spawn<F>(&'scope self, future: F) -> ScopedJoinHandle<'scope, F::Output>
    where
        F: Future + Send + 'scope,
        F::Output: Send + 'scope,
    {
        let meta = Meta::here(None);
        pin_if_large!(F, future, self.spawn_with(future, meta))
    }

    fn spawn_with<F>(&'scope self, future: F, meta: Meta) -> ScopedJoinHandle<'scope, F::Output>
    where
        F: Future + Send + 'scope,
        F::Output: Send + 'scope,
    {
        ScopeState::spawn(&self.shared, future, meta, |member, meta| {
            let member: Task<'scope> = Box::pin(member);
            // SAFETY: the scope does not end before the member has been dropped: see above.
            let member = unsafe { mem::transmute::<Task<'scope>, Task<'static>>(member) };
            self.runtime.scheduler().spawn(member, meta)
        })
    }

    /// Runs a future to its end on this thread, as
    /// [`Runtime::block_on`](crate::runtime::Runtime::block_on) does.
    ///
    /// # Panics
    ///
    /// If this thread runs async code, or if the future panics.
    #[track_caller]
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        pin_if_large!(F, future, self.runtime.drive(future))
    }
}

impl fmt::Debug for BlockingScope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockingScope").finish_non_exhaustive()
    }
}
