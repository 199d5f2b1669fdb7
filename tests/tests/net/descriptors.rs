//! No socket leaves a descriptor behind, whichever way it goes.
#![cfg(target_os = "linux")]

use std::os::fd::OwnedFd;
use std::pin::pin;

use futures_lite::future::poll_once;
use runtime::net::unix::pipe;
use runtime::net::{
    TcpListener, TcpSocket, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixSocket,
    UnixStream,
};
use runtime::runtime::Runtime;
use runtime_tests::alone;
use runtime_tests::flavor::EVERY_FLAVOR;
use runtime_tests::process::descriptors;

use crate::harness::Directory;

#[test]
fn what_is_dropped_or_given_away_is_closed() {
    alone::run(|| {
        for flavor in EVERY_FLAVOR {
            let before = descriptors();
            let runtime = flavor.build();
            runtime.block_on(use_everything());
            let with_runtime = descriptors();
            for _ in 0..10 {
                runtime.block_on(use_everything());
            }
            assert_eq!(descriptors(), with_runtime, "{flavor}");
            drop(runtime);
            assert_eq!(descriptors(), before, "{flavor}");
        }
    });
}

#[test]
fn what_outlives_its_runtime_is_closed_when_dropped() {
    alone::run(|| {
        let before = descriptors();
        let runtime = Runtime::new().unwrap();
        let pairs = runtime.block_on(async {
            let sockets = (UnixStream::pair().unwrap(), UnixDatagram::pair().unwrap());
            (sockets, pipe::pipe().unwrap())
        });
        drop(runtime);
        drop(pairs);
        assert_eq!(descriptors(), before);
    });
}

async fn use_everything() {
    let directory = Directory::new();
    streams(&directory).await;
    datagrams(&directory).await;
    pipes();
    attempts_that_fail(&directory).await;
}

async fn streams(directory: &Directory) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    drop(OwnedFd::try_from(stream).unwrap());
    drop(accepted.into_split());

    let path = directory.path("stream");
    let listener = UnixListener::bind(&path).unwrap();
    let stream = UnixStream::connect(&path).await.unwrap();
    let (accepted, _) = listener.accept().await.unwrap();
    drop(UnixStream::from_std(stream.into_std().unwrap()).unwrap());
    drop(accepted.into_split());
}

async fn datagrams(directory: &Directory) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    drop(poll_once(pin!(socket.recv(&mut [0]))).await);
    drop(UnixDatagram::bind(directory.path("datagram")).unwrap());
    let (one, other) = UnixDatagram::pair().unwrap();
    drop(one.into_std().unwrap());
    drop(OwnedFd::try_from(other).unwrap());
}

fn pipes() {
    let (sender, receiver) = pipe::pipe().unwrap();
    drop(sender.into_blocking_fd().unwrap());
    drop(receiver);
}

async fn attempts_that_fail(directory: &Directory) {
    let nowhere = directory.path("nowhere");
    UnixStream::connect(&nowhere).await.unwrap_err();
    UnixSocket::new_stream().unwrap().datagram().unwrap_err();
    UnixSocket::new_datagram().unwrap().listen(1).unwrap_err();
    let (_sender, receiver) = pipe::pipe().unwrap();
    let reading = receiver.into_nonblocking_fd().unwrap();
    pipe::Sender::from_owned_fd(reading).unwrap_err();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let attempt = TcpSocket::new_v4()
        .unwrap()
        .connect(listener.local_addr().unwrap());
    drop(poll_once(pin!(attempt)).await);
}
