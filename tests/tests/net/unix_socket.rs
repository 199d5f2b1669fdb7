//! Unix sockets that are set up before they become what they are to be.

use std::os::fd::{AsFd, AsRawFd, FromRawFd, IntoRawFd, OwnedFd};

use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{UnixSocket, UnixStream};
use socket2::{Domain, SockRef, Socket, Type};

use crate::harness::{Directory, abstract_name, on_every};

#[test]
fn a_socket_listens_and_another_connects_from_a_path_of_its_own() {
    on_every(|| async {
        let directory = Directory::new();
        let (service, own) = (directory.path("service"), directory.path("own"));
        let server = UnixSocket::new_stream().unwrap();
        server.bind(&service).unwrap();
        let listener = server.listen(16).unwrap();
        let client = UnixSocket::new_stream().unwrap();
        client.bind(&own).unwrap();
        let mut stream = client.connect(&service).await.unwrap();
        let (mut accepted, peer) = listener.accept().await.unwrap();
        assert_eq!(peer.as_pathname(), Some(&*own));
        stream.write_all(b"named").await.unwrap();
        drop(stream);
        let mut text = String::new();
        accepted.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "named");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_socket_takes_an_abstract_name() {
    on_every(|| async {
        let name = abstract_name("socket");
        let server = UnixSocket::new_stream().unwrap();
        server.bind(&name).unwrap();
        let listener = server.listen(16).unwrap();
        UnixStream::connect(&name).await.unwrap();
        UnixSocket::new_stream()
            .unwrap()
            .connect(&name)
            .await
            .unwrap();
        assert!(listener.local_addr().unwrap().as_abstract_name().is_some());
    });
}

#[test]
fn a_socket_becomes_one_for_datagrams() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let socket = UnixSocket::new_datagram().unwrap();
        socket.bind(&path).unwrap();
        let receiver = socket.datagram().unwrap();
        let sender = UnixSocket::new_datagram().unwrap().datagram().unwrap();
        sender.send_to(b"datagram", &path).await.unwrap();
        assert_eq!(receiver.recv(&mut [0; 16]).await.unwrap(), 8);
    });
}

#[test]
fn a_socket_cannot_become_what_it_is_not_made_for() {
    on_every(|| async {
        let datagram = || UnixSocket::new_datagram().unwrap();
        let error = datagram().listen(1).unwrap_err();
        assert!(error.to_string().contains("listen cannot"), "{error}");
        let error = datagram().connect("/nowhere").await.unwrap_err();
        assert!(error.to_string().contains("connect cannot"), "{error}");
        let error = UnixSocket::new_stream().unwrap().datagram().unwrap_err();
        assert!(error.to_string().contains("datagram cannot"), "{error}");
    });
}

#[test]
fn a_blocking_socket_is_made_fit() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("socket");
        let blocking = |kind| {
            let socket = Socket::new(Domain::UNIX, kind, None).unwrap();
            // SAFETY: the descriptor was just given away by its owner.
            unsafe { UnixSocket::from_raw_fd(socket.into_raw_fd()) }
        };
        let nonblocking = |fd: &dyn AsFd| SockRef::from(&fd.as_fd()).nonblocking().unwrap();
        let server = blocking(Type::STREAM);
        server.bind(&path).unwrap();
        assert!(!nonblocking(&server));
        let listener = server.listen(1).unwrap();
        let stream = blocking(Type::STREAM).connect(&path).await.unwrap();
        let datagram = blocking(Type::DGRAM).datagram().unwrap();
        let all: [&dyn AsFd; 3] = [&listener, &stream, &datagram];
        assert!(all.into_iter().all(nonblocking));
    });
}

#[test]
fn a_socket_is_made_of_a_descriptor_and_back() {
    let socket = UnixSocket::new_stream().unwrap();
    let fd = socket.as_raw_fd();
    let raw = socket.into_raw_fd();
    // SAFETY: the descriptor was just given away by its owner.
    let socket = unsafe { UnixSocket::from_raw_fd(raw) };
    assert!(format!("{socket:?}").contains(&fd.to_string()));
    assert_eq!(OwnedFd::from(socket).as_raw_fd(), fd);
}
