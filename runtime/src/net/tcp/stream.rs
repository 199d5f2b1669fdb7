//! A TCP connection.

use std::fmt;
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{Shutdown, SocketAddr};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::task::{Context, Poll};

use io_driver::Direction;

use super::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use super::{open, split, split_owned};
use crate::io::{Evented, Interest, Ready};
use crate::net::addr::{self, ToSocketAddrs};
use crate::net::transfer;

/// A TCP connection between a local and a remote socket.
///
/// It is made by [`connect`](Self::connect) or by
/// [`TcpListener::accept`](crate::net::TcpListener::accept), and closed when the value is dropped.
/// Closing the writing side alone is what `close` of futures-io and `shutdown` of `tokio::io` do.
///
/// # Reading and writing
///
/// The stream implements [`futures_io::AsyncRead`] and [`futures_io::AsyncWrite`], also by
/// shared reference; with feature `tokio-io` the traits of `tokio::io`, with feature
/// `hyper` those of `hyper::rt`. Through these traits at most one task may read and at most
/// one may write at a time: a second one takes the first one's place and the first is not
/// woken. [`readable`](Self::readable), [`writable`](Self::writable),
/// [`ready`](Self::ready), [`async_io`](Self::async_io) and [`peek`](Self::peek) may be
/// waited for by any number of tasks at once.
///
/// The runtime counts transfers in the task's poll budget, so a task that always finds data
/// yields from time to time.
///
/// # Examples
///
/// ```no_run
/// use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
/// use runtime::net::TcpStream;
///
/// # async fn example() -> std::io::Result<()> {
/// let mut stream = TcpStream::connect("example.com:80").await?;
/// stream.write_all(b"GET / HTTP/1.0\r\n\r\n").await?;
/// let mut answer = Vec::new();
/// stream.read_to_end(&mut answer).await?;
/// # Ok(())
/// # }
/// ```
pub struct TcpStream {
    pub(super) io: Evented<mio::net::TcpStream>,
}

impl TcpStream {
    /// Connects to the first of the given addresses that accepts the connection.
    ///
    /// # Errors
    ///
    /// Fails with the error of the last address tried, with the resolver's error if a name is
    /// unknown, or with [`io::ErrorKind::InvalidInput`] if there is no address at all.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the attempt under way is given up and its socket closed.
    pub async fn connect<A: ToSocketAddrs>(addr: A) -> io::Result<TcpStream> {
        let mut failure = None;
        for address in addr::resolve(addr).await? {
            match TcpStream::connect_to(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => failure = Some(error),
            }
        }
        Err(failure.unwrap_or_else(addr::no_address))
    }

