//! Lets the others go first.

use crate::coop::yield_once;

/// Yields to the scheduler: the task queues up again, behind those that are ready in its queue.
///
/// Who has run when it returns depends on where it is awaited:
///
/// - **A task of a current-thread runtime or of a [`LocalSet`](super::LocalSet)**: the tasks there that were ready
///   before, except those that another thread has woken or spawned.
/// - **A task of a multi-thread runtime**: the tasks that were ready in the queue of its worker, except those that
///   another worker has taken meanwhile, which may not have begun.
/// - **`block_on` of a current-thread runtime or of a `LocalSet`**: the tasks that were ready, if they are few. A
///   bounded number of polls later the future has its turn in any case.
/// - **`block_on` of a multi-thread runtime**, or of another library: perhaps nobody, as no tasks run on that thread.
///
/// It is the whole task that yields: in `join!` and `select!` its other branches are polled before the others run.
/// On a current-thread runtime timers and sockets have their turn, too, when those that were ready have run; the workers
/// of a multi-thread runtime look at them from time to time, not at each yield. To wait for somebody, wait for what he
/// does: a channel, a [`Notify`](crate::sync::Notify), a `JoinHandle`.
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
