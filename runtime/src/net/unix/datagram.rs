//! A Unix socket that sends and receives datagrams.

use std::io;
use std::net::Shutdown;
use std::os::unix::net;
use std::path::Path;
use std::task::{Context, Poll};

use io_driver::Direction;
use socket2::{SockAddr, SockRef};

use super::{SocketAddr, address};
use crate::io::{Evented, Interest, Ready};
use crate::net::conversions::std_conversions;
use crate::net::datagram::{Receives, datagram_methods, sender_methods};
use crate::net::methods::ready_method;
use crate::net::open;

/// A Unix socket that sends and receives datagrams, none of which is lost or
/// overtaken by another.
///
/// All methods take `&self`: any number of tasks may send and receive through one socket. A sender
/// waits while the receiver's queue is full. On Linux it does so in peace only if it is
/// [connected](Self::connect); else the system tells again and again that there is room, as far
/// as the sender itself goes, and [`send_to`](Self::send_to) tries each time.
///
/// The path that a socket is bound to stays in the file system when the socket is dropped.
///
/// # Examples
///
/// ```
/// use runtime::net::UnixDatagram;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (near, far) = UnixDatagram::pair()?;
/// near.send(b"hello").await?;
/// let mut buf = [0; 64];
/// let n = far.recv(&mut buf).await?;
/// assert_eq!(&buf[..n], b"hello");
/// # Ok(())
/// # }
/// ```
pub struct UnixDatagram {
    io: Evented<mio::net::UnixDatagram>,
}

