//! The acceptor under its limit and without descriptors; the phases of a shutdown.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::pending;
use std::io;
use std::os::fd::AsRawFd;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures_lite::{AsyncReadExt, AsyncWriteExt, future};
use runtime::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use runtime::serve::{Accepted, Acceptor, Listener, Shortage, Shutdown};
use runtime::task::yield_now;
use runtime::time::{Duration, Instant, timeout};
use runtime_tests::alone;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::process;
use rustix::process::Resource;

const LONG: Duration = Duration::from_secs(60);

async fn bind() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn connect(acceptor: &Acceptor<TcpListener>) -> TcpStream {
    TcpStream::connect(acceptor.listener().local_addr().unwrap())
        .await
        .unwrap()
}

/// Whether the other side has closed the connection, and not only been silent.
async fn is_closed(stream: &mut TcpStream) -> bool {
    !matches!(stream.read(&mut [0]).await, Ok(1..))
}

#[test]
fn at_the_limit_the_next_connection_waits_for_a_place() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 2);
            let _clients = [
                connect(&acceptor).await,
                connect(&acceptor).await,
                connect(&acceptor).await,
            ];
            let first = acceptor.accept().await.unwrap();
            let _second = acceptor.accept().await.unwrap();
            assert_eq!(acceptor.active(), 2);
            let mut third = pin!(acceptor.accept());
            for _ in 0..10 {
                assert!(future::poll_once(&mut third).await.is_none());
                yield_now().await;
            }
            drop(first.stream);
            assert!(
                future::poll_once(&mut third).await.is_none(),
                "the slot is still taken"
            );
            drop(first.slot);
            let third = third.await.unwrap();
            assert_eq!((acceptor.active(), acceptor.counts().full), (2, 1));
            drop(third);
        });
    });
}

#[test]
fn a_wait_that_is_given_up_loses_neither_place_nor_connection() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Acceptor::new(bind().await, 1);
            for _ in 0..5 {
                assert!(future::poll_once(acceptor.accept()).await.is_none());
                assert_eq!(acceptor.active(), 0);
            }
            let mut client = connect(&acceptor).await;
            let mut accepted = acceptor.accept().await.unwrap();
            for _ in 0..5 {
                assert!(future::poll_once(acceptor.accept()).await.is_none());
            }
            accepted.stream.write_all(b"x").await.unwrap();
            client.read_exact(&mut [0]).await.unwrap();
            drop(accepted);
            let _next = connect(&acceptor).await;
            timeout(LONG, acceptor.accept()).await.unwrap().unwrap();
        });
    });
}

#[test]
fn without_descriptors_clients_are_refused_and_accepting_goes_on() {
    alone::run(|| {
        Flavor::MultiThread(2).build().block_on(async {
            let reports = Arc::new(Mutex::new(Vec::new()));
            let seen = reports.clone();
            let acceptor = Acceptor::new(bind().await, 1_000).on_overload(move |overload| {
                assert!(matches!(overload.shortage, Shortage::Resources(_)));
                seen.lock().unwrap().push(overload.to_string());
                panic!("a report that panics stops nobody");
            });
            let mut clients = Vec::new();
            for _ in 0..5 {
                clients.push(connect(&acceptor).await);
            }
            let next = std::fs::File::open("/dev/null").unwrap().as_raw_fd();
            process::limit(Resource::Nofile, next.try_into().unwrap());
            let mut accepting = pin!(acceptor.accept());
            // One after the other is refused, as the only descriptor left is the spare one.
            for client in &mut clients {
                let refused = future::or(async { Some(is_closed(client).await) }, async {
                    let _ = accepting.as_mut().await;
                    None
                });
                assert_eq!(refused.await, Some(true));
            }
            process::lift(Resource::Nofile);
            assert_eq!(
                (acceptor.counts().refused, acceptor.counts().accepted),
                (5, 0)
            );
            let _client = connect(&acceptor).await;
            let accepted = timeout(LONG, accepting).await.unwrap().unwrap();
            assert_eq!(acceptor.counts().accepted, 1);
            drop(accepted);
            let reports = reports.lock().unwrap();
            let pauses = acceptor.counts().pauses as usize;
            assert!(
                !reports.is_empty() && reports.len() < pauses.max(2),
                "{reports:?}"
            );
            assert!(reports[0].contains("raise the limit"), "{reports:?}");
        });
    });
}

