//! A socket that accepts TCP connections.

use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll, ready};

use io_driver::Direction;

use super::TcpStream;
use crate::io::{Evented, Interest};
use crate::net::addr::{self, ToSocketAddrs};
use crate::net::conversions::std_conversions;
use crate::net::open;

/// A TCP socket server that listens for connections.
///
/// The listener is closed when the value is dropped.
///
/// # Errors
///
/// [`accept`](Self::accept) passes every error of the system on, and none of them ends the
/// listener. Some concern one connection that went away before it was accepted. Others say that the
/// process has no descriptors left (`EMFILE`): the connection then stays in the queue and the next
/// call fails at once again, so a server should wait a little before it goes on.
///
/// # Examples
///
/// ```no_run
/// use runtime::net::TcpListener;
///
/// # async fn example() -> std::io::Result<()> {
/// let listener = TcpListener::bind("127.0.0.1:8080").await?;
/// loop {
///     let (stream, peer) = listener.accept().await?;
///     println!("{peer} is here");
/// #   drop(stream);
/// }
/// # }
/// ```
pub struct TcpListener {
    io: Evented<mio::net::TcpListener>,
}

impl TcpListener {
    /// Listens on the first of the given addresses that can be bound.
    ///
    /// Port 0 asks the system for a free port; [`local_addr`](Self::local_addr) tells which one it
    /// chose. The listener has `SO_REUSEADDR` set, so that a server can be restarted at once, and a
    /// backlog of 1,024 connections.
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
    /// If the future is dropped, no socket is left open.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// assert_ne!(listener.local_addr()?.port(), 0); // the system chose one
    /// # Ok(())
    /// # }
    /// ```
    pub async fn bind<A: ToSocketAddrs>(addr: A) -> io::Result<TcpListener> {
        addr::first_at_once(addr, |address| {
            open::tcp_listener(address).and_then(TcpListener::from_mio)
        })
        .await
    }

    /// Waits for a connection and returns it with the address of its peer.
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
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let (_stream, peer) = listener.accept().await?;
    /// assert_eq!(peer, client.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let accept = || self.io.get_ref().accept();
        let (stream, peer) = self.io.async_io(Interest::READABLE, accept).await?;
        Ok((TcpStream::accepted(stream)?, peer))
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
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let client = TcpStream::connect(listener.local_addr()?).await?;
    /// let (_stream, peer) = poll_fn(|cx| listener.poll_accept(cx)).await?;
    /// assert_eq!(peer, client.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        let accept = || self.io.get_ref().accept();
        let (stream, peer) = ready!(self.io.poll_io(cx, Direction::Read, accept))?;
        Poll::Ready(TcpStream::accepted(stream).map(|stream| (stream, peer)))
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
    /// use runtime::net::{TcpListener, TcpStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// let addr = listener.local_addr()?;
    /// assert_eq!(TcpStream::connect(addr).await?.peer_addr()?, addr);
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
    }

    /// Returns the time to live of the packets that the socket sends, in hops (`IP_TTL`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// println!("packets go over at most {} routers", listener.ttl()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn ttl(&self) -> io::Result<u32> {
        self.io.get_ref().ttl()
    }

    /// Sets the time to live of the packets that the socket sends, in hops (`IP_TTL`).
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::TcpListener;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let listener = TcpListener::bind("127.0.0.1:0").await?;
    /// listener.set_ttl(10)?;
    /// assert_eq!(listener.ttl()?, 10);
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        self.io.get_ref().set_ttl(ttl)
    }
}

std_conversions!(
    TcpListener,
    std::net::TcpListener,
    mio::net::TcpListener,
    Interest::READABLE
);
