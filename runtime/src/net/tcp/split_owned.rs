//! The halves of a stream that share its ownership and may live in different tasks.

use std::error::Error;
use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::SocketAddr;
use std::task::{Context, Poll};

use super::TcpStream;
use crate::io::{Interest, Ready};
use crate::primitive::sync::Arc;

/// The half of a [`TcpStream`] that reads, made by [`TcpStream::into_split`].
///
/// Dropping it leaves the connection as it is.
#[derive(Debug)]
pub struct OwnedReadHalf {
    stream: Arc<TcpStream>,
}

/// The half of a [`TcpStream`] that writes, made by [`TcpStream::into_split`].
///
/// Dropping it closes the writing side of the connection: the peer reads the end of the stream. To
/// drop it without that, call [`forget`](Self::forget).
#[derive(Debug)]
pub struct OwnedWriteHalf {
    stream: Arc<TcpStream>,
    closes_on_drop: bool,
}

/// The error of putting together two halves that come from different streams. It holds both.
#[derive(Debug)]
pub struct ReuniteError(pub OwnedReadHalf, pub OwnedWriteHalf);

pub(super) fn split_owned(stream: TcpStream) -> (OwnedReadHalf, OwnedWriteHalf) {
    let stream = Arc::new(stream);
    let write = OwnedWriteHalf {
        stream: Arc::clone(&stream),
        closes_on_drop: true,
    };
    (OwnedReadHalf { stream }, write)
}

fn reunite(read: OwnedReadHalf, write: OwnedWriteHalf) -> Result<TcpStream, ReuniteError> {
    if !Arc::ptr_eq(&read.stream, &write.stream) {
        return Err(ReuniteError(read, write));
    }
    write.forget();
    Ok(Arc::try_unwrap(read.stream).expect("a stream has only two halves"))
}

impl OwnedReadHalf {
    /// Puts the two halves together again.
    ///
    /// # Errors
    ///
    /// Gives both halves back if they are not of one stream.
    pub fn reunite(self, other: OwnedWriteHalf) -> Result<TcpStream, ReuniteError> {
        reunite(self, other)
    }

    read_half_methods!();
}

impl OwnedWriteHalf {
    /// Puts the two halves together again.
    ///
    /// # Errors
    ///
    /// Gives both halves back if they are not of one stream.
    pub fn reunite(self, other: OwnedReadHalf) -> Result<TcpStream, ReuniteError> {
        reunite(other, self)
    }

    /// Drops the half without closing the writing side of the connection.
    pub fn forget(mut self) {
        self.closes_on_drop = false;
    }

    write_half_methods!();

    pub(super) fn close_write(&mut self) -> io::Result<()> {
        self.stream.close_write()?;
        self.closes_on_drop = false;
        Ok(())
    }
}

impl Drop for OwnedWriteHalf {
    fn drop(&mut self) {
        if self.closes_on_drop {
            // A failure means that the connection is gone, and then there is nothing to close.
            let _ = self.stream.close_write();
        }
    }
}

impl AsRef<TcpStream> for OwnedReadHalf {
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

impl AsRef<TcpStream> for OwnedWriteHalf {
    fn as_ref(&self) -> &TcpStream {
        &self.stream
    }
}

impl fmt::Display for ReuniteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the two halves are not of one stream: reunite those of one `into_split`")
    }
}

impl Error for ReuniteError {}
