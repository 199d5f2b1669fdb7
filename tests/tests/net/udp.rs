//! What a UDP socket promises.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::sync::Arc;

use runtime::io::{Interest, ReadBuf};
use runtime::net::UdpSocket;

use crate::harness::{on_every, waits, would_block};

async fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Two sockets that are connected with each other.
async fn connected() -> (UdpSocket, UdpSocket) {
    let ((ours, our_address), (theirs, their_address)) = (socket().await, socket().await);
    ours.connect(their_address).await.unwrap();
    theirs.connect(our_address).await.unwrap();
    (ours, theirs)
}

#[test]
fn datagrams_go_to_an_address_and_tell_where_they_come_from() {
    on_every(|| async {
        let ((ours, our_address), (theirs, their_address)) = (socket().await, socket().await);
        let receiver = runtime::spawn(async move {
            let mut buf = [0; 64];
            let (n, sender) = theirs.recv_from(&mut buf).await.unwrap();
            theirs.send_to(&buf[..n], sender).await.unwrap();
            sender
        });
        let target = ("127.0.0.1", their_address.port());
        assert_eq!(ours.send_to(b"hello", target).await.unwrap(), 5);
        let mut buf = [0; 64];
        assert_eq!(ours.recv_from(&mut buf).await.unwrap(), (5, their_address));
        assert_eq!(&buf[..5], b"hello");
        assert_eq!(receiver.await.unwrap(), our_address);
    });
}

#[test]
fn a_connected_socket_has_one_peer() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        assert_eq!(ours.peer_addr().unwrap(), theirs.local_addr().unwrap());
        let (stranger, _) = socket().await;
        let address = ours.local_addr().unwrap();
        stranger.send_to(b"not for you", address).await.unwrap();
        theirs.send(b"for you").await.unwrap();
        let mut buf = [0; 64];
        let n = ours.recv(&mut buf).await.unwrap();
        assert_eq!(&buf[..n], b"for you");
    });
}

/// Whatever stands for the addresses: the compiler must see that each of the futures can be sent.
#[test]
fn a_task_may_bind_and_connect_a_socket() {
    on_every(|| async {
        let task = runtime::spawn(async {
            let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let address = socket.local_addr().unwrap();
            socket.connect(address).await.unwrap();
            socket.connect(address.to_string()).await.unwrap();
            socket.connect(&[address][..]).await.unwrap();
            socket.connect(("127.0.0.1", address.port())).await.unwrap();
            socket.send(b"to itself").await.unwrap();
            let mut buf = [0; 64];
            let received = socket.recv(&mut buf).await.unwrap();
            assert_eq!(&buf[..received], b"to itself");
        });
        task.await.unwrap();
    });
}

#[test]
fn binding_takes_the_first_address_that_is_free() {
    on_every(|| async {
        let (_socket, taken) = socket().await;
        let free: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let second = UdpSocket::bind(&[taken, free][..]).await.unwrap();
        assert_ne!(second.local_addr().unwrap(), taken);
        let error = UdpSocket::bind(taken).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn no_address_is_invalid_input() {
    on_every(|| async {
        let none: &[SocketAddr] = &[];
        let (socket, _) = socket().await;
        let kinds = [
            UdpSocket::bind(none).await.unwrap_err().kind(),
            socket.connect(none).await.unwrap_err().kind(),
            socket.send_to(b"x", none).await.unwrap_err().kind(),
        ];
        assert_eq!(kinds, [ErrorKind::InvalidInput; 3]);
    });
}

#[test]
fn of_a_long_datagram_the_rest_is_lost_and_the_next_is_whole() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        theirs.send(b"a long one").await.unwrap();
        theirs.send(b"next").await.unwrap();
        let mut buf = [0; 4];
        assert_eq!(ours.recv(&mut buf).await.unwrap(), 4);
        assert_eq!(&buf, b"a lo");
        assert_eq!(ours.recv(&mut buf).await.unwrap(), 4);
        assert_eq!(&buf, b"next");
    });
}

#[test]
fn short_datagrams_do_not_hide_those_behind_them() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        for _ in 0..3 {
            theirs.send(b"s").await.unwrap();
        }
        for _ in 0..3 {
            // Much room is left each time, which in a stream would mean that nothing is left.
            let mut room = [0; 1024];
            let mut buf = ReadBuf::new(&mut room);
            poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await.unwrap();
            assert_eq!(buf.filled(), b"s");
        }
        waits(ours.recv(&mut [0])).await;
    });
}

