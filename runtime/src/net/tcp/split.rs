//! The halves of a stream that borrow it: free of cost, bound to one task.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use super::TcpStream;
use crate::io::{Interest, Ready};

/// The half of a [`TcpStream`] that reads, made by [`TcpStream::split`].
#[derive(Debug)]
pub struct ReadHalf<'a>(&'a TcpStream);

/// The half of a [`TcpStream`] that writes, made by [`TcpStream::split`].
///
/// Dropping it leaves the connection as it is; closing it through an I/O trait
/// closes the writing side.
#[derive(Debug)]
pub struct WriteHalf<'a>(&'a TcpStream);

pub(super) fn split(stream: &mut TcpStream) -> (ReadHalf<'_>, WriteHalf<'_>) {
    (ReadHalf(stream), WriteHalf(stream))
}

impl ReadHalf<'_> {
    read_half_methods!();
}

impl WriteHalf<'_> {
    write_half_methods!();

    pub(super) fn close_write(&self) -> io::Result<()> {
        self.0.close_write()
    }
}

impl AsRef<TcpStream> for ReadHalf<'_> {
    fn as_ref(&self) -> &TcpStream {
        self.0
    }
}

impl AsRef<TcpStream> for WriteHalf<'_> {
    fn as_ref(&self) -> &TcpStream {
        self.0
    }
}
