//! The one place where sockets are made.

use std::io;
use std::net::SocketAddr;
use std::os::unix::net::SocketAddr as UnixAddr;

use socket2::{Domain, SockAddr, Socket, Type};

/// How many connections the system may hold that nobody has accepted yet (it may cap
/// the number: `somaxconn`).
const BACKLOG: i32 = 1024;

/// Makes a socket in non-blocking mode, which child processes do not inherit.
pub(super) fn socket(domain: Domain, kind: Type) -> io::Result<Socket> {
    let socket = Socket::new(domain, kind, None)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

/// Listens on `address`, which may be in `TIME_WAIT`.
pub(super) fn tcp_listener(address: SocketAddr) -> io::Result<mio::net::TcpListener> {
    let socket = socket(Domain::for_address(address), Type::STREAM)?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(mio::net::TcpListener::from_std(socket.into()))
}

/// Starts to connect to `address`. The socket becomes writable when the attempt
/// has ended, well or badly.
pub(super) fn start_tcp(address: SocketAddr) -> io::Result<mio::net::TcpStream> {
    mio::net::TcpStream::connect(address)
}

pub(super) fn udp(address: SocketAddr) -> io::Result<mio::net::UdpSocket> {
    mio::net::UdpSocket::bind(address)
}

pub(super) fn unix_listener(address: &UnixAddr) -> io::Result<mio::net::UnixListener> {
    mio::net::UnixListener::bind_addr(address)
}

/// Starts to connect to `address`, as [`start_tcp`] does.
pub(super) fn start_unix(address: &UnixAddr) -> io::Result<mio::net::UnixStream> {
    mio::net::UnixStream::connect_addr(address)
}

pub(super) fn unix_pair() -> io::Result<(mio::net::UnixStream, mio::net::UnixStream)> {
    mio::net::UnixStream::pair()
}

pub(super) fn unix_datagram(address: &UnixAddr) -> io::Result<mio::net::UnixDatagram> {
    mio::net::UnixDatagram::bind_addr(address)
}

pub(super) fn unbound_unix_datagram() -> io::Result<mio::net::UnixDatagram> {
    mio::net::UnixDatagram::unbound()
}

pub(super) fn unix_datagram_pair() -> io::Result<(mio::net::UnixDatagram, mio::net::UnixDatagram)> {
    mio::net::UnixDatagram::pair()
}

/// Both ends of a pipe, in non-blocking mode.
pub(super) fn pipe() -> io::Result<(mio::unix::pipe::Sender, mio::unix::pipe::Receiver)> {
    mio::unix::pipe::new()
}

/// Starts to connect a socket that is there, and is in non-blocking mode.
pub(super) fn start(socket: &Socket, address: &SockAddr) -> io::Result<()> {
    match socket.connect(address) {
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => Ok(()),
        result => result,
    }
}
