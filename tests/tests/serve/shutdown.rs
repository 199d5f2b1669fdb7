//! The phases of a shutdown.

use std::future::pending;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;

use futures_lite::future::poll_once;
use runtime::serve::Shutdown;
use runtime::sync::oneshot::{self, error::TryRecvError};
use runtime::task::yield_now;
use runtime::time::{Duration, Instant, timeout};
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::watchdog::Watchdog;

use crate::harness::LONG;

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

#[runtime::test(start_paused = true)]
async fn a_time_beyond_the_clock_is_a_long_time() {
    let shutdown = Shutdown::new();
    assert_eq!(shutdown.finish(Duration::MAX).await.under_way, 0);
    let work = shutdown.spawn("work", runtime::time::sleep(Duration::from_secs(86_400)));
    let outcome = shutdown.finish(Duration::MAX).await;
    assert_eq!((outcome.under_way, outcome.cancelled), (1, 0));
    work.await.unwrap();
}

/// Asks the shutdown as it is made into a name.
struct Inquisitive(Shutdown);

impl From<Inquisitive> for Arc<str> {
    fn from(name: Inquisitive) -> Arc<str> {
        format!("beside {}", name.0.under_way()).into()
    }
}

#[test]
fn a_name_may_ask_the_shutdown() {
    let _watchdog = Watchdog::start("in the conversion of a name");
    let shutdown = Shutdown::new();
    let _first = shutdown.guard(Inquisitive(shutdown.clone()));
    let _second = shutdown.guard(Inquisitive(shutdown.clone()));
    assert_eq!(shutdown.under_way(), 2);
}

/// An async function that takes a future has room for it twice, and each that passes it on does, too.
#[test]
fn what_runs_under_a_guard_has_its_room_once() {
    async fn large() {
        let bytes = [1_u8; 4096];
        yield_now().await;
        black_box(&bytes);
    }
    let shutdown = Shutdown::new();
    let enough = size_of_val(&large()) + 512;
    assert!(size_of_val(&shutdown.guard("large").run(large())) <= enough);
    assert!(size_of_val(&shutdown.unless_started(large())) <= enough);
    let token = shutdown.token();
    assert!(size_of_val(&token.run_until_cancelled(large())) <= enough);
    let owned = token.clone().run_until_cancelled_owned(large());
    assert!(size_of_val(&owned) <= enough);
}

/// Also where what it runs in is kept, as beside a `select!` in a loop.
#[runtime::test]
async fn what_ran_under_a_guard_is_over_as_it_ends() {
    let shutdown = Shutdown::new();
    let (sender, mut receiver) = oneshot::channel::<()>();
    let mut running = pin!(shutdown.guard("holds the sender").run(async {
        let _sender = sender;
        yield_now().await;
    }));
    running.as_mut().await.unwrap();
    assert_eq!(shutdown.under_way(), 0);
    assert!(matches!(receiver.try_recv(), Err(TryRecvError::Closed)));

    let (sender, mut receiver) = oneshot::channel::<()>();
    let mut cancelled = pin!(shutdown.guard("is cancelled").run(async {
        let _sender = sender;
        pending::<()>().await;
    }));
    assert!(poll_once(cancelled.as_mut()).await.is_none());
    shutdown.token().cancel();
    assert_eq!(cancelled.as_mut().await, None);
    assert_eq!(shutdown.under_way(), 0);
    assert!(matches!(receiver.try_recv(), Err(TryRecvError::Closed)));
}
