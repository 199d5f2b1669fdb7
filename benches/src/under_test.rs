//! What a runtime must offer to be measured.

mod lock;
mod mpsc;
mod ours;
mod smol;
mod sockets;
mod tokio;
mod tokio_shaped;
mod unwatched;

pub use lock::Lock;
pub use mpsc::Mpsc;
pub use ours::Ours;
pub use smol::{AsyncChannel, Smol};
pub use sockets::Sockets;
pub use tokio::Tokio;
pub use unwatched::Unwatched;

use std::future::Future;
use std::io;
use std::time::Duration;

/// A multi-threaded runtime, with I/O and time on.
///
/// The methods that take no `self` act on the runtime whose task calls them.
pub trait UnderTest: Sockets + Sized + Send + Sync + 'static {
    /// The name in tables and on command lines.
    const NAME: &'static str;

    /// What spawning gives.
    type JoinHandle<T: Send + 'static>: TaskHandle<T>;

    /// A registered TCP stream.
    type TcpStream: Send;

    /// The end of a channel for one value that sends it.
    type OneshotSender<T: Send + 'static>: Send + 'static;

    /// The end of a channel for one value that receives it.
    type OneshotReceiver<T: Send + 'static>: Send + 'static;

    /// The end of a channel with many receivers that sends.
    type BroadcastSender<T: Clone + Send + 'static>: Send + 'static;

    /// One of the many receivers of a channel.
    type BroadcastReceiver<T: Clone + Send + 'static>: Send + 'static;

    /// The channel for messages that comes with it.
    type Mpsc: Mpsc;

    /// The async mutex that comes with it.
    type Lock: Lock;

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

    /// Makes a channel for one value.
    fn oneshot<T: Send + 'static>() -> (Self::OneshotSender<T>, Self::OneshotReceiver<T>);

    /// Sends the one value.
    fn send_one<T: Send + 'static>(sender: Self::OneshotSender<T>, value: T);

    /// Waits for the one value.
    fn receive_one<T: Send + 'static>(
        receiver: Self::OneshotReceiver<T>,
    ) -> impl Future<Output = T> + Send;

    /// Makes a channel whose values all receivers see.
    fn broadcast<T: Clone + Send + 'static>(
        capacity: usize,
        receivers: usize,
    ) -> (Self::BroadcastSender<T>, Vec<Self::BroadcastReceiver<T>>);

    /// Sends a value to all receivers.
    fn send_all<T: Clone + Send + 'static>(sender: &Self::BroadcastSender<T>, value: T);

    /// Waits for the next value; `None` when the sender is gone.
    fn receive_next<T: Clone + Send + 'static>(
        receiver: &mut Self::BroadcastReceiver<T>,
    ) -> impl Future<Output = Option<T>> + Send;

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
