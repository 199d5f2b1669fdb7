//! What an acceptor can accept from.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

use crate::net::{TcpListener, TcpStream, UnixListener, UnixStream, unix};

/// A socket that listens for connections.
pub trait Listener {
    /// A connection.
    type Stream;
    /// The address of the other side.
    type Address: fmt::Debug;

    /// Polls for the next connection.
    ///
    /// # Errors
    ///
    /// What the operating system answers.
    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(Self::Stream, Self::Address)>>;
}

impl Listener for TcpListener {
    type Stream = TcpStream;
    type Address = SocketAddr;

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        self.poll_accept(cx)
    }
}

impl Listener for UnixListener {
    type Stream = UnixStream;
    type Address = unix::SocketAddr;

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(UnixStream, Self::Address)>> {
        self.poll_accept(cx)
    }
}
