//! What an acceptor can accept from.

use std::io;
use std::net::SocketAddr;

use crate::net::{TcpListener, TcpStream, UnixListener, UnixStream, unix};

/// A socket that listens for connections.
///
/// The methods are named as those of tokio's and our own `TcpListener`.
///
/// # Examples
///
/// A listener whose connections send without delay:
///
/// ```
///
/// use std::{io, net::SocketAddr};
/// use runtime::{net::{TcpListener, TcpStream}, serve::Listener};
///
/// struct Prompt(TcpListener);
///
/// impl Listener for Prompt {
///     type Io = TcpStream;
///     type Addr = SocketAddr;
///
///     async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
///         let (stream, peer) = self.0.accept().await?;
///         stream.set_nodelay(true)?;
///         Ok((stream, peer))
///     }
///
///     fn local_addr(&self) -> io::Result<SocketAddr> {
///         self.0.local_addr()
///     }
/// }
/// ```
pub trait Listener {
    /// A connection.
    type Io;
    /// The address of either side.
    type Addr;

    /// Waits for the next connection, and answers with the address of its peer.
    ///
    /// Any number of tasks may wait at once: none may take the wake-up of another away, be it by
    /// waiting or by being dropped. Dropping the future must lose no connection.
    ///
    /// # Errors
    ///
    /// What the operating system answers. The [`Acceptor`](super::Acceptor) tells by the error's number, or
    /// if it has none by its kind, whether to go on.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Io, Self::Addr)>> + Send;

    /// Returns the address on which it listens.
    ///
    /// # Errors
    ///
    /// What the operating system answers.
    fn local_addr(&self) -> io::Result<Self::Addr>;
}

impl Listener for TcpListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.accept().await
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.local_addr()
    }
}

impl Listener for UnixListener {
    type Io = UnixStream;
    type Addr = unix::SocketAddr;

    async fn accept(&self) -> io::Result<(UnixStream, unix::SocketAddr)> {
        self.accept().await
    }

    fn local_addr(&self) -> io::Result<unix::SocketAddr> {
        self.local_addr()
    }
}
