//! How a task comes into being.

use super::local_set;
use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::{context, current_thread};
use crate::util::large::{box_if_large, pin_if_large};

/// Spawns a future as a task, which runs beside the one that spawned it and needs not be awaited.
///
/// It is ready to run at once. Where all tasks share a thread, it begins when the one that spawned it yields; on a
/// current-thread runtime somebody must be in `block_on`.
///
/// It is not tied to its handle: dropping the handle detaches the task. A panic in it goes to
/// whoever awaits the handle and stops nothing else.
///
/// # Panics
///
/// Outside a runtime.
///
/// # Examples
///
/// ```
/// #[runtime::main]
/// async fn main() {
///     let doubled = runtime::spawn(async { 21 * 2 });
///     assert_eq!(doubled.await.unwrap(), 42);
/// }
/// ```
#[inline]
#[track_caller]
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let meta = Meta::here(None);
    pin_if_large!(F, future, context::current().spawn(future, meta))
}

/// Spawns a future that need not be `Send`, as a task that stays on this thread.
///
/// Otherwise it is as [`spawn`]. It works inside a [`LocalSet`](super::LocalSet), and on the
/// thread of a [`LocalRuntime`](crate::runtime::LocalRuntime) inside its `block_on`, or under a guard of
/// the `enter` of either. The task belongs to the set that is being awaited, to the runtime if there
/// is none, and to a set that was only entered if there is neither. The handle can be
/// sent to other threads if the output can.
///
/// # Panics
///
/// Outside both, and in a local runtime that was entered from another thread.
///
/// # Examples
///
/// ```
/// use std::rc::Rc;
///
/// #[runtime::main(flavor = "local")]
/// async fn main() {
///     let name = Rc::new(String::from("ferris"));
///     let length = runtime::task::spawn_local(async move { name.len() });
///     assert_eq!(length.await.unwrap(), 6);
/// }
/// ```
#[track_caller]
pub fn spawn_local<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let meta = Meta::here(None);
    pin_if_large!(F, future, spawn_local_with(future, meta))
}

#[track_caller]
pub(super) fn spawn_local_with<F>(future: F, meta: Meta) -> JoinHandle<F::Output>
where
    F: Future + 'static,
    F::Output: 'static,
{
    let runtime = context::try_current();
    let at_home = runtime.as_ref().is_some_and(|rt| rt.may_spawn_local());
    let set = match at_home {
        true => local_set::running(),
        false => local_set::entered(),
    };
    match (set, runtime) {
        (Some(set), _) => set.spawn(future, meta),
        (None, Some(runtime)) => runtime.spawn_local(future, meta),
        (None, None) => panic!("{}", current_thread::NO_LOCAL_RUNTIME),
    }
}

/// Runs a closure that blocks (a file, a lock, a long computation) on a thread made for that.
///
/// Closures start at once while there are fewer threads than
/// [`max_blocking_threads`](crate::runtime::Builder::max_blocking_threads), and queue up beyond.
/// A closure that has started cannot be aborted; a shutdown waits for it.
///
/// # Panics
///
/// Outside a runtime, and if the system gives the pool no thread at all.
///
/// # Examples
///
/// ```
/// #[runtime::main]
/// async fn main() {
///     let hosts = runtime::task::spawn_blocking(|| std::fs::read("/etc/hosts"));
///     let _bytes = hosts.await.unwrap();
/// }
/// ```
#[track_caller]
pub fn spawn_blocking<F, R>(f: F) -> JoinHandle<R>
where
    F: FnOnce() -> R + Send + 'static,
    R: Send + 'static,
{
    let meta = Meta::here(None);
    box_if_large!(F, f, context::current().spawn_blocking(f, meta))
}
