//! A socket that sends and receives datagrams.

use std::io;
use std::net::SocketAddr;

use crate::io::{Evented, Interest, Ready};
use crate::net::addr::{self, ToSocketAddrs};
use crate::net::conversions::std_conversions;
use crate::net::datagram::{Receives, datagram_methods, sender_methods};
use crate::net::methods::ready_method;
use crate::net::open;

/// A UDP socket.
///
/// All methods take `&self`: any number of tasks may send and receive through one socket, say in
/// an [`Arc`](std::sync::Arc), with no need to split it.
///
/// # With or without a peer
///
/// [`send_to`](Self::send_to) and [`recv_from`](Self::recv_from) name the other side each time.
/// A socket that is [connected](Self::connect) has one peer: [`send`](Self::send) and
/// [`recv`](Self::recv) go to and come from that one alone, and errors that come back are told:
/// if nobody listens there, a later operation fails with
/// [`ConnectionRefused`](io::ErrorKind::ConnectionRefused).
///
/// # Examples
///
/// ```no_run
/// use runtime::net::UdpSocket;
///
/// # async fn example() -> std::io::Result<()> {
/// let socket = UdpSocket::bind("0.0.0.0:8080").await?;
/// let mut buf = [0; 1500];
/// loop {
///     let (n, sender) = socket.recv_from(&mut buf).await?;
///     socket.send_to(&buf[..n], sender).await?;
/// }
/// # }
/// ```
pub struct UdpSocket {
    pub(super) io: Evented<mio::net::UdpSocket>,
}

impl UdpSocket {
    /// Makes a socket with the first of the given addresses that can be bound.
    ///
    /// Port 0 asks the system for a free port; [`local_addr`](Self::local_addr) tells which one it
    /// chose. For options to be set before binding, make the socket by other means and hand it to
    /// [`from_std`](Self::from_std).
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
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_ne!(socket.local_addr()?.port(), 0); // the system chose one
    /// # Ok(())
    /// # }
    /// ```
    pub async fn bind<A: ToSocketAddrs>(addr: A) -> io::Result<UdpSocket> {
        addr::first_at_once(addr, |address| {
            open::udp(address).and_then(UdpSocket::from_mio)
        })
        .await
    }

    /// Connects the socket to the first of the given addresses that the system takes.
    ///
    /// Nothing is sent. From now on the socket receives from that peer alone. Connecting again
    /// changes the peer.
    ///
    /// # Errors
    ///
    /// As for [`bind`](Self::bind).
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the socket is connected as it was.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let client = UdpSocket::bind("127.0.0.1:0").await?;
    /// let server = UdpSocket::bind("127.0.0.1:0").await?;
    /// client.connect(server.local_addr()?).await?;
    /// client.send(b"hello").await?;
    /// assert_eq!(server.recv(&mut [0; 16]).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect<A: ToSocketAddrs>(&self, addr: A) -> io::Result<()> {
        addr::first_at_once(addr, |address| self.io.get_ref().connect(address)).await
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
    /// use std::net::Ipv4Addr;
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let socket = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert_eq!(socket.local_addr()?.ip(), Ipv4Addr::LOCALHOST);
    /// # Ok(())
    /// # }
    /// ```
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().local_addr()
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
    /// use runtime::net::UdpSocket;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let client = UdpSocket::bind("127.0.0.1:0").await?;
    /// let server = UdpSocket::bind("127.0.0.1:0").await?;
    /// assert!(client.peer_addr().is_err()); // not connected
    /// client.connect(server.local_addr()?).await?;
    /// assert_eq!(client.peer_addr()?, server.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.io.get_ref().peer_addr()
    }

    ready_method!(without_end);
    datagram_methods!(UdpSocket);
    sender_methods!(UdpSocket, SocketAddr);

    fn io(&self) -> &Evented<mio::net::UdpSocket> {
        &self.io
    }
}

/// The system reports an error that passes, such as a refused datagram, as it reports the end of a
/// pipe. Here one can go on writing.
fn without_end(told: Ready) -> Ready {
    match told.is_write_closed() {
        true => (told - Ready::WRITE_CLOSED) | Ready::WRITABLE,
        false => told,
    }
}

std_conversions!(
    UdpSocket,
    std::net::UdpSocket,
    mio::net::UdpSocket,
    Interest::READABLE | Interest::WRITABLE
);

impl Receives for mio::net::UdpSocket {
    type Address = SocketAddr;

    fn nobody(_: &Evented<Self>) -> Option<SocketAddr> {
        None
    }

    fn address(address: socket2::SockAddr) -> io::Result<SocketAddr> {
        addr::of_the_internet(address)
    }
}
