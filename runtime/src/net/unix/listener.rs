//! A Unix socket that accepts connections.

use std::io;
use std::path::Path;
use std::task::{Context, Poll, ready};

use io_driver::Direction;

use super::{SocketAddr, UnixStream, address};
use crate::io::{Evented, Interest};
use crate::net::conversions::std_conversions;
use crate::net::open;

/// A Unix socket that listens for connections.
///
/// The listener is closed when the value is dropped. Its path stays in the file system: remove the
/// file before binding to it again, or the address is in use.
///
/// # Errors
///
/// [`accept`](Self::accept) passes every error of the system on, and none of them ends the
/// listener. If the process has no descriptors left (`EMFILE`) the connection stays in the queue
/// and the next call fails at once again, so a server should wait a little before it goes on.
///
/// # Examples
///
/// ```no_run
/// use runtime::net::UnixListener;
///
/// # async fn example() -> std::io::Result<()> {
/// let listener = UnixListener::bind("/run/service.socket")?;
/// loop {
///     let (stream, _) = listener.accept().await?;
///     println!("user {} is here", stream.peer_cred()?.uid());
/// }
/// # }
/// ```
pub struct UnixListener {
    io: Evented<mio::net::UnixListener>,
}

impl UnixListener {
    /// Listens on a path, which is made. On Linux a path that begins with a null byte is a
    /// name in the abstract namespace, where no file is made.
    ///
    /// The system holds as many connections that nobody has accepted yet as it allows
    /// at most; [`UnixSocket`](crate::net::UnixSocket) lets one choose.
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
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-listener-bind", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _client = UnixStream::connect(&path).await?;
    /// let (_stream, peer) = listener.accept().await?;
    /// assert!(peer.is_unnamed());
    /// std::fs::remove_file(&path)?; // nobody else does
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn bind<P: AsRef<Path>>(path: P) -> io::Result<UnixListener> {
        let address = address::of_path(path.as_ref())?;
        UnixListener::from_mio(open::unix_listener(&address)?)
    }

    /// Listens on an address.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::net;
    /// use runtime::net::UnixListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-listener-bind-addr", std::process::id()));
    /// let addr = net::SocketAddr::from_pathname(&path)?;
    /// let listener = UnixListener::bind_addr(&addr.into())?;
    /// assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn bind_addr(socket_addr: &SocketAddr) -> io::Result<UnixListener> {
        UnixListener::from_mio(open::unix_listener(socket_addr.as_std())?)
    }

    /// Waits for a connection and returns it with the address of its peer, which has a name only
    /// if it was bound.
    ///
    /// Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails with the system's error; the listener remains usable (see the [type's
    /// documentation](Self#errors)). Fails too when the listener's runtime is gone.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no connection was taken from the queue.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-listener-accept", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _client = UnixStream::connect(&path).await?;
    /// let (stream, peer) = listener.accept().await?;
    /// assert!(peer.is_unnamed());
    /// # std::fs::remove_file(&path)?;
    /// # drop(stream);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn accept(&self) -> io::Result<(UnixStream, SocketAddr)> {
        let accept = || self.io.get_ref().accept();
        let (stream, peer) = self.io.async_io(Interest::READABLE, accept).await?;
        Ok((UnixStream::accepted(stream)?, peer.into()))
    }

    /// Takes a connection from the queue, or registers the current task to be
    /// woken when there is one.
    ///
    /// Only the waker of the last call is woken; [`accept`](Self::accept) has no such limit.
    ///
    /// # Errors
    ///
    /// As for [`accept`](Self::accept).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::net::{UnixListener, UnixStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-listener-poll-accept", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// let _client = UnixStream::connect(&path).await?;
    /// let (stream, peer) = poll_fn(|cx| listener.poll_accept(cx)).await?;
    /// assert!(peer.is_unnamed());
    /// # std::fs::remove_file(&path)?;
    /// # drop(stream);
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(UnixStream, SocketAddr)>> {
        let accept = || self.io.get_ref().accept();
        let (stream, peer) = ready!(self.io.poll_io(cx, Direction::Read, accept))?;
        Poll::Ready(UnixStream::accepted(stream).map(|stream| (stream, peer.into())))
    }

    /// Returns the address on which the socket listens.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UnixListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("runtime-{}-unix-listener-local-addr", std::process::id()));
    /// let listener = UnixListener::bind(&path)?;
    /// assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr().map(Into::into)
    }
}

std_conversions!(
    UnixListener,
    std::os::unix::net::UnixListener,
    mio::net::UnixListener,
    Interest::READABLE
);
