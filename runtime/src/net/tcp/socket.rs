//! A TCP socket that is yet to become a listener or a connection.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};

use socket2::{Domain, Socket, Type};

use super::{TcpListener, TcpStream};
use crate::net::addr;
use crate::net::conversions::shows_its_descriptor;
use crate::net::open;

/// A TCP socket whose options are set before it listens or connects.
///
/// [`TcpListener::bind`] and [`TcpStream::connect`] do for most programs. This is for those that
/// want another backlog, a port for several listeners (`SO_REUSEPORT`), a local address to
/// connect from, or other buffers.
///
/// It belongs to no runtime until [`listen`](Self::listen) or [`connect`](Self::connect).
///
/// # Examples
///
/// ```no_run
/// use runtime::net::TcpSocket;
///
/// # async fn example() -> std::io::Result<()> {
/// let socket = TcpSocket::new_v4()?;
/// socket.set_reuseaddr(true)?;
/// socket.bind("127.0.0.1:8080".parse().expect("an address"))?;
/// let listener = socket.listen(4096)?;
/// # drop(listener);
/// # Ok(())
/// # }
/// ```
pub struct TcpSocket {
    pub(super) socket: Socket,
}

impl TcpSocket {
    /// Makes a socket for IPv4.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there are no descriptors left.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().unwrap())?;
    /// assert!(socket.local_addr()?.is_ipv4());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_v4() -> io::Result<TcpSocket> {
        TcpSocket::new(Domain::IPV4)
    }

    /// Makes a socket for IPv6.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there are no descriptors left.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v6()?;
    /// socket.bind("[::1]:0".parse().unwrap())?;
    /// assert!(socket.local_addr()?.is_ipv6());
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_v6() -> io::Result<TcpSocket> {
        TcpSocket::new(Domain::IPV6)
    }

    fn new(domain: Domain) -> io::Result<TcpSocket> {
        let socket = open::socket(domain, Type::STREAM)?;
        Ok(TcpSocket { socket })
    }

    /// Takes over a socket of the standard library, which need not be connected. Listening or
    /// connecting puts it into non-blocking mode.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let stream = std::net::TcpStream::connect(listener.local_addr()?)?;
    /// let socket = TcpSocket::from_std_stream(stream);
    /// socket.set_nodelay(true)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_std_stream(std_stream: std::net::TcpStream) -> TcpSocket {
        TcpSocket {
            socket: std_stream.into(),
        }
    }

    /// Gives the socket a local address.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if the address is in use.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().unwrap())?;
    /// assert_ne!(socket.local_addr()?.port(), 0); // the system chose one
    /// # Ok(())
    /// # }
    /// ```
    pub fn bind(&self, addr: SocketAddr) -> io::Result<()> {
        self.socket.bind(&addr.into())
    }

    /// Connects to a peer.
    ///
    /// # Errors
    ///
    /// Fails with the system's error; the socket is closed then.
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
    /// use runtime::net::{TcpListener, TcpSocket};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let socket = TcpSocket::new_v4()?;
    /// socket.set_nodelay(true)?;
    /// let stream = socket.connect(listener.local_addr()?).await?;
    /// assert!(stream.nodelay()?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(self, addr: SocketAddr) -> io::Result<TcpStream> {
        self.socket.set_nonblocking(true)?;
        open::start(&self.socket, &addr.into())?;
        let stream = mio::net::TcpStream::from_std(self.socket.into());
        TcpStream::finish_connecting(stream).await
    }

    /// Starts to listen. The system holds up to `backlog` connections that nobody has
    /// accepted yet; it may cap the number.
    ///
    /// # Errors
    ///
    /// Fails with the system's error; the socket is closed then.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().unwrap())?;
    /// let listener = socket.listen(128)?;
    /// assert_ne!(listener.local_addr()?.port(), 0);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn listen(self, backlog: u32) -> io::Result<TcpListener> {
        self.socket.set_nonblocking(true)?;
        self.socket.listen(backlog.try_into().unwrap_or(i32::MAX))?;
        TcpListener::from_mio(mio::net::TcpListener::from_std(self.socket.into()))
    }

    /// Returns the local address.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let socket = TcpSocket::new_v4()?;
    /// socket.bind("127.0.0.1:0".parse().unwrap())?;
    /// assert_eq!(socket.local_addr()?.ip(), Ipv4Addr::LOCALHOST);
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr().and_then(addr::of_the_internet)
    }

    /// Returns the error that the system holds for this socket, if any, and clears it (`SO_ERROR`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error if the option cannot be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// assert!(TcpSocket::new_v4()?.take_error()?.is_none());
    /// # Ok(())
    /// # }
    /// ```
    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        self.socket.take_error()
    }
}

impl fmt::Debug for TcpSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket.fmt(f)
    }
}

shows_its_descriptor!(TcpSocket, |socket| socket.socket);

impl From<TcpSocket> for OwnedFd {
    fn from(socket: TcpSocket) -> OwnedFd {
        socket.socket.into()
    }
}

impl IntoRawFd for TcpSocket {
    fn into_raw_fd(self) -> RawFd {
        self.socket.into_raw_fd()
    }
}

impl FromRawFd for TcpSocket {
    /// Takes over a descriptor. Listening or connecting puts it into non-blocking mode.
    ///
    /// # Safety
    ///
    /// As for [`OwnedFd`]: the descriptor is open, and the caller its owner.
    unsafe fn from_raw_fd(fd: RawFd) -> TcpSocket {
        // SAFETY: the caller vouches for it.
        let socket = unsafe { Socket::from_raw_fd(fd) };
        TcpSocket { socket }
    }
}
