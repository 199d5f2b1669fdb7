//! Sockets that are set up before they listen or connect.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd};
use std::time::Duration;

use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpSocket, TcpStream};
use socket2::{Domain, SockRef, Socket, Type};

use crate::harness::{on_every, pair};

fn any_port() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

#[test]
fn a_socket_listens_and_another_connects_from_its_own_address() {
    on_every(|| async {
        let server = TcpSocket::new_v4().unwrap();
        server.bind(any_port()).unwrap();
        let listener = server.listen(16).unwrap();
        let client = TcpSocket::new_v4().unwrap();
        client.bind(any_port()).unwrap();
        let address = client.local_addr().unwrap();
        let mut stream = client
            .connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (mut accepted, peer) = listener.accept().await.unwrap();
        assert_eq!(peer, address);
        stream.write_all(b"from here").await.unwrap();
        drop(stream);
        let mut text = String::new();
        accepted.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "from here");
    });
}

#[test]
fn connecting_where_nobody_listens_is_refused() {
    on_every(|| async {
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = gone.local_addr().unwrap();
        drop(gone);
        let socket = TcpSocket::new_v4().unwrap();
        let error = socket.connect(address).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn a_socket_of_each_family_takes_addresses_of_its_own() {
    on_every(|| async {
        let v6: SocketAddr = "[::1]:0".parse().unwrap();
        assert!(TcpSocket::new_v4().unwrap().bind(v6).is_err());
        let socket = TcpSocket::new_v6().unwrap();
        if socket.bind(v6).is_ok() {
            assert!(socket.local_addr().unwrap().is_ipv6());
        }
    });
}

#[test]
fn options_are_kept_by_what_the_socket_becomes() {
    on_every(|| async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.set_reuseport(true).unwrap();
        socket.set_keepalive(true).unwrap();
        socket.set_nodelay(true).unwrap();
        socket.set_send_buffer_size(20_000).unwrap();
        socket.set_recv_buffer_size(30_000).unwrap();
        socket.set_zero_linger().unwrap();
        socket.set_tos_v4(0x10).unwrap();
        assert!(socket.reuseaddr().unwrap() && socket.reuseport().unwrap());
        assert!(socket.keepalive().unwrap() && socket.nodelay().unwrap());
        assert!((20_000..=40_000).contains(&socket.send_buffer_size().unwrap()));
        assert!((30_000..=60_000).contains(&socket.recv_buffer_size().unwrap()));
        assert_eq!(socket.linger().unwrap(), Some(Duration::ZERO));
        assert_eq!(socket.tos_v4().unwrap(), 0x10);
        assert_eq!(socket.device().unwrap(), None);
        assert!(socket.bind_device(Some(b"no such device")).is_err());
        assert!(socket.take_error().unwrap().is_none());

        socket.bind(any_port()).unwrap();
        let first = socket.listen(1).unwrap();
        assert!(SockRef::from(&first).keepalive().unwrap());

        // SO_REUSEPORT lets a second one listen on the same port.
        let second = TcpSocket::new_v4().unwrap();
        second.set_reuseport(true).unwrap();
        second.bind(first.local_addr().unwrap()).unwrap();
        second.listen(1).unwrap();
    });
}

#[test]
fn a_traffic_class_is_for_the_newer_protocol() {
    let Ok(socket) = TcpSocket::new_v6() else {
        return;
    };
    socket.set_tclass_v6(0x20).unwrap();
    assert_eq!(socket.tclass_v6().unwrap(), 0x20);
}

#[test]
fn a_blocking_socket_is_made_fit() {
    on_every(|| async {
        let blocking = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let socket = TcpSocket::from_std_stream(blocking.into());
        socket.bind(any_port()).unwrap();
        let listener = socket.listen(16).unwrap();
        assert!(SockRef::from(&listener).nonblocking().unwrap());

        let blocking = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let socket = TcpSocket::from_std_stream(blocking.into());
        let stream = socket
            .connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        assert!(SockRef::from(&stream).nonblocking().unwrap());
    });
}

#[test]
fn a_socket_is_made_of_a_descriptor_and_back() {
    let socket = TcpSocket::new_v4().unwrap();
    let fd = socket.as_raw_fd();
    let raw = socket.into_raw_fd();
    assert_eq!(raw, fd);
    // SAFETY: the descriptor was just given away by its owner.
    let socket = unsafe { TcpSocket::from_raw_fd(raw) };
    assert_eq!(OwnedFd::from(socket).as_raw_fd(), fd);
}

#[test]
fn zero_linger_resets_the_connection() {
    on_every(|| async {
        let (ours, mut theirs) = pair().await;
        ours.set_zero_linger().unwrap();
        drop(ours);
        let error = theirs.read(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        // The stream stays ended, whichever way one asks.
        assert_eq!(theirs.read(&mut [0]).await.unwrap(), 0);
        let error = theirs.write(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn a_dropped_attempt_to_connect_leaves_no_connection() {
    on_every(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let attempt = TcpSocket::new_v4().unwrap().connect(address);
        drop(futures_lite::future::poll_once(std::pin::pin!(attempt)).await);
        // The next one is served as if nothing had been.
        let stream = TcpStream::connect(address).await.unwrap();
        loop {
            let (_, peer) = listener.accept().await.unwrap();
            if peer == stream.local_addr().unwrap() {
                break;
            }
        }
    });
}