#[test]
fn an_empty_datagram_is_a_message() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        assert_eq!(theirs.send(b"").await.unwrap(), 0);
        theirs.send(b"after").await.unwrap();
        assert_eq!(ours.recv(&mut [0; 8]).await.unwrap(), 0);
        assert_eq!(ours.recv(&mut []).await.unwrap(), 0);
        waits(ours.recv(&mut [0; 8])).await;
    });
}

#[test]
fn where_nobody_listens_the_connection_is_refused() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        drop(theirs);
        ours.send(b"anybody?").await.unwrap();
        let error = ours.recv(&mut [0]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        // Told once: the socket is well again.
        waits(ours.recv(&mut [0])).await;
    });
}

#[test]
fn the_error_of_the_socket_can_be_taken() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        drop(theirs);
        ours.send(b"anybody?").await.unwrap();
        ours.ready(Interest::ERROR).await.unwrap();
        let error = ours.take_error().unwrap().unwrap();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        assert!(ours.take_error().unwrap().is_none());
    });
}

#[test]
fn peeking_takes_nothing() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let sender = theirs.local_addr().unwrap();
        assert!(would_block(&ours.try_peek(&mut [0])));
        assert!(would_block(&ours.try_peek_from(&mut [0])));
        assert!(would_block(&ours.try_peek_sender()));
        theirs.send(b"look").await.unwrap();
        let mut buf = [0; 8];
        for _ in 0..2 {
            assert_eq!(ours.peek(&mut buf).await.unwrap(), 4);
            assert_eq!(ours.peek_from(&mut buf).await.unwrap(), (4, sender));
            assert_eq!(ours.peek_sender().await.unwrap(), sender);
            // One buffer after the other: what is there stays, and what has no room is not copied.
            let mut room = [0; 5];
            let mut first = ReadBuf::new(&mut room);
            poll_fn(|cx| ours.poll_peek(cx, &mut first)).await.unwrap();
            let peeked = poll_fn(|cx| ours.poll_peek_from(cx, &mut first)).await;
            assert_eq!(peeked.unwrap(), sender);
            assert_eq!(first.filled(), b"lookl");
            let peeked = poll_fn(|cx| ours.poll_peek_sender(cx)).await;
            assert_eq!(peeked.unwrap(), sender);
            assert_eq!(ours.try_peek(&mut buf).unwrap(), 4);
            assert_eq!(ours.try_peek_from(&mut buf).unwrap(), (4, sender));
            assert_eq!(ours.try_peek_sender().unwrap(), sender);
        }
        assert_eq!(ours.recv(&mut buf).await.unwrap(), 4);
        assert_eq!(&buf[..4], b"look");
    });
}

#[test]
fn trying_does_not_wait() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let address = ours.local_addr().unwrap();
        assert!(would_block(&ours.try_recv(&mut [0])));
        assert!(would_block(&ours.try_recv_from(&mut [0])));
        theirs.writable().await.unwrap();
        assert_eq!(theirs.try_send(b"one").unwrap(), 3);
        assert_eq!(theirs.try_send_to(b"four", address).unwrap(), 4);
        ours.readable().await.unwrap();
        let mut buf = [0; 8];
        assert_eq!(ours.try_recv(&mut buf).unwrap(), 3);
        let sender = theirs.local_addr().unwrap();
        while would_block(&ours.try_peek(&mut buf)) {
            ours.readable().await.unwrap();
        }
        assert_eq!(ours.try_recv_from(&mut buf).unwrap(), (4, sender));
        assert!(would_block(&ours.try_recv(&mut buf)));
        waits(ours.readable()).await;
    });
}

