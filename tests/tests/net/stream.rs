//! What a stream promises.

use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::net::{Shutdown, SocketAddr};
use std::pin::pin;
use std::time::Duration;

use futures_lite::future;
use futures_lite::io::{AsyncReadExt, AsyncWriteExt};
use runtime::io::{Interest, ReadBuf};
use runtime::net::{TcpListener, TcpStream};
use socket2::{Domain, SockAddr, Socket, Type};

use crate::harness::{on_both, pair, pair_with_std};

/// An address where nobody listens.
fn refusing() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

#[test]
fn many_connections_echo_what_they_get() {
    const CONNECTIONS: usize = 32;
    on_both(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = runtime::spawn(async move {
            for _ in 0..CONNECTIONS {
                let (stream, _) = listener.accept().await.unwrap();
                drop(runtime::spawn(echo(stream)));
            }
        });
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|i| runtime::spawn(call_echo(address, i)))
            .collect();
        for client in clients {
            client.await.unwrap();
        }
        server.await.unwrap();
    });
}

async fn echo(stream: TcpStream) {
    futures_lite::io::copy(&stream, &stream).await.unwrap();
    (&stream).close().await.unwrap();
}

async fn call_echo(address: SocketAddr, seed: usize) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    for round in 0..50 {
        let message = vec![(seed * 31 + round) as u8; 1 + round * 37];
        stream.write_all(&message).await.unwrap();
        let mut answer = vec![0; message.len()];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, message);
    }
    stream.close().await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap(), 0);
}

#[test]
fn a_refused_connect_is_an_error() {
    on_both(|| async {
        let error = TcpStream::connect(refusing()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        let error = TcpStream::connect(&[][..]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn a_refused_connect_tries_the_next_address() {
    on_both(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let addresses = [refusing(), refusing(), address];
        let stream = TcpStream::connect(&addresses[..]).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address);
        assert!(stream.take_error().unwrap().is_none());
    });
}

#[test]
fn a_connect_that_takes_its_time_is_waited_for() {
    on_both(|| async {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener
            .bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into())
            .unwrap();
        listener.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        // Once the backlog is full the system ignores who knocks; he knocks again a second later.
        let knocks: Vec<_> = (0..8).map(|_| knock(&address)).collect();
        let mut connect = pin!(TcpStream::connect(address.as_socket().unwrap()));
        assert!(future::poll_once(&mut connect).await.is_none());
        let door = listener.try_clone().unwrap();
        let host = std::thread::spawn(move || while door.accept().is_ok() {});
        let stream = connect.await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), address.as_socket().unwrap());
        drop(knocks);
        listener.shutdown(Shutdown::Both).unwrap();
        host.join().unwrap();
    });
}

/// Starts to connect and does not wait.
fn knock(address: &SockAddr) -> Socket {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_nonblocking(true).unwrap();
    let _ = socket.connect(address);
    socket
}

#[test]
fn a_buffer_that_grows_is_appended_to() {
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let mut buf = Vec::with_capacity(8);
        buf.extend_from_slice(b"<");
        assert_eq!(
            ours.try_read_buf(&mut buf).unwrap_err().kind(),
            ErrorKind::WouldBlock
        );
        theirs.write_all(b"appended").await.unwrap();
        ours.readable().await.unwrap();
        assert_eq!(ours.try_read_buf(&mut buf).unwrap(), 7);
        assert_eq!(ours.try_read_buf(&mut buf).unwrap(), 1);
        assert_eq!(buf, b"<appended");
        assert_eq!(ours.try_read_buf(&mut [0_u8; 0].as_mut_slice()).unwrap(), 0);
    });
}

#[test]
fn peeking_takes_nothing() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair_with_std().await;
        let mut buf = [0; 8];
        let waiting = poll_fn(|cx| ours.poll_peek(cx, &mut ReadBuf::new(&mut [0])));
        assert!(future::poll_once(waiting).await.is_none());
        let full = poll_fn(|cx| ours.poll_peek(cx, &mut ReadBuf::new(&mut []))).await;
        assert_eq!(full.unwrap(), 0);
        theirs.write_all(b"peek").unwrap();
        for _ in 0..2 {
            assert_eq!(ours.peek(&mut buf).await.unwrap(), 4);
            let mut room = [MaybeUninit::uninit(); 6];
            let mut buf = ReadBuf::uninit(&mut room);
            buf.put_slice(b"<");
            let peeked = poll_fn(|cx| ours.poll_peek(cx, &mut buf)).await;
            assert_eq!(peeked.unwrap(), 4);
            assert_eq!(buf.filled(), b"<peek");
        }
        assert_eq!(ours.read(&mut buf).await.unwrap(), 4);
        assert_eq!(&buf[..4], b"peek");
    });
}

