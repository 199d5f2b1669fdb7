//! A connection between two Unix sockets.

use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net;
use std::path::Path;

use super::split::{self, OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
use super::{SocketAddr, UCred, address, credentials};
use crate::io::evented_stream::{impl_reading, impl_writing};
use crate::io::{Evented, Interest, Ready};
use crate::net::conversions::std_conversions;
use crate::net::examples::{receiving, stream_and_peer};
use crate::net::methods::{
    operation_methods, poll_read_ready_method, poll_write_ready_method, reading_methods,
    ready_method, writing_methods,
};
use crate::net::open;

/// A connection between two Unix sockets on one machine.
///
/// It is made by [`connect`](Self::connect), by [`pair`](Self::pair) or by
/// [`UnixListener::accept`](crate::net::UnixListener::accept), and closed when the value is
/// dropped. Closing the writing side alone is what
/// [`shutdown`](crate::io::AsyncWriteExt::shutdown) does.
///
/// Reading and writing follow the same rules as with a [`TcpStream`](crate::net::TcpStream), and
/// so do the traits.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt};
/// use runtime::net::UnixStream;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut near, mut far) = UnixStream::pair()?;
/// near.write_all(b"hello").await?;
/// near.shutdown().await?;
/// let mut text = String::new();
/// far.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # Ok(())
/// # }
/// ```
pub struct UnixStream {
    io: Evented<mio::net::UnixStream>,
}

impl UnixStream {
    /// Connects to the socket with this path. On Linux a path that begins with a null byte is a
    /// name in the abstract namespace.
    ///
    /// # Errors
    ///
    /// Fails with the system's error. On Linux that is
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) if the listener's queue is full: the system does
    /// not tell when there is room again, so try later.
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
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-stream-connect", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let stream = UnixStream::connect(&path).await?;
    /// assert_eq!(stream.peer_addr()?.as_pathname(), Some(path.as_path()));
    /// # drop(listener);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect<P: AsRef<Path>>(path: P) -> io::Result<UnixStream> {
        let address = address::of_path(path.as_ref())?;
        UnixStream::finish_connecting(open::start_unix(&address)?).await
    }

    /// Connects to the socket with this address.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// As for [`connect`](Self::connect).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-stream-connect-addr", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let stream = UnixStream::connect_addr(&listener.local_addr()?).await?;
    /// assert_eq!(stream.peer_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect_addr(socket_addr: &SocketAddr) -> io::Result<UnixStream> {
        UnixStream::finish_connecting(open::start_unix(socket_addr.as_std())?).await
    }

    /// A connection from a listener. Mostly there is room to write, and often a request has come with it.
    pub(super) fn accepted(stream: mio::net::UnixStream) -> io::Result<UnixStream> {
        let stream = UnixStream::from_mio(stream)?;
        stream.io.assume_ready(Ready::READABLE | Ready::WRITABLE);
        Ok(stream)
    }

    pub(super) async fn finish_connecting(stream: mio::net::UnixStream) -> io::Result<UnixStream> {
        let stream = UnixStream::from_mio(stream)?;
        // The socket becomes writable when the attempt has ended; its error, if any, tells how.
        stream.writable().await?;
        match stream.take_error()? {
            None => Ok(stream),
            Some(error) => Err(error),
        }
    }

    /// Makes two streams that are connected with each other.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there are no descriptors left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (mut one, mut other) = UnixStream::pair()?;
    /// one.write_all(b"hello").await?;
    /// let mut buf = [0; 5];
    /// other.read_exact(&mut buf).await?;
    /// assert_eq!(&buf, b"hello");
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn pair() -> io::Result<(UnixStream, UnixStream)> {
        let (one, other) = open::unix_pair()?;
        let pair = (UnixStream::from_mio(one)?, UnixStream::from_mio(other)?);
        // Nothing has been written yet.
        pair.0.io.assume_ready(Ready::WRITABLE);
        pair.1.io.assume_ready(Ready::WRITABLE);
        Ok(pair)
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
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (mut stream, mut peer) = UnixStream::pair()?;
    /// let (mut reader, mut writer) = stream.split();
    /// let copied = runtime::io::copy(&mut reader, &mut writer); // sends back what comes
    /// peer.write_all(b"hello").await?;
    /// peer.shutdown().await?;
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
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, mut peer) = UnixStream::pair()?;
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

    /// Returns the address of this end of the connection.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// assert!(stream.local_addr()?.is_unnamed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr().map(Into::into)
    }

    /// Returns the address of the other end of the connection.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-stream-peer-addr", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let stream = UnixStream::connect(&path).await?;
    /// assert_eq!(stream.peer_addr()?.as_pathname(), Some(path.as_path()));
    /// # drop(listener);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr().map(Into::into)
    }

    /// Returns the credentials that the process at the other end had when it connected, or when
    /// it began to listen.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixStream;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, peer) = UnixStream::pair()?;
    /// assert_eq!(stream.peer_cred()?.uid(), peer.peer_cred()?.uid()); // this process made both
    /// # Ok(())
    /// # }
    /// ```
    pub fn peer_cred(&self) -> io::Result<UCred> {
        credentials::of_peer(self.as_fd())
    }

    ready_method!();
    reading_methods!(receiving!(UnixStream));
    poll_read_ready_method!(receiving!(UnixStream));
    writing_methods!(stream_and_peer!(UnixStream));
    poll_write_ready_method!(stream_and_peer!(UnixStream));
    operation_methods!(concat!(receiving!(UnixStream), "\n# let socket = stream;"));

    /// Closes the writing side. A connection that is gone already counts as closed.
    pub(super) fn close_write(&self) -> io::Result<()> {
        match self.io.get_ref().shutdown(Shutdown::Write) {
            Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(()),
            result => result,
        }
    }

    pub(super) fn io(&self) -> &Evented<mio::net::UnixStream> {
        &self.io
    }
}

std_conversions!(
    UnixStream,
    net::UnixStream,
    mio::net::UnixStream,
    Interest::READABLE | Interest::WRITABLE
);
impl_reading!(UnixStream);
impl_writing!(UnixStream);

// By shared reference too: a connection that one task reads and another writes needs no split.
impl_reading!(&UnixStream);
impl_writing!(&UnixStream);

impl AsRef<UnixStream> for UnixStream {
    fn as_ref(&self) -> &UnixStream {
        self
    }
}