#[test]
fn polls_wait_and_are_woken() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let address = ours.local_addr().unwrap();
        waits(poll_fn(|cx| {
            ours.poll_recv(cx, &mut ReadBuf::new(&mut [0]))
        }))
        .await;
        waits(poll_fn(|cx| ours.poll_recv_ready(cx))).await;
        let task = runtime::spawn(async move {
            poll_fn(|cx| theirs.poll_send_ready(cx)).await.unwrap();
            assert_eq!(poll_fn(|cx| theirs.poll_send(cx, b"a")).await.unwrap(), 1);
            let sent = poll_fn(|cx| theirs.poll_send_to(cx, b"bc", address)).await;
            assert_eq!(sent.unwrap(), 2);
            theirs
        });
        poll_fn(|cx| ours.poll_recv_ready(cx)).await.unwrap();
        let mut room = [MaybeUninit::uninit(); 8];
        let mut buf = ReadBuf::uninit(&mut room);
        poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await.unwrap();
        let sender = poll_fn(|cx| ours.poll_recv_from(cx, &mut buf)).await;
        let theirs = task.await.unwrap();
        assert_eq!(sender.unwrap(), theirs.local_addr().unwrap());
        assert_eq!(buf.filled(), b"abc");
        assert_eq!(buf.initialized(), b"abc");
    });
}

#[test]
fn operations_of_the_callers_own_use_the_readiness_up() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let refuse = || -> std::io::Result<()> { Err(ErrorKind::WouldBlock.into()) };
        theirs.send(b"x").await.unwrap();
        let ready = ours.ready(Interest::READABLE).await.unwrap();
        assert!(ready.is_readable());
        assert!(would_block(&ours.try_io(Interest::READABLE, refuse)));
        waits(ours.readable()).await;

        theirs.send(b"yy").await.unwrap();
        let mut buf = [0; 8];
        let n = ours
            .async_io(Interest::READABLE, || {
                let (n, _) = rustix::net::recv(&ours, &mut buf, rustix::net::RecvFlags::empty())?;
                Ok(n)
            })
            .await;
        assert_eq!(n.unwrap(), 1);
    });
}

#[test]
fn buffers_that_grow_are_filled_and_no_further() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let sender = theirs.local_addr().unwrap();
        let mut buf = Vec::with_capacity(16);
        assert!(would_block(&ours.try_recv_buf(&mut buf)));
        assert!(would_block(&ours.try_recv_buf_from(&mut buf)));
        for part in [&b"one "[..], b"two ", b"three ", b"and a long one"] {
            theirs.send(part).await.unwrap();
        }
        assert_eq!(ours.recv_buf(&mut buf).await.unwrap(), 4);
        assert_eq!(ours.recv_buf_from(&mut buf).await.unwrap(), (4, sender));
        ours.readable().await.unwrap();
        assert_eq!(ours.try_recv_buf(&mut buf).unwrap(), 6);
        // Two bytes are left, and the rest of the datagram is lost.
        assert_eq!(ours.try_recv_buf_from(&mut buf).unwrap(), (2, sender));
        assert_eq!(buf, b"one two three an");
        waits(ours.recv_buf(&mut buf)).await;
    });
}

#[test]
fn dropping_a_waiting_receiver_loses_no_datagram() {
    on_every(|| async {
        let (ours, theirs) = connected().await;
        waits(ours.recv(&mut [0; 8])).await;
        theirs.send(b"kept").await.unwrap();
        let mut buf = [0; 8];
        assert_eq!(ours.recv(&mut buf).await.unwrap(), 4);
    });
}

#[test]
fn many_tasks_share_a_socket_and_each_datagram_is_received_once() {
    const RECEIVERS: usize = 16;
    const EACH: usize = 10;
    on_every(|| async {
        let (ours, theirs) = connected().await;
        let (ours, theirs) = (Arc::new(ours), Arc::new(theirs));
        let receivers: Vec<_> = (0..RECEIVERS)
            .map(|_| {
                let ours = Arc::clone(&ours);
                runtime::spawn(async move {
                    let mut received = Vec::new();
                    for _ in 0..EACH {
                        let mut buf = [0; 8];
                        let (n, _) = ours.recv_from(&mut buf).await.unwrap();
                        assert_eq!(n, 8);
                        received.push(usize::from_ne_bytes(buf));
                    }
                    received
                })
            })
            .collect();
        // Few at a time, so that no queue of the system's overflows.
        for number in 0..RECEIVERS * EACH {
            theirs.send(&number.to_ne_bytes()).await.unwrap();
            if number % 32 == 0 {
                runtime::task::yield_now().await;
            }
        }
        let mut all = Vec::new();
        for receiver in receivers {
            all.extend(receiver.await.unwrap());
        }
        all.sort_unstable();
        assert!(all.into_iter().eq(0..RECEIVERS * EACH));
    });
}