#[test]
fn dropping_a_waiting_read_loses_nothing() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair_with_std().await;
        let mut buf = [0; 16];
        for _ in 0..100 {
            {
                let mut read = pin!(ours.read(&mut buf));
                assert!(future::poll_once(&mut read).await.is_none());
                // The bytes come while somebody waits who will not take them.
                theirs.write_all(b"kept").unwrap();
            }
            assert_eq!(ours.read(&mut buf).await.unwrap(), 4);
            assert_eq!(&buf[..4], b"kept");
        }
    });
}

#[test]
fn the_end_is_seen_after_a_short_read() {
    on_both(|| async {
        for _ in 0..50 {
            let (mut ours, mut theirs) = pair_with_std().await;
            theirs.write_all(b"last words").unwrap();
            drop(theirs);
            ours.readable().await.unwrap();
            let mut buf = [0; 64];
            assert_eq!(ours.read(&mut buf).await.unwrap(), 10);
            assert_eq!(ours.read(&mut buf).await.unwrap(), 0);
            assert_eq!(ours.read(&mut buf).await.unwrap(), 0);
        }
    });
}

#[test]
fn data_that_comes_after_a_short_read_wakes_the_reader() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair_with_std().await;
        let writer = std::thread::spawn(move || {
            for i in 0..2_000_u32 {
                theirs.write_all(&i.to_ne_bytes()).unwrap();
            }
        });
        let mut all = Vec::new();
        ours.read_to_end(&mut all).await.unwrap();
        writer.join().unwrap();
        let expected: Vec<u8> = (0..2_000_u32).flat_map(u32::to_ne_bytes).collect();
        assert_eq!(all, expected);
    });
}

#[test]
fn a_short_read_spares_the_call_that_would_find_nothing() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair_with_std().await;
        let would_call = |stream: &TcpStream| {
            let mut called = false;
            let _ = stream.try_io(Interest::READABLE, || {
                called = true;
                Ok(())
            });
            called
        };
        theirs.write_all(b"1234").unwrap();
        ours.readable().await.unwrap();
        // As much as was asked for: there may be more.
        ours.read_exact(&mut [0; 2]).await.unwrap();
        assert!(would_call(&ours));
        assert_eq!(ours.read(&mut [0; 64]).await.unwrap(), 2);
        assert!(!would_call(&ours));
    });
}

#[test]
fn half_closing_leaves_the_other_direction_open() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair().await;
        ours.write_all(b"question").await.unwrap();
        ours.close().await.unwrap();

        let mut question = String::new();
        theirs.read_to_string(&mut question).await.unwrap();
        assert_eq!(question, "question");
        theirs.write_all(b"answer").await.unwrap();
        drop(theirs);

        let mut answer = String::new();
        ours.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "answer");
        let error = ours.write(b"too late").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    });
}

