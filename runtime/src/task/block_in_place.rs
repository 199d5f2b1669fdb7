//! Blocks where one is.

use super::local_set;
use crate::current;
use crate::scheduler::context;

/// Runs a closure that blocks, on this thread, while others take over its tasks.
///
/// A worker of a multi-threaded runtime gives its place up for the while. Others take the tasks that wait
/// there; if none is free, another thread takes the place. The task that calls this waits, with all that runs in it: the
/// branches of a `join!` do not go on. Outside async code the closure is just called.
/// `Handle::block_on` may be used inside.
///
/// [`spawn_blocking`](super::spawn_blocking) does not hold the task up and is cheaper if the
/// closure can be sent; here it may borrow.
///
/// # Panics
///
/// On a current-thread runtime, inside a [`LocalSet`](super::LocalSet), whose tasks have no other
/// thread to go to, and if the closure panics.
///
/// # Examples
///
/// ```
/// #[runtime::main]
/// async fn main() {
///     let task = runtime::spawn(async {
///         let text = String::from("borrowed");
///         runtime::task::block_in_place(|| text.len())
///     });
///     assert_eq!(task.await.unwrap(), 8);
/// }
/// ```
#[track_caller]
pub fn block_in_place<F, R>(f: F) -> R
where
    F: FnOnce() -> R,
{
    match context::try_current() {
        Some(_) if current::is_driving() && local_set::is_running() => panic!(
            "the other tasks of this `LocalSet` have no other thread to go on with: use \
             `spawn_blocking`"
        ),
        Some(handle) if current::is_driving() => handle.block_in_place(f),
        _ => f(),
    }
}
