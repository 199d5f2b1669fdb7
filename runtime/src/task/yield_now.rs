//! Lets the others go first.

use crate::coop::yield_once;

/// Yields to the scheduler: the task queues up behind those that are ready.
///
/// Timers and sockets have their turn when the worker looks at them, not at each yield.
///
/// # Cancel safety
///
/// Dropping the future loses nothing.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// runtime::task::yield_now().await;
/// # }
/// ```
pub async fn yield_now() {
    // A task that is woken while it runs goes to the back of its worker's queue.
    yield_once().await;
}
