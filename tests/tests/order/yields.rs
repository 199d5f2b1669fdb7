//! Sockets and timers against who yields on a thread that is alone with them: a program may yield until one has done
//! something, as with tokio.

use std::thread;

use runtime::io::AsyncReadExt;
use runtime::net::UnixStream;
use runtime::runtime::LocalRuntime;
use runtime::task::{LocalSet, consume_budget, yield_now};
use runtime::time::{Duration, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::watchdog::Watchdog;

/// One until the reactor has its turn, one until who was woken by that has his, and one to spare.
const A_FEW: usize = 3;

/// More than once, as workers turn to sockets from time to time in any case.
const ROUNDS: usize = 20;

/// Yields as `yield_once` does, and fails if a task that waits for a socket is not woken by a few yields.
async fn wait_for_a_socket(yield_once: impl AsyncFn()) {
    let (mut mine, theirs) = UnixStream::pair().unwrap();
    let heard = Counter::new();
    let hears = heard.clone();
    drop(runtime::spawn(async move {
        while mine.read_u8().await.is_ok() {
            hears.raise();
        }
    }));
    for round in 0..ROUNDS {
        // The reader finds nothing, and waits.
        for _ in 0..A_FEW {
            yield_once().await;
        }
        theirs.try_write(b"1").unwrap();
        for _ in 0..A_FEW {
            yield_once().await;
        }
        assert_eq!(heard.get(), round + 1);
    }
}

async fn wait_for_a_timer() {
    for _ in 0..ROUNDS {
        let sleeper = runtime::spawn(sleep(Duration::from_millis(1)));
        yield_now().await;
        while !sleeper.is_finished() {
            let mut yields = 0;
            thread::sleep(Duration::from_millis(2));
            while !sleeper.is_finished() && yields < A_FEW {
                yield_now().await;
                yields += 1;
            }
            assert!(sleeper.is_finished());
        }
    }
}

/// Comes to the end of its budget, and yields for that.
async fn spend_a_budget() {
    for _ in 0..128 {
        consume_budget().await;
    }
}

async fn wait_for_events() {
    wait_for_a_socket(yield_now).await;
    wait_for_a_socket(spend_a_budget).await;
    wait_for_a_timer().await;
}

#[test]
fn a_root_that_yields_lets_sockets_and_timers_go_first() {
    let _watchdog = Watchdog::start("a root that yields");
    Flavor::CurrentThread.build().block_on(wait_for_events());
    LocalRuntime::new().unwrap().block_on(wait_for_events());
}

#[test]
fn a_task_that_yields_lets_sockets_and_timers_go_first() {
    let _watchdog = Watchdog::start("a task that yields");
    let rt = Flavor::CurrentThread.build();
    rt.block_on(rt.spawn(wait_for_events())).unwrap();
    let local = LocalRuntime::new().unwrap();
    local
        .block_on(local.spawn_local(wait_for_events()))
        .unwrap();
}

#[test]
fn a_task_of_a_local_set_that_yields_lets_sockets_and_timers_go_first() {
    let _watchdog = Watchdog::start("a task of a local set that yields");
    let set = LocalSet::new();
    let task = set.spawn_local(wait_for_events());
    set.block_on(&Flavor::CurrentThread.build(), task).unwrap();
}