#[test]
fn a_reset_is_an_error_for_who_waits() {
    on_both(|| async {
        let (mut ours, theirs) = pair().await;
        theirs.set_zero_linger().unwrap();
        assert_eq!(theirs.linger().unwrap(), Some(Duration::ZERO));
        let reader = runtime::spawn(async move {
            let mut buf = [0; 1];
            ours.read(&mut buf).await
        });
        runtime::task::yield_now().await;
        drop(theirs);
        let error = reader.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn trying_before_anything_came_would_block() {
    on_both(|| async {
        let (ours, mut theirs) = pair_with_std().await;
        let error = ours.try_read(&mut [0; 4]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);

        theirs.write_all(b"ab").unwrap();
        ours.readable().await.unwrap();
        let mut buf = [0; 4];
        assert_eq!(ours.try_read(&mut buf).unwrap(), 2);
        let error = ours.try_read(&mut buf).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);

        ours.writable().await.unwrap();
        assert_eq!(ours.try_write(b"cd").unwrap(), 2);
        theirs.read_exact(&mut buf[..2]).unwrap();
        assert_eq!(&buf[..2], b"cd");
    });
}

#[test]
fn try_io_that_would_block_uses_the_readiness_up() {
    on_both(|| async {
        let (ours, mut theirs) = pair_with_std().await;
        theirs.write_all(b"x").unwrap();
        ours.readable().await.unwrap();
        let blocked = ours.try_io(Interest::READABLE, || -> io::Result<()> {
            Err(ErrorKind::WouldBlock.into())
        });
        assert_eq!(blocked.unwrap_err().kind(), ErrorKind::WouldBlock);
        // The reactor was told that nothing is there, so the closure is not even called.
        let refused = ours.try_io(Interest::READABLE, || -> io::Result<()> { panic!() });
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::WouldBlock);
        // The next edge sets it right.
        theirs.write_all(b"y").unwrap();
        ours.readable().await.unwrap();
        assert_eq!(ours.try_read(&mut [0; 4]).unwrap(), 2);
    });
}

#[test]
fn async_io_calls_again_until_it_does_not_block() {
    on_both(|| async {
        let (ours, mut theirs) = pair_with_std().await;
        let reader = runtime::spawn(async move {
            let mut calls = 0;
            let read = ours.async_io(Interest::READABLE, || {
                calls += 1;
                let mut byte = [0];
                rustix::io::read(&ours, &mut byte)?;
                Ok(byte[0])
            });
            (read.await.unwrap(), calls)
        });
        theirs.write_all(b"z").unwrap();
        let (byte, calls) = reader.await.unwrap();
        assert_eq!(byte, b'z');
        assert!(calls >= 1);
    });
}

#[test]
fn empty_buffers_answer_at_once_and_keep_the_readiness() {
    on_both(|| async {
        let (mut ours, mut theirs) = pair_with_std().await;
        // Nothing has come: a read of something would wait.
        assert_eq!(ours.read(&mut []).await.unwrap(), 0);
        assert_eq!(ours.peek(&mut []).await.unwrap(), 0);
        assert_eq!(ours.try_read(&mut []).unwrap(), 0);
        assert_eq!(ours.read_vectored(&mut []).await.unwrap(), 0);
        assert_eq!(ours.write(&[]).await.unwrap(), 0);

        theirs.write_all(b"!").unwrap();
        ours.readable().await.unwrap();
        assert_eq!(ours.read(&mut []).await.unwrap(), 0);
        assert_eq!(ours.try_read(&mut [0; 4]).unwrap(), 1);
    });
}

#[test]
fn vectored_transfers_use_all_buffers_in_turn() {
    on_both(|| async {
        let (mut ours, theirs) = pair().await;
        let parts = [
            IoSlice::new(b"one"),
            IoSlice::new(b""),
            IoSlice::new(b"two"),
        ];
        assert_eq!(ours.write_vectored(&parts).await.unwrap(), 6);
        ours.writable().await.unwrap();
        assert_eq!(ours.try_write_vectored(&parts).unwrap(), 6);

        let (mut head, mut tail) = ([0; 4], [0; 2]);
        let mut bufs = [IoSliceMut::new(&mut head), IoSliceMut::new(&mut tail)];
        theirs.readable().await.unwrap();
        assert_eq!(theirs.try_read_vectored(&mut bufs).unwrap(), 6);
        assert_eq!((&head, &tail), (b"onet", b"wo"));

        while theirs.peek(&mut [0; 6]).await.unwrap() < 6 {}
        let mut bufs = [IoSliceMut::new(&mut head), IoSliceMut::new(&mut tail)];
        assert_eq!(theirs.try_read_vectored(&mut bufs).unwrap(), 6);
        assert_eq!((&head, &tail), (b"onet", b"wo"));
    });
}

#[test]
fn options_are_those_of_the_socket() {
    on_both(|| async {
        let (ours, theirs) = pair().await;
        assert_eq!(ours.local_addr().unwrap(), theirs.peer_addr().unwrap());
        assert!(!ours.nodelay().unwrap());
        ours.set_nodelay(true).unwrap();
        assert!(ours.nodelay().unwrap());
        ours.set_ttl(62).unwrap();
        assert_eq!(ours.ttl().unwrap(), 62);
        assert_eq!(ours.linger().unwrap(), None);
        #[cfg(target_os = "linux")]
        {
            ours.set_quickack(false).unwrap();
            assert!(!ours.quickack().unwrap());
        }
        assert!(format!("{ours:?}").contains("127.0.0.1"));
    });
}

#[test]
fn a_full_socket_is_writable_again_when_the_peer_has_read() {
    on_both(|| async {
        let (ours, mut theirs) = pair_with_std().await;
        ours.writable().await.unwrap();
        let chunk = [7; 64 * 1024];
        let mut sent = 0;
        loop {
            match ours.try_write(&chunk) {
                Ok(n) => sent += n,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::WouldBlock);
                    break;
                }
            }
        }
        assert!(future::poll_once(pin!(ours.writable())).await.is_none());
        let reader = std::thread::spawn(move || {
            let mut received = vec![0; sent];
            theirs.read_exact(&mut received).unwrap();
            theirs
        });
        ours.writable().await.unwrap();
        reader.join().unwrap();
    });
}
