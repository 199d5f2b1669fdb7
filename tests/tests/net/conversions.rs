//! Sockets of the standard library become ours, whatever mode they are in, and go back.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net as std_unix;

use runtime::net::{TcpListener, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixStream};
use socket2::SockRef;

use crate::harness::{Directory, on_every};

fn nonblocking(socket: &impl AsFd) -> bool {
    SockRef::from(socket).nonblocking().unwrap()
}

/// From a socket in blocking mode there and back, by each of the ways.
macro_rules! there_and_back {
    ($ours:ty, $std:ty, $make:expr) => {{
        let blocking: $std = $make;
        let fd = blocking.as_raw_fd();
        assert!(!nonblocking(&blocking));
        let ours = <$ours>::from_std(blocking).unwrap();
        assert!(nonblocking(&ours));
        assert_eq!((ours.as_raw_fd(), ours.as_fd().as_raw_fd()), (fd, fd));
        assert!(ours.take_error().unwrap().is_none());
        assert!(!format!("{ours:?}").is_empty());

        let back: $std = ours.into_std().unwrap();
        assert!(nonblocking(&back));
        let ours = <$ours>::try_from(back).unwrap();
        let back = <$std>::try_from(ours).unwrap();
        let ours = <$ours>::try_from(back).unwrap();
        assert_eq!(OwnedFd::try_from(ours).unwrap().as_raw_fd(), fd);
    }};
}

#[test]
fn sockets_of_the_internet() {
    on_every(|| async {
        let listener = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        there_and_back!(TcpListener, std::net::TcpListener, listener());
        let waiting = listener();
        let address = waiting.local_addr().unwrap();
        let stream = || std::net::TcpStream::connect(address).unwrap();
        there_and_back!(TcpStream, std::net::TcpStream, stream());
        let udp = || std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        there_and_back!(UdpSocket, std::net::UdpSocket, udp());
    });
}

#[test]
fn unix_sockets() {
    on_every(|| async {
        let directory = Directory::new();
        let listener = || std_unix::UnixListener::bind(directory.path("listener")).unwrap();
        there_and_back!(UnixListener, std_unix::UnixListener, listener());
        let stream = || std_unix::UnixStream::pair().unwrap().0;
        there_and_back!(UnixStream, std_unix::UnixStream, stream());
        let datagram = || std_unix::UnixDatagram::unbound().unwrap();
        there_and_back!(UnixDatagram, std_unix::UnixDatagram, datagram());
    });
}
