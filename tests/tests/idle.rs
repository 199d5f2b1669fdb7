//! A runtime with nothing to do does nothing: none of its threads is woken, not once.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::pending;
use std::thread;
use std::time::Duration;

use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Runtime;
use runtime::time::{sleep, timeout};
use runtime_tests::alone;
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor};
use runtime_tests::process::voluntary_switches;

/// How the names of the threads begin that are observed; a flavor's number of workers follows.
const NAME: &str = "quiet-";

/// Starts a runtime on which `start` has run, and a thread that stays in it.
fn start_idle(flavor: Flavor, start: fn(&Runtime)) {
    let name = match flavor {
        Flavor::CurrentThread => format!("{NAME}0"),
        Flavor::MultiThread(workers) => format!("{NAME}{workers}"),
    };
    let mut builder = flavor.builder();
    builder.thread_name(&name);
    builder.thread_keep_alive(Duration::from_secs(3600));
    let rt = builder.build().unwrap();
    let stay = move || {
        start(&rt);
        rt.block_on(pending::<()>());
    };
    thread::Builder::new().name(name).spawn(stay).unwrap();
}

/// How often each thread has gone to sleep so far.
fn observe() -> Vec<(String, u64)> {
    let mut switches = voluntary_switches();
    switches.retain(|(name, _)| name.starts_with(NAME));
    switches
}

fn assert_idle(start: fn(&Runtime)) {
    assert_idle_on(&EVERY_FLAVOR, start);
}

/// Asserts that no thread goes to sleep for two seconds, since none wakes.
fn assert_idle_on(flavors: &[Flavor], start: fn(&Runtime)) {
    for &flavor in flavors {
        start_idle(flavor, start);
    }
    // Until all have come to rest, however long that takes on a loaded machine.
    let mut before = observe();
    loop {
        thread::sleep(Duration::from_millis(500));
        let now = observe();
        if before == now && !now.is_empty() {
            break;
        }
        before = now;
    }
    thread::sleep(Duration::from_secs(2));
    assert_eq!(before, observe(), "number of workers and switches");
}

#[test]
fn a_fresh_runtime_sleeps() {
    alone::run(|| assert_idle(|_rt| {}));
}

#[test]
fn a_runtime_whose_work_is_done_sleeps() {
    alone::run(|| {
        assert_idle(|rt| {
            rt.block_on(async {
                let tasks: Vec<_> = (0..100).map(|_| runtime::spawn(async {})).collect();
                for task in tasks {
                    task.await.unwrap();
                }
                runtime::task::spawn_blocking(|| {}).await.unwrap();
                sleep(Duration::from_millis(1)).await;
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                drop(TcpStream::connect(address).await.unwrap());
                drop(listener.accept().await.unwrap());
            });
        });
    });
}

#[test]
fn a_runtime_whose_tasks_wait_for_each_other_sleeps() {
    alone::run(|| {
        assert_idle(|rt| {
            let never = rt.spawn(pending::<()>());
            drop(rt.spawn(never));
            drop(rt.spawn(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                drop(listener.accept().await);
            }));
        });
    });
}

/// Timeouts that were not needed are the usual case in a server. Of several workers one may have
/// gone to sleep until such a timer while it was still there.
#[test]
fn timers_that_were_cancelled_wake_nobody() {
    alone::run(|| {
        let one_thread = [Flavor::CurrentThread, Flavor::MultiThread(1)];
        assert_idle_on(&one_thread, |rt| {
            let task = rt.spawn(async {
                for _ in 0..100 {
                    let limit = Duration::from_millis(2_000);
                    let done = timeout(limit, runtime::task::yield_now());
                    done.await.unwrap();
                }
            });
            rt.block_on(task).unwrap();
        });
    });
}