    async fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
        let stream = TcpStream::from_mio(open::start_connecting(address)?)?;
        // The socket becomes writable when the attempt has ended; its error, if any, tells how.
        stream.writable().await?;
        match stream.take_error()? {
            None => Ok(stream),
            Some(error) => Err(error),
        }
    }

    #[track_caller]
    pub(super) fn from_mio(stream: mio::net::TcpStream) -> io::Result<TcpStream> {
        Ok(TcpStream {
            io: Evented::new(stream, Interest::READABLE | Interest::WRITABLE)?,
        })
    }

    /// Takes over a stream of the standard library, and puts it into non-blocking mode.
    ///
    /// # Errors
    ///
    /// Fails if the mode cannot be set or the socket cannot be registered with the runtime.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// let stream = std::net::TcpStream::connect("127.0.0.1:8080")?;
    /// let stream = runtime::net::TcpStream::from_std(stream)?;
    /// # drop(stream);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_std(stream: std::net::TcpStream) -> io::Result<TcpStream> {
        stream.set_nonblocking(true)?;
        TcpStream::from_mio(mio::net::TcpStream::from_std(stream))
    }

    /// Gives the stream back to the standard library. It stays in non-blocking mode.
    ///
    /// # Errors
    ///
    /// Fails if the socket cannot be taken out of the runtime's reactor.
    pub fn into_std(self) -> io::Result<std::net::TcpStream> {
        self.io.into_inner().map(Into::into)
    }

    /// Splits the stream into a half that reads and one that writes, which borrow it.
    ///
    /// It costs nothing, but both halves stay in one task; [`into_split`](Self::into_split)
    /// gives halves that can part.
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        split::split(self)
    }

    /// Splits the stream into a half that reads and one that writes, which share its ownership.
    ///
    /// Dropping the writing half closes the writing side of the connection: the peer
    /// reads the end of the stream.
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        split_owned::split_owned(self)
    }

    /// Waits until the stream is ready in one of the ways of `interest`, and says in which.
    ///
    /// The answer may be wrong: a read or write that follows may still fail with
    /// [`io::ErrorKind::WouldBlock`]. Readiness lasts until such a failure is seen by one of the
    /// `try_` methods, so use these and not the descriptor.
    ///
    /// # Errors
    ///
    /// Fails if the stream's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped: readiness that came meanwhile
    /// is found by the next call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # use std::io;
    /// # use runtime::{io::Interest, net::TcpStream};
    /// # async fn example(stream: TcpStream, buf: &mut [u8]) -> io::Result<()> {
    /// let ready = stream.ready(Interest::READABLE | Interest::WRITABLE).await?;
    /// if ready.is_readable() {
    ///     match stream.try_read(buf) {
    ///         Err(error) if error.kind() == io::ErrorKind::WouldBlock => {} // wait again
    ///         result => println!("{} bytes", result?),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ready(&self, interest: Interest) -> io::Result<Ready> {
        self.io.ready(interest).await
    }

    /// Waits until there is something to read, the peer has closed its side,
    /// or an error is to be seen.
    ///
    /// # Errors
    ///
    /// Fails if the stream's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready): nothing is lost.
    pub async fn readable(&self) -> io::Result<()> {
        self.ready(Interest::READABLE).await.map(drop)
    }

    /// Waits until there is room to write, or an error is to be seen.
    ///
    /// # Errors
    ///
    /// Fails if the stream's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready): nothing is lost.
    pub async fn writable(&self) -> io::Result<()> {
        self.ready(Interest::WRITABLE).await.map(drop)
    }

    /// Asks whether the stream is readable, and registers the current task to be woken when it is.
    ///
    /// Only the waker of the last call is woken, and reading through the I/O
    /// traits counts as such a call.
    ///
    /// # Errors
    ///
    /// Fails if the stream's runtime is gone.
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.poll_ready(cx, Direction::Read).map_ok(drop)
    }

    /// Asks whether the stream is writable, and registers the current task to be woken when it is.
    ///
    /// Only the waker of the last call is woken, and writing through the I/O
    /// traits counts as such a call.
    ///
    /// # Errors
    ///
    /// Fails if the stream's runtime is gone.
    pub fn poll_write_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.io.poll_ready(cx, Direction::Write).map_ok(drop)
    }

    /// Reads into `buf` what has come in, without waiting.
    ///
    /// Returns 0 if the peer has closed its side, or if `buf` is empty.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is nothing to read; wait for
    /// [`readable`](Self::readable).
    pub fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {
        transfer::try_read(&self.io, buf)
    }

    /// Reads into several buffers in turn what has come in, without waiting.
    ///
    /// Returns 0 if the peer has closed its side, or if the buffers are empty.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is nothing to read; wait for
    /// [`readable`](Self::readable).
    pub fn try_read_vectored(&self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        transfer::try_read_vectored(&self.io, bufs)
    }

    /// Writes as much of `buf` as there is room for, without waiting, and returns
    /// how many bytes that was.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
    /// [`writable`](Self::writable).
    pub fn try_write(&self, buf: &[u8]) -> io::Result<usize> {
        transfer::try_write(&self.io, buf)
    }

    /// Writes as much of several buffers as there is room for, without waiting, and returns
    /// how many bytes that was.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
    /// [`writable`](Self::writable).
    pub fn try_write_vectored(&self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        transfer::try_write_vectored(&self.io, bufs)
    }

    /// Calls `f`, which does some I/O on the socket, if the stream is known to be ready for it.
    ///
    /// If `f` fails with [`io::ErrorKind::WouldBlock`], the readiness named by `interest` is
    /// forgotten, so `f` may answer so only if the socket did. `f` must not use the stream's own
    /// methods for the transfer. `interest` should name one direction.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if the stream is not ready, in which case `f` is
    /// not called, and with whatever `f` fails with.
    pub fn try_io<R>(
        &self,
        interest: Interest,
        f: impl FnOnce() -> io::Result<R>,
    ) -> io::Result<R> {
        self.io.try_io(interest, f)
    }

    /// Waits until the stream is ready and calls `f`, again and again until it does not answer
    /// [`io::ErrorKind::WouldBlock`].
    ///
    /// `f` is bound by the same rules as in [`try_io`](Self::try_io).
    ///
    /// # Errors
    ///
    /// Fails with what `f` fails with, or if the stream's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, `f` has either not been called or has answered `WouldBlock`.
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        f: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        self.io.async_io(interest, f).await
    }

    /// Waits for data and copies it into `buf` without taking it out of the stream.
    ///
    /// Returns 0 if the peer has closed its side, or if `buf` is empty.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the stream's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost: peeking takes nothing away.
    pub async fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let peek = || self.io.get_ref().peek(buf);
        self.io.async_io(Interest::READABLE, peek).await
    }

    /// Copies data into `buf` without taking it out of the stream, or registers the
    /// current task to be woken.
    ///
    /// Returns 0 if the peer has closed its side, or if `buf` is empty. Only the waker of the last
    /// call is woken, and reading through the I/O traits counts as such a call. The buffer is a
    /// slice, where tokio has a `ReadBuf`.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the stream's runtime is gone.
    pub fn poll_peek(&self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        if buf.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let peek = || self.io.get_ref().peek(buf);
        self.io.poll_io(cx, Direction::Read, peek)
    }

    /// Closes the writing side. A connection that is gone already counts as closed.
    pub(super) fn close_write(&self) -> io::Result<()> {
        match self.io.get_ref().shutdown(Shutdown::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }
}

impl fmt::Debug for TcpStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.io.get_ref().fmt(f)
    }
}

impl AsRef<TcpStream> for TcpStream {
    fn as_ref(&self) -> &TcpStream {
        self
    }
}

/// As [`TcpStream::from_std`].
impl TryFrom<std::net::TcpStream> for TcpStream {
    type Error = io::Error;

    #[track_caller]
    fn try_from(stream: std::net::TcpStream) -> io::Result<TcpStream> {
        TcpStream::from_std(stream)
    }
}

/// As [`TcpStream::into_std`].
impl TryFrom<TcpStream> for std::net::TcpStream {
    type Error = io::Error;

    fn try_from(stream: TcpStream) -> io::Result<std::net::TcpStream> {
        stream.into_std()
    }
}

/// As [`TcpStream::into_std`].
impl TryFrom<TcpStream> for OwnedFd {
    type Error = io::Error;

    fn try_from(stream: TcpStream) -> io::Result<OwnedFd> {
        stream.into_std().map(Into::into)
    }
}

impl AsFd for TcpStream {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.io.get_ref().as_fd()
    }
}

impl AsRawFd for TcpStream {
    fn as_raw_fd(&self) -> RawFd {
        self.io.get_ref().as_raw_fd()
    }
}