impl UnixDatagram {
    /// Makes a socket with this path, which is made. On Linux a path that begins with a null
    /// byte is a name in the abstract namespace.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if the path exists.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-bind", std::process::id()));
    /// let receiver = UnixDatagram::bind(&path)?;
    /// UnixDatagram::unbound()?.send_to(b"hello", &path).await?;
    /// assert_eq!(receiver.recv(&mut [0; 16]).await?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<UnixDatagram> {
        let address = address::of_path(path.as_ref())?;
        UnixDatagram::from_mio(open::unix_datagram(&address)?)
    }

    /// Makes two sockets that are connected with each other.
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
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (one, other) = UnixDatagram::pair()?;
    /// one.send(b"hello").await?;
    /// assert_eq!(other.recv(&mut [0; 16]).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn pair() -> io::Result<(UnixDatagram, UnixDatagram)> {
        let (one, other) = open::unix_datagram_pair()?;
        let pair = (UnixDatagram::from_mio(one)?, UnixDatagram::from_mio(other)?);
        // Nothing is under way.
        pair.0.io.assume_ready(Ready::WRITABLE);
        pair.1.io.assume_ready(Ready::WRITABLE);
        Ok(pair)
    }

    /// Makes a socket without a name, to which nobody can answer.
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
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-unbound", std::process::id()));
    /// let receiver = UnixDatagram::bind(&path)?;
    /// UnixDatagram::unbound()?.send_to(b"hello", &path).await?;
    /// let (_length, sender) = receiver.recv_from(&mut [0; 16]).await?;
    /// assert!(sender.is_unnamed());
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn unbound() -> io::Result<UnixDatagram> {
        UnixDatagram::from_mio(open::unbound_unix_datagram()?)
    }

    /// Connects the socket to the one with this path: [`send`](Self::send) sends to it,
    /// and [`recv`](Self::recv) receives from it alone.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, for example if there is no such socket.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-connect", std::process::id()));
    /// let receiver = UnixDatagram::bind(&path)?;
    /// let sender = UnixDatagram::unbound()?;
    /// sender.connect(&path)?;
    /// sender.send(b"hello").await?;
    /// assert_eq!(receiver.recv(&mut [0; 16]).await?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect<P: AsRef<Path>>(&self, path: P) -> io::Result<()> {
        let address = address::for_the_system(path.as_ref())?;
        SockRef::from(self).connect(&address)
    }

    /// Returns the address that the socket is bound to.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-local-addr", std::process::id()));
    /// let socket = UnixDatagram::bind(&path)?;
    /// assert_eq!(socket.local_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr().map(Into::into)
    }

    /// Returns the address of the peer that the socket is connected to.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::NotConnected`] if it is not connected.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-peer-addr", std::process::id()));
    /// let _receiver = UnixDatagram::bind(&path)?;
    /// let sender = UnixDatagram::unbound()?;
    /// sender.connect(&path)?;
    /// assert_eq!(sender.peer_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr().map(Into::into)
    }

    /// Ends receiving, sending or both.
    ///
    /// Who receives gets what is in the queue and then datagrams of no bytes from nobody, at once;
    /// tokio lets them wait for ever. Sending fails with
    /// [`BrokenPipe`](io::ErrorKind::BrokenPipe).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::net::Shutdown;
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (one, other) = UnixDatagram::pair()?;
    /// one.shutdown(Shutdown::Write)?;
    /// assert!(one.send(b"hello").await.is_err());
    /// assert_eq!(other.send(b"hello").await?, 5); // the other direction is open
    /// # Ok(())
    /// # }
    /// ```
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        self.io.get_ref().shutdown(how)
    }

    /// Sends `buf` as one datagram to the socket with this path, and returns how many
    /// bytes that was. On Linux a path that begins with a null byte is a name in the
    /// abstract namespace.
    ///
    /// Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the socket's runtime is gone.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, nothing has been sent.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-send-to", std::process::id()));
    /// let receiver = UnixDatagram::bind(&path)?;
    /// let sender = UnixDatagram::unbound()?;
    /// assert_eq!(sender.send_to(b"hello", &path).await?, 5);
    /// assert_eq!(receiver.recv(&mut [0; 16]).await?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn send_to<P: AsRef<Path>>(&self, buf: &[u8], target: P) -> io::Result<usize> {
        let target = address::for_the_system(target.as_ref())?;
        let send = || self.send_to_address(buf, &target);
        self.io.async_io(Interest::WRITABLE, send).await
    }

    /// Sends `buf` as one datagram to the socket with this path, or registers the current task to
    /// be woken when there is room.
    ///
    /// Only the waker of the last call in this direction is woken.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, or if the socket's runtime is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-poll-send-to", std::process::id()));
    /// let _receiver = UnixDatagram::bind(&path)?;
    /// let sender = UnixDatagram::unbound()?;
    /// assert_eq!(poll_fn(|cx| sender.poll_send_to(cx, b"hello", &path)).await?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_send_to<P: AsRef<Path>>(
        &self,
        cx: &mut Context<'_>,
        buf: &[u8],
        target: P,
    ) -> Poll<io::Result<usize>> {
        let target = address::for_the_system(target.as_ref())?;
        let send = || self.send_to_address(buf, &target);
        self.io.poll_io(cx, Direction::Write, send)
    }

    /// Sends `buf` as one datagram to the socket with this path, without waiting.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if there is no room; wait for
    /// [`writable`](Self::writable).
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixDatagram;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-datagram-try-send-to", std::process::id()));
    /// let _receiver = UnixDatagram::bind(&path)?;
    /// let sender = UnixDatagram::unbound()?;
    /// sender.writable().await?;
    /// assert_eq!(sender.try_send_to(b"hello", &path)?, 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_send_to<P: AsRef<Path>>(&self, buf: &[u8], target: P) -> io::Result<usize> {
        let target = address::for_the_system(target.as_ref())?;
        let send = || self.send_to_address(buf, &target);
        self.io.try_io(Interest::WRITABLE, send)
    }

    fn send_to_address(&self, buf: &[u8], target: &SockAddr) -> io::Result<usize> {
        SockRef::from(self).send_to(buf, target)
    }

    ready_method!();
    datagram_methods!(UnixDatagram);
    sender_methods!(UnixDatagram, SocketAddr);

    fn io(&self) -> &Evented<mio::net::UnixDatagram> {
        &self.io
    }
}

std_conversions!(
    UnixDatagram,
    net::UnixDatagram,
    mio::net::UnixDatagram,
    Interest::READABLE | Interest::WRITABLE
);

impl Receives for mio::net::UnixDatagram {
    type Address = SocketAddr;

    fn nobody(io: &Evented<Self>) -> Option<SocketAddr> {
        io.readiness().is_read_closed().then(address::unnamed)
    }

    fn address(address: SockAddr) -> io::Result<SocketAddr> {
        address::of_the_system(address)
    }
}
