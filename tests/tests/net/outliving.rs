//! Sockets that outlive their runtime: waiters are woken, and everything answers with an error.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::mpsc::channel;
use std::thread;

use futures_lite::future::poll_once;
use futures_lite::io::AsyncReadExt;
use runtime::net::unix::pipe;
use runtime::net::{UdpSocket, UnixDatagram, UnixListener, UnixStream};
use runtime_tests::flavor::on_every_flavor;

use crate::harness::Directory;

type Wait = Pin<Box<dyn Future<Output = io::Result<()>> + Send>>;

/// One wait on each type, none of which ends by itself. Each keeps its other end.
async fn waits_on_everything(directory: &Directory) -> Vec<Wait> {
    let udp = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let listener = UnixListener::bind(directory.path("listener")).unwrap();
    let (stream, stream_peer) = UnixStream::pair().unwrap();
    let (read_half, write_half) = UnixStream::pair().unwrap().0.into_split();
    let (datagram, datagram_peer) = UnixDatagram::pair().unwrap();
    let (sender, mut receiver) = pipe::pipe().unwrap();
    let (full, full_peer) = pipe::pipe().unwrap();
    full.writable().await.unwrap();
    while full.try_write(&[0; 4096]).is_ok() {}
    drop((read_half, write_half));
    vec![
        Box::pin(async move { udp.recv(&mut [0]).await.map(drop) }),
        Box::pin(async move { listener.accept().await.map(drop) }),
        Box::pin(async move {
            let _peer = stream_peer;
            stream.readable().await
        }),
        Box::pin(async move {
            let _peer = datagram_peer;
            datagram.recv_from(&mut [0]).await.map(drop)
        }),
        Box::pin(async move {
            let _sender = sender;
            receiver.read(&mut [0]).await.map(drop)
        }),
        Box::pin(async move {
            let _peer = full_peer;
            full.writable().await
        }),
    ]
}

#[test]
fn waiters_of_another_runtime_are_woken_with_an_error() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        let first = flavor.build();
        let mut waits = first.block_on(waits_on_everything(&directory));
        let (began, begun) = channel();
        let waiter = thread::spawn(move || {
            flavor.build().block_on(async {
                for wait in &mut waits {
                    assert!(poll_once(wait).await.is_none());
                }
                began.send(()).unwrap();
                for wait in waits {
                    let error = wait.await.unwrap_err();
                    assert!(error.to_string().contains("runtime"), "{error}");
                }
            });
        });
        begun.recv().unwrap();
        drop(first);
        waiter.join().unwrap();
    });
}

#[test]
fn nothing_waits_on_a_runtime_that_is_gone() {
    on_every_flavor(|flavor| {
        let directory = Directory::new();
        let first = flavor.build();
        let waits = first.block_on(waits_on_everything(&directory));
        drop(first);
        flavor.build().block_on(async {
            for wait in waits {
                let answer = poll_once(pin!(wait)).await;
                answer.expect("it answers at once").unwrap_err();
            }
        });
    });
}
