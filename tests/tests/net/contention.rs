//! Many waiters, ready-forever sockets, and readers that race the reactor.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use futures_lite::io::{AsyncRead, AsyncWriteExt};
use runtime::net::{TcpStream, UdpSocket};
use runtime_tests::wait::until_true;

use crate::harness::{current_thread, on_both, on_every, pair, within_patience};

#[test]
fn of_many_readable_waiters_none_is_lost() {
    const WAITERS: usize = 100;
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let ours = Arc::new(ours);
        let started = Arc::new(AtomicUsize::new(0));
        let waiters: Vec<_> = (0..WAITERS)
            .map(|i| {
                let (ours, started) = (Arc::clone(&ours), Arc::clone(&started));
                runtime::spawn(async move {
                    started.fetch_add(1, Ordering::SeqCst);
                    match i % 2 {
                        0 => ours.readable().await.unwrap(),
                        _ => assert_ne!(ours.peek(&mut [0]).await.unwrap(), 0),
                    }
                })
            })
            .collect();
        while started.load(Ordering::SeqCst) < WAITERS {
            runtime::task::yield_now().await;
        }
        theirs.write_all(b"for all of you").await.unwrap();
        for waiter in waiters {
            waiter.await.unwrap();
        }
    });
}

#[test]
fn readers_that_share_a_stream_take_every_byte() {
    const READERS: usize = 8;
    const BYTES: usize = 20_000;
    on_both(|| async {
        let (ours, mut theirs) = pair().await;
        let ours = Arc::new(ours);
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                let ours = Arc::clone(&ours);
                runtime::spawn(async move {
                    let mut taken = 0;
                    let mut buf = [0; 16];
                    loop {
                        ours.readable().await.unwrap();
                        match ours.try_read(&mut buf) {
                            Ok(0) => return taken,
                            Ok(n) => taken += n,
                            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock),
                        }
                    }
                })
            })
            .collect();
        for _ in 0..BYTES / 10 {
            theirs.write_all(b"ten bytes.").await.unwrap();
        }
        theirs.close().await.unwrap();
        let mut taken = 0;
        for reader in readers {
            taken += reader.await.unwrap();
        }
        assert_eq!(taken, BYTES);
    });
}

/// An operation that is ready at once, every time, on a stream where something waits to be read.
type AlwaysReady = for<'a> fn(&'a TcpStream) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

#[test]
fn waits_that_are_always_over_do_not_keep_the_thread() {
    let operations: [AlwaysReady; 3] = [
        |stream| Box::pin(async { stream.readable().await.unwrap() }),
        |stream| Box::pin(async { stream.writable().await.unwrap() }),
        |stream| Box::pin(async { assert_eq!(stream.peek(&mut [0]).await.unwrap(), 1) }),
    ];
    for operation in operations {
        within_patience(move || current_thread().block_on(let_others_run(operation)));
    }
}

async fn let_others_run(operation: AlwaysReady) {
    let (ours, mut theirs) = pair().await;
    theirs.write_all(b"never taken").await.unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let greedy = runtime::spawn(async move {
        while !stopped.load(Ordering::SeqCst) {
            operation(&ours).await;
        }
    });
    for _ in 0..10 {
        runtime::task::yield_now().await;
    }
    stop.store(true, Ordering::SeqCst);
    greedy.await.unwrap();
}

#[test]
fn datagrams_that_never_end_do_not_keep_the_thread() {
    on_every(|| async {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(socket.local_addr().unwrap()).await.unwrap();
        let stop = Arc::new(AtomicBool::new(false));
        let rounds = Arc::new(AtomicUsize::new(0));
        let (stopped, turned) = (Arc::clone(&stop), Arc::clone(&rounds));
        let greedy = runtime::spawn(async move {
            socket.send(b"never taken").await.unwrap();
            while !stopped.load(Ordering::SeqCst) {
                assert_eq!(socket.peek(&mut [0]).await.unwrap(), 1);
                turned.fetch_add(1, Ordering::SeqCst);
            }
        });
        until_true(|| rounds.load(Ordering::SeqCst) > 1_000).await;
        stop.store(true, Ordering::SeqCst);
        greedy.await.unwrap();
    });
}

#[test]
fn one_poll_of_a_task_transfers_only_so_often() {
    const BYTES: usize = 10_000;
    on_both(|| async {
        let (mut ours, mut theirs) = pair().await;
        theirs.write_all(&[1; BYTES]).await.unwrap();
        let reader = runtime::spawn(async move {
            let (mut taken, mut most_in_one_poll) = (0, 0);
            poll_fn(|cx| {
                let before = taken;
                while taken < BYTES {
                    match Pin::new(&mut ours).poll_read(cx, &mut [0]) {
                        Poll::Ready(n) => taken += n.unwrap(),
                        Poll::Pending => break,
                    }
                }
                most_in_one_poll = most_in_one_poll.max(taken - before);
                if taken < BYTES {
                    Poll::Pending
                } else {
                    Poll::Ready(())
                }
            })
            .await;
            most_in_one_poll
        });
        // The budget is some hundred; without it the reader would take all in one poll or two.
        assert!(reader.await.unwrap() < 1_000);
    });
}
