//! A Unix socket that is yet to become a listener, a connection or a datagram socket.

use std::fmt;
use std::io;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::path::Path;

use socket2::{Domain, Socket, Type};

use super::{UnixDatagram, UnixListener, UnixStream, address};
use crate::net::conversions::shows_its_descriptor;
use crate::net::open;

/// A Unix socket that is bound and set up before it listens, connects or exchanges datagrams.
///
/// Most programs do with [`UnixListener`], [`UnixStream`] and [`UnixDatagram`] alone. This is for
/// another backlog, or for a stream whose own end has a name.
///
/// It belongs to no runtime until it becomes one of those.
///
/// # Examples
///
/// ```no_run
/// use runtime::net::UnixSocket;
///
/// # async fn example() -> std::io::Result<()> {
/// let socket = UnixSocket::new_stream()?;
/// socket.bind("/run/client.socket")?;
/// let stream = socket.connect("/run/service.socket").await?;
/// # drop(stream);
/// # Ok(())
/// # }
/// ```
pub struct UnixSocket {
    socket: Socket,
}

impl UnixSocket {
    /// Makes a socket for datagrams.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there are no descriptors left.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UnixSocket::new_datagram()?.datagram()?;
    /// assert!(socket.local_addr()?.is_unnamed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_datagram() -> io::Result<UnixSocket> {
        UnixSocket::new(Type::DGRAM)
    }

    /// Makes a socket for streams.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there are no descriptors left.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-new-stream", std::process::id()));
    /// let socket = UnixSocket::new_stream()?;
    /// socket.bind(&path)?;
    /// let listener = socket.listen(128)?;
    /// # drop(listener);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_stream() -> io::Result<UnixSocket> {
        UnixSocket::new(Type::STREAM)
    }

    fn new(kind: Type) -> io::Result<UnixSocket> {
        let socket = open::socket(Domain::UNIX, kind)?;
        Ok(UnixSocket { socket })
    }

    /// Gives the socket a path, which is made. On Linux a path that begins with a null byte is a
    /// name in the abstract namespace.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if the path exists.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixListener, UnixSocket};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-bind", std::process::id()));
    /// # let client_path = path.with_extension("client");
    /// let listener = UnixListener::bind(&path)?;
    /// let socket = UnixSocket::new_stream()?;
    /// socket.bind(&client_path)?;
    /// let _client = socket.connect(&path).await?;
    /// let (_stream, peer) = listener.accept().await?;
    /// assert_eq!(peer.as_pathname(), Some(client_path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # std::fs::remove_file(client_path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn bind(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let address = address::for_the_system(path.as_ref())?;
        self.socket.bind(&address)
    }

    /// Starts to listen. The system holds up to `backlog` connections that nobody has
    /// accepted yet; it may cap the number.
    ///
    /// # Errors
    ///
    /// Fails if this is a socket for datagrams, or with the system's error. The socket is
    /// closed then.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-listen", std::process::id()));
    /// let socket = UnixSocket::new_stream()?;
    /// socket.bind(&path)?;
    /// let listener = socket.listen(1024)?;
    /// assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn listen(self, backlog: u32) -> io::Result<UnixListener> {
        self.expect(Type::STREAM, "listen cannot be called on a datagram socket")?;
        self.socket.listen(backlog.try_into().unwrap_or(i32::MAX))?;
        UnixListener::from_std(OwnedFd::from(self.socket).into())
    }

    /// Connects to the socket with this path.
    ///
    /// # Errors
    ///
    /// Fails if this is a socket for datagrams, and as
    /// [`UnixStream::connect`] does. The socket is closed then.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the attempt under way is given up and the socket closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixListener, UnixSocket};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-connect", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let client = UnixSocket::new_stream()?.connect(&path).await?;
    /// assert_eq!(client.peer_addr()?.as_pathname(), Some(path.as_path()));
    /// # drop(listener);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(self, path: impl AsRef<Path>) -> io::Result<UnixStream> {
        self.expect(
            Type::STREAM,
            "connect cannot be called on a datagram socket",
        )?;
        self.socket.set_nonblocking(true)?;
        open::start(&self.socket, &address::for_the_system(path.as_ref())?)?;
        let stream = OwnedFd::from(self.socket).into();
        UnixStream::finish_connecting(mio::net::UnixStream::from_std(stream)).await
    }

    /// Makes a [`UnixDatagram`] of it.
    ///
    /// # Errors
    ///
    /// Fails if this is a socket for streams, or with the system's error. The socket is
    /// closed then.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixDatagram, UnixSocket};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-socket-datagram", std::process::id()));
    /// let socket = UnixSocket::new_datagram()?;
    /// socket.bind(&path)?;
    /// let receiver = socket.datagram()?;
    /// UnixDatagram::unbound()?.send_to(b"hello", &path).await?;
    /// assert_eq!(receiver.recv(&mut [0; 16]).await?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn datagram(self) -> io::Result<UnixDatagram> {
        self.expect(Type::DGRAM, "datagram cannot be called on a stream socket")?;
        UnixDatagram::from_std(OwnedFd::from(self.socket).into())
    }

    fn expect(&self, kind: Type, fault: &'static str) -> io::Result<()> {
        if self.socket.r#type()? == kind {
            Ok(())
        } else {
            Err(io::Error::other(fault))
        }
    }
}

impl fmt::Debug for UnixSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket.fmt(f)
    }
}

shows_its_descriptor!(UnixSocket, |socket| socket.socket);

impl From<UnixSocket> for OwnedFd {
    fn from(socket: UnixSocket) -> OwnedFd {
        socket.socket.into()
    }
}

impl IntoRawFd for UnixSocket {
    fn into_raw_fd(self) -> RawFd {
        self.socket.into_raw_fd()
    }
}

impl FromRawFd for UnixSocket {
    /// Takes over a descriptor, which is put into non-blocking mode when it becomes a listener, a
    /// stream or a datagram socket.
    ///
    /// # Safety
    ///
    /// As for [`OwnedFd`]: the descriptor is open, and the caller its owner.
    unsafe fn from_raw_fd(fd: RawFd) -> UnixSocket {
        // SAFETY: the caller vouches for it.
        let socket = unsafe { Socket::from_raw_fd(fd) };
        UnixSocket { socket }
    }
}
