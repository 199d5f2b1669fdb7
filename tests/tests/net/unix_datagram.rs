//! What a Unix socket for datagrams promises.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::net::Shutdown;
use std::sync::Arc;

use runtime::io::{Interest, ReadBuf};
use runtime::net::UnixDatagram;

use crate::harness::{Directory, abstract_name, on_every, waits, would_block};

#[test]
fn both_of_a_fresh_pair_can_send_at_once() {
    on_every(|| async {
        let (one, other) = UnixDatagram::pair().unwrap();
        assert_eq!(one.try_send(b"fresh").unwrap(), 5);
        assert_eq!(other.try_send(b"too").unwrap(), 3);
    });
}

#[test]
fn a_pair_exchanges_datagrams() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let echo = runtime::spawn(async move {
            let mut buf = [0; 64];
            for _ in 0..100 {
                let n = theirs.recv(&mut buf).await.unwrap();
                assert_eq!(theirs.send(&buf[..n]).await.unwrap(), n);
            }
        });
        let mut buf = [0; 64];
        for i in 0..100_u32 {
            ours.send(&i.to_ne_bytes()).await.unwrap();
            assert_eq!(ours.recv(&mut buf).await.unwrap(), 4);
            assert_eq!(buf[..4], i.to_ne_bytes());
        }
        echo.await.unwrap();
    });
}

#[test]
fn datagrams_go_to_a_path_and_tell_where_they_come_from() {
    on_every(|| async {
        let directory = Directory::new();
        let (near, far) = (directory.path("near"), directory.path("far"));
        let ours = UnixDatagram::bind(&near).unwrap();
        let theirs = UnixDatagram::bind(&far).unwrap();
        assert_eq!(ours.local_addr().unwrap().as_pathname(), Some(&*near));
        assert_eq!(ours.send_to(b"hello", &far).await.unwrap(), 5);
        let mut buf = [0; 8];
        let (n, sender) = theirs.recv_from(&mut buf).await.unwrap();
        assert_eq!((n, sender.as_pathname()), (5, Some(&*near)));

        theirs.connect(sender.as_pathname().unwrap()).unwrap();
        assert_eq!(theirs.peer_addr().unwrap().as_pathname(), Some(&*near));
        theirs.send(b"back").await.unwrap();
        let mut buf = ReadBuf::new(&mut buf);
        let sender = poll_fn(|cx| ours.poll_recv_from(cx, &mut buf)).await;
        assert_eq!(sender.unwrap().as_pathname(), Some(&*far));
        assert_eq!(buf.filled(), b"back");

        let nobody = directory.path("nobody");
        let error = ours.send_to(b"x", &nobody).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

#[test]
#[cfg(target_os = "linux")]
fn datagrams_go_to_an_abstract_name() {
    on_every(|| async {
        let name = abstract_name("datagram");
        let named = UnixDatagram::bind(&name).unwrap();
        let unnamed = UnixDatagram::unbound().unwrap();
        unnamed.send_to(b"by name", &name).await.unwrap();
        let mut buf = Vec::with_capacity(16);
        let (n, sender) = named.recv_buf_from(&mut buf).await.unwrap();
        assert!(n == 7 && sender.is_unnamed() && buf == b"by name");

        unnamed.connect(&name).unwrap();
        let bytes = name.as_os_str().as_encoded_bytes();
        let peer = unnamed.peer_addr().unwrap();
        assert_eq!(peer.as_abstract_name(), Some(&bytes[1..]));
        unnamed.send(b"connected").await.unwrap();
        assert_eq!(named.recv(&mut [0; 16]).await.unwrap(), 9);

        // A sender with such a name is told in each of the ways of receiving.
        named.send_to(b"self", &name).await.unwrap();
        let (_, sender) = named.recv_buf_from(&mut buf).await.unwrap();
        assert_eq!(sender.as_abstract_name(), Some(&bytes[1..]));
        named.send_to(b"self", &name).await.unwrap();
        let (_, sender) = named.recv_from(&mut [0; 8]).await.unwrap();
        assert_eq!(sender.as_abstract_name(), Some(&bytes[1..]));
    });
}

#[test]
fn of_a_long_datagram_the_rest_is_lost_and_the_next_is_whole() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
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
fn short_and_empty_datagrams_do_not_hide_those_behind_them() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        for datagram in [&b"s"[..], b"", b"tt"] {
            theirs.send(datagram).await.unwrap();
        }
        for length in [1, 0, 2] {
            let mut room = [0; 1024];
            let mut buf = ReadBuf::new(&mut room);
            poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await.unwrap();
            assert_eq!(buf.filled().len(), length);
        }
        waits(ours.recv(&mut [0])).await;
    });
}

#[test]
fn a_sender_waits_while_the_queue_is_full() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        theirs.writable().await.unwrap();
        let mut sent = 0;
        while theirs.try_send(b"fill").is_ok() {
            sent += 1;
        }
        assert!(sent > 0);
        waits(theirs.writable()).await;
        waits(theirs.send(b"not sent")).await;
        let sender = runtime::spawn(async move { theirs.send(b"the last").await.unwrap() });
        for _ in 0..sent {
            assert_eq!(ours.recv(&mut [0; 16]).await.unwrap(), 4);
        }
        assert_eq!(ours.recv(&mut [0; 16]).await.unwrap(), 8);
        sender.await.unwrap();
    });
}