/// Reads a request of four bytes and sends it back; who takes too long for it is cut off.
async fn answer(mut accepted: Accepted<TcpStream, std::net::SocketAddr>) {
    let mut request = [0; 4];
    let read = timeout(
        Duration::from_millis(200),
        accepted.stream.read_exact(&mut request),
    );
    if let Ok(Ok(())) = read.await {
        accepted.stream.write_all(&request).await.unwrap();
    }
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_keeps_nobody_from_being_served() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let acceptor = Arc::new(Acceptor::new(bind().await, 2));
            let accepting = acceptor.clone();
            let server = runtime::spawn(async move {
                loop {
                    runtime::spawn(answer(accepting.accept().await.unwrap()));
                }
            });
            let mut slow = connect(&acceptor).await;
            slow.write_all(b"b").await.unwrap();
            for _ in 0..20 {
                let mut quick = connect(&acceptor).await;
                let mut answer = [0; 4];
                quick.write_all(b"ping").await.unwrap();
                quick.read_exact(&mut answer).await.unwrap();
                assert_eq!(&answer, b"ping");
            }
            // A byte now and then does not buy more time.
            let dripping = async {
                while slow.write_all(b"b").await.is_ok() && !is_closed_now(&mut slow).await {
                    runtime::time::sleep(Duration::from_millis(90)).await;
                }
            };
            timeout(LONG, dripping).await.unwrap();
            server.abort();
        });
    });
}

/// Whether the other side has closed the connection by now.
async fn is_closed_now(stream: &mut TcpStream) -> bool {
    future::poll_once(is_closed(stream)).await == Some(true)
}

/// Answers with errors, then with connections of nothing.
struct Troubled {
    errors: Mutex<Vec<i32>>,
    asked: AtomicU64,
}

impl Troubled {
    fn with(errors: &[i32]) -> Self {
        Troubled {
            errors: Mutex::new(errors.iter().rev().copied().collect()),
            asked: AtomicU64::new(0),
        }
    }
}

impl Listener for Troubled {
    type Stream = ();
    type Address = ();

    fn poll_accept(&self, _: &mut Context<'_>) -> Poll<io::Result<((), ())>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(match self.errors.lock().unwrap().pop() {
            Some(error) => Err(io::Error::from_raw_os_error(error)),
            None => Ok(((), ())),
        })
    }
}

#[runtime::test(start_paused = true)]
async fn what_concerns_one_connection_is_passed_over_at_once() {
    let errors = [
        libc::ECONNABORTED,
        libc::EINTR,
        libc::EPROTO,
        libc::EPERM,
        libc::ECONNRESET,
    ];
    let acceptor = Acceptor::new(Troubled::with(&errors), 1);
    let start = Instant::now();
    let Accepted { slot, .. } = acceptor.accept().await.unwrap();
    assert_eq!(
        (acceptor.counts().aborted, acceptor.counts().accepted),
        (5, 1)
    );
    assert_eq!(start.elapsed(), Duration::ZERO);
    drop(slot);
}

#[runtime::test(start_paused = true)]
async fn pauses_grow_up_to_a_second_and_begin_anew_after_good_times() {
    // Each pause asks twice: the connection that cannot be served, and the one that is refused.
    let acceptor = Acceptor::new(Troubled::with(&[libc::EMFILE; 24]), 2);
    let start = Instant::now();
    let _first = acceptor.accept().await.unwrap();
    let grown = [5, 10, 20, 40, 80, 160, 320, 640, 1_000, 1_000, 1_000, 1_000];
    assert_eq!(start.elapsed(), Duration::from_millis(grown.iter().sum()));
    *acceptor.listener().errors.lock().unwrap() = vec![libc::ENFILE; 2];
    let start = Instant::now();
    let _second = acceptor.accept().await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(5));
}

