//! What a runtime must offer to have its workers blocked.

use std::future::Future;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

/// A multi-threaded runtime.
///
/// The functions that take no `self` act on the runtime whose task calls them.
pub(super) trait Host: Sized + 'static {
    /// Starts a runtime whose threads end soon when they are not needed.
    fn build(workers: usize, keep_alive: Duration) -> io::Result<Self>;

    /// Spawns from a thread that is no worker.
    fn spawn_from_outside(&self, future: impl Future<Output = ()> + Send + 'static);

    /// Spawns from inside a task.
    fn spawn(future: impl Future<Output = ()> + Send + 'static);

    fn block_in_place<T>(f: impl FnOnce() -> T) -> T;

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;

    fn yield_now() -> impl Future<Output = ()> + Send;

    /// Accepts connections of a non-blocking listener and echoes what they send.
    fn echo_all(listener: TcpListener) -> impl Future<Output = io::Result<()>> + Send;

    /// Registers a non-blocking stream from outside and echoes what it sends.
    fn echo_from_outside(&self, stream: TcpStream) -> io::Result<()>;

    /// Reads a byte of a non-blocking stream.
    fn read_byte(stream: TcpStream) -> impl Future<Output = io::Result<()>> + Send;

    /// Waits no longer than this for tasks that hang.
    fn shut_down(self, timeout: Duration);
}

macro_rules! host {
    ($(#[$docs:meta])* $host:ident, $library:ident) => {
        $(#[$docs])*
        #[derive(Debug)]
        pub(super) struct $host(::$library::runtime::Runtime);

        impl Host for $host {
            fn build(workers: usize, keep_alive: Duration) -> io::Result<Self> {
                ::$library::runtime::Builder::new_multi_thread()
                    .worker_threads(workers)
                    .thread_keep_alive(keep_alive)
                    .enable_all()
                    .build()
                    .map(Self)
            }

            fn spawn_from_outside(&self, future: impl Future<Output = ()> + Send + 'static) {
                drop(self.0.spawn(future));
            }

            fn spawn(future: impl Future<Output = ()> + Send + 'static) {
                drop(::$library::spawn(future));
            }

            fn block_in_place<T>(f: impl FnOnce() -> T) -> T {
                ::$library::task::block_in_place(f)
            }

            fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
                ::$library::time::sleep(duration)
            }

            fn yield_now() -> impl Future<Output = ()> + Send {
                ::$library::task::yield_now()
            }

            async fn echo_all(listener: TcpListener) -> io::Result<()> {
                let listener = ::$library::net::TcpListener::from_std(listener)?;
                loop {
                    let (stream, _) = listener.accept().await?;
                    drop(::$library::spawn(echo(stream)));
                }
            }

            fn echo_from_outside(&self, stream: TcpStream) -> io::Result<()> {
                let _entered = self.0.enter();
                drop(self.0.spawn(echo(::$library::net::TcpStream::from_std(stream)?)));
                Ok(())
            }

            async fn read_byte(stream: TcpStream) -> io::Result<()> {
                let mut stream = ::$library::net::TcpStream::from_std(stream)?;
                stream.read_exact(&mut [0]).await.map(drop)
            }

            fn shut_down(self, timeout: Duration) {
                self.0.shutdown_timeout(timeout);
            }
        }
    };
}

host!(
    /// The runtime of this workspace.
    Ours,
    runtime
);
host!(
    /// The yardstick.
    Tokio,
    tokio
);

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Ends when the other end is gone.
async fn echo(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut byte = [0];
    while stream.read_exact(&mut byte).await.is_ok() {
        if stream.write_all(&byte).await.is_err() {
            return;
        }
    }
}
