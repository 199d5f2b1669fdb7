//! How a task comes into being.

use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::context;

/// Spawns a future as a task, which starts at once and runs beside the one that spawned it.
///
/// It is not tied to its handle: dropping the handle detaches the task. A panic in it goes to whoever
/// awaits the handle and stops nothing else.
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
    context::current().spawn(future, meta)
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
    context::current().spawn_blocking(f, meta)
}
