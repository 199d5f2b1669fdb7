//! A TCP connection.

use std::io;
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::task::{Context, Poll};

use io_driver::Direction;
use socket2::SockRef;

use super::split::{self, OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use crate::io::evented_stream::{impl_reading, impl_writing};
use crate::io::{Evented, Interest, ReadBuf, Ready, append_uninit};
use crate::net::addr::{self, ToSocketAddrs};
use crate::net::conversions::std_conversions;
use crate::net::examples::{receiving, stream_and_peer};
use crate::net::methods::{
    operation_methods, poll_read_ready_method, poll_write_ready_method, reading_methods,
    ready_method, writing_methods,
};
use crate::net::open;

/// A TCP connection between a local and a remote socket.
///
/// It is made by [`connect`](Self::connect) or by
/// [`TcpListener::accept`](crate::net::TcpListener::accept), and closed when the value is dropped.
/// Closing the writing side alone is what [`shutdown`](crate::io::AsyncWriteExt::shutdown) does.
///
/// # Reading and writing
///
/// The stream implements [`AsyncRead`](crate::io::AsyncRead) and [`AsyncWrite`](crate::io::AsyncWrite), also by
/// shared reference; with feature `futures-io` the traits of that crate, with feature `tokio-io` those of real
/// `tokio::io`, with feature `hyper` those of `hyper::rt`. Through these traits at most one task may read and at most
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
/// use runtime::io::{AsyncReadExt, AsyncWriteExt};
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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// assert_eq!(stream.peer_addr()?, listener.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect<A: ToSocketAddrs>(addr: A) -> io::Result<TcpStream> {
        addr::first(addr, TcpStream::connect_to).await
    }

    async fn connect_to(address: SocketAddr) -> io::Result<TcpStream> {
        TcpStream::finish_connecting(open::start_tcp(address)?).await
    }

    /// A connection from a listener. Mostly there is room to write, and often a request has come with it.
    pub(super) fn accepted(stream: mio::net::TcpStream) -> io::Result<TcpStream> {
        let stream = TcpStream::from_mio(stream)?;
        stream.io.assume_ready(Ready::READABLE | Ready::WRITABLE);
        Ok(stream)
    }

    pub(super) async fn finish_connecting(stream: mio::net::TcpStream) -> io::Result<TcpStream> {
        let stream = TcpStream::from_mio(stream)?;
        // The socket becomes writable when the attempt has ended; its error, if any, tells how.
        stream.writable().await?;
        match stream.take_error()? {
            None => Ok(stream),
            Some(error) => Err(error),
        }
    }

    /// Splits the stream into a half that reads and one that writes, which borrow it.
    ///
    /// It costs nothing, but both halves stay in one task; [`into_split`](Self::into_split)
    /// gives halves that can part.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::AsyncWriteExt;
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut stream = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut peer, _) = listener.accept().await?;
    /// let (mut reader, mut writer) = stream.split();
    /// let copied = runtime::io::copy(&mut reader, &mut writer); // sends back what comes
    /// # peer.write_all(b"hello").await?;
    /// # peer.shutdown().await?;
    /// assert_eq!(copied.await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn split(&mut self) -> (ReadHalf<'_>, WriteHalf<'_>) {
        split::split(self)
    }

    /// Splits the stream into a half that reads and one that writes, which share its ownership.
    ///
    /// Dropping the writing half closes the writing side of the connection: the peer
    /// reads the end of the stream.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut peer, _) = listener.accept().await?;
    /// let (_reader, mut writer) = stream.into_split();
    /// runtime::spawn(async move { writer.write_all(b"hello").await });
    /// let mut text = String::new();
    /// peer.read_to_string(&mut text).await?; // to the end: the writer was dropped
    /// assert_eq!(text, "hello");
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_split(self) -> (OwnedReadHalf, OwnedWriteHalf) {
        split::split_owned(self)
    }

    ready_method!();
    reading_methods!(receiving!(TcpStream));
    poll_read_ready_method!(receiving!(TcpStream));
    writing_methods!(stream_and_peer!(TcpStream));
    poll_write_ready_method!(stream_and_peer!(TcpStream));
    operation_methods!(concat!(receiving!(TcpStream), "\n# let socket = stream;"));

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
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let mut stream = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut peer, _) = listener.accept().await?;
    /// peer.write_all(b"hello").await?;
    /// let (mut first, mut all) = ([0; 1], [0; 5]);
    /// stream.peek(&mut first).await?;
    /// stream.read_exact(&mut all).await?; // it is still there
    /// assert_eq!((&first, &all), (b"h", b"hello"));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn peek(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let peek = || self.io.get_ref().peek(buf);
        self.io.async_io(Interest::READABLE, peek).await
    }

    /// Appends data to `buf` without taking it out of the stream, and returns how many bytes that
    /// was, or registers the current task to be woken.
    ///
    /// Returns 0 if the peer has closed its side, or if `buf` is full. Only the waker of the last
    /// call is woken, and reading through the I/O traits counts as such a call.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the stream's runtime is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use runtime::io::AsyncWriteExt;
    /// use runtime::io::ReadBuf;
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// # let stream = TcpStream::connect(listener.local_addr()?).await?;
    /// # let (mut peer, _) = listener.accept().await?;
    /// # peer.write_all(b"hello").await?;
    /// let mut first = [0; 1];
    /// let mut buf = ReadBuf::new(&mut first);
    /// assert_eq!(poll_fn(|cx| stream.poll_peek(cx, &mut buf)).await?, 1);
    /// assert_eq!(buf.filled(), b"h");
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_peek(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<usize>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(0));
        }
        let socket = SockRef::from(self.io.get_ref());
        let peek = |free: &mut [MaybeUninit<u8>]| socket.peek(free).map(|n| (n, n));
        // SAFETY: the system initialises as many bytes as it has copied.
        let append = || unsafe { append_uninit(buf, peek) };
        self.io.poll_io(cx, Direction::Read, append)
    }

    /// Closes the writing side. A connection that is gone already counts as closed.
    pub(super) fn close_write(&self) -> io::Result<()> {
        match self.io.get_ref().shutdown(Shutdown::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    pub(super) fn io(&self) -> &Evented<mio::net::TcpStream> {
        &self.io
    }
}

std_conversions!(
    TcpStream,
    std::net::TcpStream,
    mio::net::TcpStream,
    Interest::READABLE | Interest::WRITABLE
);
impl_reading!(TcpStream);
impl_writing!(TcpStream);

// By shared reference too: a connection that one task reads and another writes needs no split.
impl_reading!(&TcpStream);
impl_writing!(&TcpStream);

impl AsRef<TcpStream> for TcpStream {
    fn as_ref(&self) -> &TcpStream {
        self
    }
}
