//! Datagrams and Unix streams, as far as workloads need them.

use std::future::Future;
use std::io;

use super::{Ours, Smol, Tokio, Unwatched};

/// Sockets of a runtime beside its TCP streams.
pub trait Sockets {
    /// A registered UDP socket.
    type UdpSocket: Send + Sync + 'static;

    /// A registered Unix stream.
    type UnixStream: Send + 'static;

    /// Registers a non-blocking socket with the current runtime's reactor.
    fn register_udp(socket: std::net::UdpSocket) -> io::Result<Self::UdpSocket>;

    /// Registers a non-blocking stream with the current runtime's reactor.
    fn register_unix(stream: std::os::unix::net::UnixStream) -> io::Result<Self::UnixStream>;

    /// Sends a datagram to the peer that the socket is connected to.
    fn send(socket: &Self::UdpSocket, buf: &[u8])
    -> impl Future<Output = io::Result<usize>> + Send;

    /// Receives a datagram.
    fn recv(
        socket: &Self::UdpSocket,
        buf: &mut [u8],
    ) -> impl Future<Output = io::Result<usize>> + Send;

    /// Writes all of `buf`.
    fn write_all(
        stream: &mut Self::UnixStream,
        buf: &[u8],
    ) -> impl Future<Output = io::Result<()>> + Send;

    /// Fills `buf`.
    fn read_exact(
        stream: &mut Self::UnixStream,
        buf: &mut [u8],
    ) -> impl Future<Output = io::Result<()>> + Send;
}

/// Implements [`Sockets`] where sockets have tokio's names and its traits.
macro_rules! tokio_shaped {
    ($runtime:ident, $library:ident) => {
        impl Sockets for $runtime {
            type UdpSocket = ::$library::net::UdpSocket;
            type UnixStream = ::$library::net::UnixStream;

            fn register_udp(socket: std::net::UdpSocket) -> io::Result<Self::UdpSocket> {
                ::$library::net::UdpSocket::from_std(socket)
            }

            fn register_unix(
                stream: std::os::unix::net::UnixStream,
            ) -> io::Result<Self::UnixStream> {
                ::$library::net::UnixStream::from_std(stream)
            }

            fn send(
                socket: &Self::UdpSocket,
                buf: &[u8],
            ) -> impl Future<Output = io::Result<usize>> + Send {
                socket.send(buf)
            }

            fn recv(
                socket: &Self::UdpSocket,
                buf: &mut [u8],
            ) -> impl Future<Output = io::Result<usize>> + Send {
                socket.recv(buf)
            }

            async fn write_all(stream: &mut Self::UnixStream, buf: &[u8]) -> io::Result<()> {
                ::tokio::io::AsyncWriteExt::write_all(stream, buf).await
            }

            async fn read_exact(stream: &mut Self::UnixStream, buf: &mut [u8]) -> io::Result<()> {
                ::tokio::io::AsyncReadExt::read_exact(stream, buf).await?;
                Ok(())
            }
        }
    };
}

tokio_shaped!(Ours, runtime);
tokio_shaped!(Unwatched, runtime);
tokio_shaped!(Tokio, tokio);

impl Sockets for Smol {
    type UdpSocket = smol::Async<std::net::UdpSocket>;
    type UnixStream = smol::Async<std::os::unix::net::UnixStream>;

    fn register_udp(socket: std::net::UdpSocket) -> io::Result<Self::UdpSocket> {
        smol::Async::new_nonblocking(socket)
    }

    fn register_unix(stream: std::os::unix::net::UnixStream) -> io::Result<Self::UnixStream> {
        smol::Async::new_nonblocking(stream)
    }

    fn send(
        socket: &Self::UdpSocket,
        buf: &[u8],
    ) -> impl Future<Output = io::Result<usize>> + Send {
        socket.send(buf)
    }

    fn recv(
        socket: &Self::UdpSocket,
        buf: &mut [u8],
    ) -> impl Future<Output = io::Result<usize>> + Send {
        socket.recv(buf)
    }

    async fn write_all(stream: &mut Self::UnixStream, buf: &[u8]) -> io::Result<()> {
        smol::io::AsyncWriteExt::write_all(stream, buf).await
    }

    async fn read_exact(stream: &mut Self::UnixStream, buf: &mut [u8]) -> io::Result<()> {
        smol::io::AsyncReadExt::read_exact(stream, buf).await
    }
}
