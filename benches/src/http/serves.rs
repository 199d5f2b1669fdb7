//! What a runtime must offer to serve HTTP with hyper.

use std::future::Future;
use std::io;

use hyper::rt::{Read, Timer, Write};
use hyper_util::rt::{TokioIo, TokioTimer};

use crate::UnderTest;
use crate::under_test::{Ours, Tokio};

/// A runtime on which hyper serves.
pub(super) trait Serves: UnderTest {
    type Listener: Send + Sync + 'static;

    /// A stream as hyper takes it.
    type Io: Read + Write + Unpin + Send + 'static;

    type Timer: Timer + Send + Sync + 'static;

    /// Registers a non-blocking listener with the current runtime's reactor.
    fn listen(listener: std::net::TcpListener) -> io::Result<Self::Listener>;

    /// Accepts a connection and sets TCP_NODELAY on it.
    fn accept(listener: &Self::Listener) -> impl Future<Output = io::Result<Self::Io>> + Send;

    fn timer() -> Self::Timer;
}

impl Serves for Tokio {
    type Listener = tokio::net::TcpListener;
    type Io = TokioIo<tokio::net::TcpStream>;
    type Timer = TokioTimer;

    fn listen(listener: std::net::TcpListener) -> io::Result<Self::Listener> {
        tokio::net::TcpListener::from_std(listener)
    }

    async fn accept(listener: &Self::Listener) -> io::Result<Self::Io> {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok(TokioIo::new(stream))
    }

    fn timer() -> TokioTimer {
        TokioTimer::new()
    }
}

impl Serves for Ours {
    type Listener = runtime::net::TcpListener;
    type Io = runtime::net::TcpStream;
    type Timer = runtime::hyper::Timer;

    fn listen(listener: std::net::TcpListener) -> io::Result<Self::Listener> {
        runtime::net::TcpListener::from_std(listener)
    }

    async fn accept(listener: &Self::Listener) -> io::Result<Self::Io> {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    fn timer() -> runtime::hyper::Timer {
        runtime::hyper::Timer::new()
    }
}
