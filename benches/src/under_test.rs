//! What a runtime must offer to be measured.

mod ours;
mod smol;
mod tokio;
mod tokio_shaped;

pub use ours::Ours;
pub use smol::Smol;
pub use tokio::Tokio;

use std::future::Future;
use std::io;
use std::time::Duration;

/// A multi-threaded runtime, with I/O and time on.
///
/// The methods that take no `self` act on the runtime whose task calls them.
pub trait UnderTest: Sized + Send + Sync + 'static {
    /// The name in tables and on command lines.
    const NAME: &'static str;

    /// What spawning gives.
    type JoinHandle<T: Send + 'static>: TaskHandle<T>;

    /// A registered TCP stream.
    type TcpStream: Send;

    /// Starts a runtime with this number of worker threads.
    fn build(workers: usize) -> io::Result<Self>;

    /// Drives a future on the calling thread, which is no worker.
    fn block_on<F: Future>(&self, future: F) -> F::Output;

    /// Spawns from a thread that is no worker.
    fn spawn_from_outside<F>(&self, future: F) -> Self::JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static;

    /// Spawns from inside a task.
    fn spawn<F>(future: F) -> Self::JoinHandle<F::Output>
    where
        F: Future<Output: Send> + Send + 'static;

    /// Gives other tasks a turn.
    fn yield_now() -> impl Future<Output = ()> + Send;

    /// Waits for a duration.
    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;

    /// Waits for a future, but no longer than `limit`; `None` when that has passed.
    fn timeout<F: Future + Send>(
        limit: Duration,
        future: F,
    ) -> impl Future<Output = Option<F::Output>> + Send;

    /// Runs a closure on the pool for blocking calls.
    fn spawn_blocking<T, C>(closure: C) -> Self::JoinHandle<T>
    where
        T: Send + 'static,
        C: FnOnce() -> T + Send + 'static;

    /// Registers a non-blocking stream with the current runtime's reactor.
    fn register(stream: std::net::TcpStream) -> io::Result<Self::TcpStream>;
}

/// The owner's end of a spawned task.
///
/// # Panics
///
/// Awaiting it panics if the task panicked.
pub trait TaskHandle<T>: Future<Output = T> + Unpin + Send + 'static {
    /// Lets the task run on by itself.
    fn detach(self);

    /// Aborts the task; the future is done when the task is gone.
    fn cancel(self) -> impl Future<Output = ()> + Send;
}