#[runtime::test]
async fn what_no_waiting_heals_is_an_error() {
    let acceptor = Acceptor::new(Troubled::with(&[libc::EINVAL]), 1);
    assert_eq!(
        acceptor.accept().await.unwrap_err().raw_os_error(),
        Some(libc::EINVAL)
    );
    assert_eq!(acceptor.active(), 0);
    acceptor.accept().await.unwrap();
}

#[runtime::test]
async fn unix_sockets_have_acceptors_too() {
    let path = std::env::temp_dir().join(format!("runtime-tests-serve-{}", std::process::id()));
    let acceptor = Acceptor::new(UnixListener::bind(&path).unwrap(), 1);
    let _client = UnixStream::connect(&path).await.unwrap();
    acceptor.accept().await.unwrap();
    std::fs::remove_file(path).unwrap();
}

#[test]
#[should_panic(expected = "allow one at least")]
fn an_acceptor_of_none_is_refused() {
    drop(Acceptor::new(Troubled::with(&[]), 0));
}

#[runtime::test(start_paused = true)]
async fn what_finishes_in_time_is_not_cancelled() {
    let shutdown = Shutdown::new();
    let work = shutdown.spawn("work", async {
        runtime::time::sleep(Duration::from_secs(3)).await;
        7
    });
    let start = Instant::now();
    let outcome = shutdown.finish(Duration::from_secs(10)).await;
    assert_eq!((outcome.under_way, outcome.cancelled), (1, 0));
    assert!(outcome.remaining.is_empty());
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    assert_eq!(work.await.unwrap(), Some(7));
}

#[runtime::test(start_paused = true)]
async fn what_does_not_finish_is_cancelled_and_what_does_not_leave_is_named() {
    let shutdown = Shutdown::new();
    let cancelled = shutdown.spawn("slow", pending::<()>());
    let told = shutdown.guard("stubborn");
    drop(shutdown.guard("quick"));
    let start = Instant::now();
    let outcome = shutdown.finish(Duration::from_secs(10)).await;
    assert_eq!((outcome.under_way, outcome.cancelled), (2, 2));
    assert_eq!(outcome.remaining, ["stubborn".into()]);
    assert_eq!(start.elapsed(), Duration::from_secs(11));
    assert_eq!(cancelled.await.unwrap(), None);
    drop(told);
    assert!(shutdown.finish(Duration::ZERO).await.remaining.is_empty());
}

#[test]
fn the_start_ends_waits_and_nothing_else() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let shutdown = Shutdown::new();
            let idle = runtime::spawn({
                let shutdown = shutdown.clone();
                async move { shutdown.unless_started(pending::<()>()).await }
            });
            let busy = shutdown.spawn("busy", async {
                for _ in 0..100 {
                    yield_now().await;
                }
            });
            shutdown.start();
            assert_eq!(idle.await.unwrap(), None);
            assert_eq!(busy.await.unwrap(), Some(()));
            assert!(shutdown.is_started());
            shutdown.started().await;
            assert!(!shutdown.token().is_cancelled());
        });
    });
}

#[test]
fn guards_that_go_while_the_end_is_awaited_are_not_missed() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..100 {
            let shutdown = Shutdown::new();
            for _ in 0..8 {
                let guard = shutdown.guard("short");
                drop(rt.spawn(async move {
                    yield_now().await;
                    drop(guard);
                }));
            }
            let outcome = rt.block_on(async { timeout(LONG, shutdown.finish(LONG)).await });
            assert_eq!(outcome.unwrap().cancelled, 0);
        }
    });
}
