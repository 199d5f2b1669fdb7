//! Many that accept on one listener: no wake-up of one is another's loss.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream, UnixListener};
use runtime::serve::Acceptor;
use runtime::task::{AbortOnDropHandle, yield_now};
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait::until_true;

use crate::harness::bind;

const WAITERS: usize = 8;

/// A future that is polled only when it was woken.
struct Waiter<F> {
    future: Pin<Box<F>>,
    wakes: Counter,
    seen: usize,
}

impl<F: Future> Waiter<F> {
    /// Polls `future` a first time, when it has to wait.
    fn start(future: F) -> Self {
        let mut waiter = Waiter {
            future: Box::pin(future),
            wakes: Counter::new(),
            seen: 0,
        };
        assert!(waiter.poll().is_pending());
        waiter
    }

    fn is_woken(&self) -> bool {
        self.wakes.get() > self.seen
    }

    fn poll(&mut self) -> Poll<F::Output> {
        self.seen = self.wakes.get();
        let waker = Waker::from(Arc::new(self.wakes.clone()));
        self.future.as_mut().poll(&mut Context::from_waker(&waker))
    }
}

/// Lets many wait, connects for each, and cancels one that was woken and not yet polled.
async fn all_but_the_cancelled_accept<F: Future>(accept: impl Fn() -> F, connect: impl Fn()) {
    let mut waiters: Vec<_> = (0..WAITERS).map(|_| Waiter::start(accept())).collect();
    // The place of the last who came is not that of all.
    assert!(waiters[0].poll().is_pending());
    connect();
    until_true(|| waiters.iter().any(Waiter::is_woken)).await;
    let cancelled = waiters.iter().position(Waiter::is_woken).unwrap();
    drop(waiters.remove(cancelled));
    for _ in 1..waiters.len() {
        connect();
    }
    while !waiters.is_empty() {
        waiters.retain_mut(|waiter| !waiter.is_woken() || waiter.poll().is_pending());
        yield_now().await;
    }
}

fn path(of: &str) -> std::path::PathBuf {
    let name = format!("runtime-tests-serve-many-{of}-{}", std::process::id());
    std::env::temp_dir().join(name)
}

#[test]
fn listeners_wake_each_who_accepts() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let listener = bind().await;
            let address = listener.local_addr().unwrap();
            let connect = || drop(std::net::TcpStream::connect(address).unwrap());
            all_but_the_cancelled_accept(|| listener.accept(), connect).await;

            let path = path("listener");
            let listener = UnixListener::bind(&path).unwrap();
            let connect = || drop(std::os::unix::net::UnixStream::connect(&path).unwrap());
            all_but_the_cancelled_accept(|| listener.accept(), connect).await;
            std::fs::remove_file(path).unwrap();
        });
    });
}

#[test]
fn acceptors_wake_each_who_accepts() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 2 * WAITERS);
            let address = acceptor.local_addr().unwrap();
            let connect = || drop(std::net::TcpStream::connect(address).unwrap());
            all_but_the_cancelled_accept(|| acceptor.accept(), connect).await;
            assert_eq!(acceptor.active(), 0);

            let path = path("acceptor");
            let acceptor = Acceptor::new(UnixListener::bind(&path).unwrap(), 2 * WAITERS);
            let connect = || drop(std::os::unix::net::UnixStream::connect(&path).unwrap());
            all_but_the_cancelled_accept(|| acceptor.accept(), connect).await;
            std::fs::remove_file(path).unwrap();
        });
    });
}

#[test]
fn with_fewer_places_than_acceptors_the_places_go_round() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 2);
            let address = acceptor.local_addr().unwrap();
            let connect = || drop(std::net::TcpStream::connect(address).unwrap());
            all_but_the_cancelled_accept(|| acceptor.accept(), connect).await;
            assert_eq!(acceptor.active(), 0);
        });
    });
}

async fn serve(acceptor: Arc<Acceptor<TcpListener>>) {
    loop {
        let (mut connection, _) = acceptor.accept().await.unwrap();
        let _ = connection.write_all(b"x").await;
    }
}

#[test]
fn tasks_that_come_and_go_lose_no_client() {
    const CLIENTS: usize = 200;
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Arc::new(Acceptor::new(bind().await, 3));
            let address = acceptor.local_addr().unwrap();
            let start = || AbortOnDropHandle::new(runtime::spawn(serve(acceptor.clone())));
            let mut servers: Vec<_> = (0..WAITERS).map(|_| start()).collect();
            let mut unserved = 0;
            for client in 0..CLIENTS {
                let mut stream = TcpStream::connect(address).await.unwrap();
                // Some are aborted as they accept or serve, which ends one connection at most.
                servers[client % WAITERS] = start();
                unserved += usize::from(stream.read_exact(&mut [0]).await.is_err());
            }
            assert!(unserved < CLIENTS);
            drop(servers);
            until_true(|| acceptor.active() == 0).await;
        });
    });
}