#[test]
fn who_sends_to_a_queue_that_others_have_filled_is_served_in_the_end() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("receiver");
        let receiver = UnixDatagram::bind(&path).unwrap();
        let (one, other) = (UnixDatagram::unbound(), UnixDatagram::unbound());
        let (one, other) = (one.unwrap(), other.unwrap());
        other.writable().await.unwrap();
        let mut filled = 0;
        while other.try_send_to(b"o", &path).is_ok() {
            filled += 1;
        }
        waits(one.send_to(b"one", &path)).await;
        let sender = runtime::spawn(async move { one.send_to(b"one", path).await.unwrap() });
        for _ in 0..filled {
            assert_eq!(receiver.recv(&mut [0; 8]).await.unwrap(), 1);
        }
        assert_eq!(receiver.recv(&mut [0; 8]).await.unwrap(), 3);
        sender.await.unwrap();
    });
}

#[test]
fn trying_and_polling_do_not_wait() {
    on_every(|| async {
        let directory = Directory::new();
        let path = directory.path("receiver");
        let ours = UnixDatagram::bind(&path).unwrap();
        let theirs = UnixDatagram::unbound().unwrap();
        assert!(would_block(&ours.try_recv(&mut [0])));
        assert!(would_block(&ours.try_recv_from(&mut [0])));
        waits(poll_fn(|cx| {
            ours.poll_recv(cx, &mut ReadBuf::new(&mut [0]))
        }))
        .await;
        waits(poll_fn(|cx| ours.poll_recv_ready(cx))).await;
        poll_fn(|cx| theirs.poll_send_ready(cx)).await.unwrap();
        assert_eq!(theirs.try_send_to(b"one", &path).unwrap(), 3);
        let sent = poll_fn(|cx| theirs.poll_send_to(cx, b"four", &path)).await;
        assert_eq!(sent.unwrap(), 4);
        theirs.connect(&path).unwrap();
        assert_eq!(theirs.try_send(b"fi").unwrap(), 2);
        assert_eq!(poll_fn(|cx| theirs.poll_send(cx, b"n")).await.unwrap(), 1);

        ours.readable().await.unwrap();
        assert_eq!(ours.try_recv(&mut [0; 8]).unwrap(), 3);
        let (n, sender) = ours.try_recv_from(&mut [0; 8]).unwrap();
        assert!(n == 4 && sender.is_unnamed());
        let mut buf = Vec::with_capacity(8);
        assert_eq!(ours.try_recv_buf(&mut buf).unwrap(), 2);
        assert_eq!(ours.recv_buf(&mut buf).await.unwrap(), 1);
        assert_eq!(buf, b"fin");
        assert!(would_block(&ours.try_recv_buf_from(&mut buf)));
        waits(ours.recv(&mut [0])).await;
    });
}

#[test]
fn shutting_down_tells_those_who_wait() {
    on_every(|| async {
        let (ours, _theirs) = UnixDatagram::pair().unwrap();
        let ours = Arc::new(ours);
        let receiver = Arc::clone(&ours);
        let receiver = runtime::spawn(async move { receiver.recv(&mut [0; 8]).await.unwrap() });
        runtime::task::yield_now().await;
        ours.shutdown(Shutdown::Both).unwrap();
        assert_eq!(receiver.await.unwrap(), 0);
        let mut room = [0; 8];
        let mut buf = ReadBuf::new(&mut room);
        poll_fn(|cx| ours.poll_recv(cx, &mut buf)).await.unwrap();
        let nobody = poll_fn(|cx| ours.poll_recv_from(cx, &mut buf)).await;
        assert!(nobody.unwrap().is_unnamed());
        assert!(buf.filled().is_empty());
        let error = ours.send(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert!(ours.take_error().unwrap().is_none());
    });
}

#[test]
fn a_peer_that_is_gone_refuses() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        drop(theirs);
        let error = ours.send(b"x").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    });
}

#[test]
fn operations_of_the_callers_own_use_the_readiness_up() {
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        theirs.send(b"x").await.unwrap();
        ours.ready(Interest::READABLE).await.unwrap();
        let refuse = || -> std::io::Result<()> { Err(ErrorKind::WouldBlock.into()) };
        assert!(would_block(&ours.try_io(Interest::READABLE, refuse)));
        waits(ours.readable()).await;
        waits(ours.async_io(Interest::READABLE, refuse)).await;
    });
}

#[test]
fn many_tasks_share_a_socket_and_each_datagram_is_received_once() {
    const RECEIVERS: usize = 16;
    const EACH: usize = 20;
    on_every(|| async {
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let ours = Arc::new(ours);
        let receivers: Vec<_> = (0..RECEIVERS)
            .map(|_| {
                let ours = Arc::clone(&ours);
                runtime::spawn(async move {
                    let mut received = Vec::new();
                    for _ in 0..EACH {
                        let mut buf = [0; 8];
                        assert_eq!(ours.recv(&mut buf).await.unwrap(), 8);
                        received.push(usize::from_ne_bytes(buf));
                    }
                    received
                })
            })
            .collect();
        for number in 0..RECEIVERS * EACH {
            theirs.send(&number.to_ne_bytes()).await.unwrap();
        }
        let mut all = Vec::new();
        for receiver in receivers {
            all.extend(receiver.await.unwrap());
        }
        all.sort_unstable();
        assert!(all.into_iter().eq(0..RECEIVERS * EACH));
    });
}
