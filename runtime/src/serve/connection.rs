//! A stream that carries its place.

mod forwarding;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use pin_project_lite::pin_project;

use super::places::Place;
use crate::net::{TcpStream, UnixStream, tcp, unix};

pin_project! {
    /// A connection that an [`Acceptor`](super::Acceptor) serves: the stream, with its place among those allowed.
    ///
    /// It is used as the stream itself is. It has all the stream's methods, and its I/O traits:
    /// those of [`io`](crate::io); with feature `futures-io` those of that crate (where the stream has them, by shared
    /// reference, too), with feature `tokio-io` those of real `tokio::io`, with feature `hyper` those of `hyper::rt`. Dropping it closes the stream, then
    /// frees the place.
    ///
    /// It is one value on purpose, without public fields: a closure or an `async` block that uses the stream
    /// owns the place as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::{TcpListener, TcpStream};
    /// use runtime::serve::Acceptor;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1);
    /// let mut client = TcpStream::connect(acceptor.local_addr()?).await?;
    ///
    /// let (mut connection, _) = acceptor.accept().await?;
    /// connection.set_nodelay(true)?;
    /// let served = runtime::spawn(async move { connection.write_all(b"hello").await });
    /// assert_eq!(acceptor.active(), 1);
    ///
    /// served.await??;
    /// client.read_exact(&mut [0; 5]).await?;
    /// assert_eq!(acceptor.active(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "dropping it closes the connection"]
    pub struct Connection<S> {
        // In the order of their drops: a place is not free before its stream is closed.
        #[pin]
        stream: S,
        place: Place,
    }
}

impl<S> Connection<S> {
    /// Puts a stream into a place, say the one on top of what [`into_parts`](Self::into_parts) has answered.
    pub fn from_parts(stream: S, place: Place) -> Self {
        Connection { stream, place }
    }

    /// Takes stream and place apart. Whoever goes on with the stream has to keep the place as well: it
    /// counts as free once it is dropped.
    ///
    /// # Examples
    ///
    /// A stream of another type on top, here a buffered one, in the same place:
    ///
    /// ```
    /// use runtime::io::BufReader;
    /// use runtime::net::TcpStream;
    /// use runtime::serve::Connection;
    ///
    /// fn buffered(connection: Connection<TcpStream>) -> Connection<BufReader<TcpStream>> {
    ///     let (stream, place) = connection.into_parts();
    ///     Connection::from_parts(BufReader::new(stream), place)
    /// }
    /// ```
    pub fn into_parts(self) -> (S, Place) {
        (self.stream, self.place)
    }

    fn split_with<R, W>(self, split: impl FnOnce(S) -> (R, W)) -> (Connection<R>, Connection<W>) {
        let (stream, place) = self.into_parts();
        let (reader, writer) = split(stream);
        (
            Connection::from_parts(reader, place.clone()),
            Connection::from_parts(writer, place),
        )
    }
}

impl Connection<TcpStream> {
    /// Splits it into a half that reads and one that writes, as [`TcpStream::into_split`] does.
    ///
    /// The place is free when both are dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::{TcpListener, TcpStream};
    /// use runtime::serve::Acceptor;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let acceptor = Acceptor::new(TcpListener::bind("127.0.0.1:0").await?, 1);
    /// let mut client = TcpStream::connect(acceptor.local_addr()?).await?;
    /// let (reader, mut writer) = acceptor.accept().await?.0.into_split();
    /// drop(reader);
    /// writer.write_all(b"hello").await?;
    /// client.read_exact(&mut [0; 5]).await?;
    /// assert_eq!(acceptor.active(), 1);
    /// drop(writer);
    /// assert_eq!(acceptor.active(), 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_split(
        self,
    ) -> (
        Connection<tcp::OwnedReadHalf>,
        Connection<tcp::OwnedWriteHalf>,
    ) {
        self.split_with(TcpStream::into_split)
    }
}

impl Connection<UnixStream> {
    /// Splits it into a half that reads and one that writes, as [`UnixStream::into_split`] does.
    ///
    /// The place is free when both are dropped.
    pub fn into_split(
        self,
    ) -> (
        Connection<unix::OwnedReadHalf>,
        Connection<unix::OwnedWriteHalf>,
    ) {
        self.split_with(UnixStream::into_split)
    }
}

/// The methods of the stream that borrow it.
impl<S> Deref for Connection<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.stream
    }
}

impl<S> DerefMut for Connection<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.stream
    }
}

impl<S: AsFd> AsFd for Connection<S> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl<S: AsRawFd> AsRawFd for Connection<S> {
    fn as_raw_fd(&self) -> RawFd {
        self.stream.as_raw_fd()
    }
}

impl<S: fmt::Debug> fmt::Debug for Connection<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Connection").field(&self.stream).finish()
    }
}
