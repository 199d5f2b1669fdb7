//! Shutdowns that do not wait: polls and blocking closures that go on.

use std::future::pending;
use std::sync::mpsc::{Sender, channel};

use runtime::runtime::Runtime;
use runtime::time::Duration;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait;

/// Starts a blocking closure that ends when the sender is dropped or used.
fn start_closure(rt: &Runtime, ended: &Counter) -> Sender<()> {
    let (start, started) = channel();
    let (release, released) = channel::<()>();
    let ended = ended.on_drop();
    drop(rt.spawn_blocking(move || {
        start.send(()).unwrap();
        let _ = released.recv();
        drop(ended);
    }));
    started.recv().unwrap();
    release
}

fn spawn_pending(rt: &Runtime, dropped: &Counter) {
    let token = dropped.on_drop();
    rt.spawn(async move {
        let _token = token;
        pending::<()>().await;
    });
}

const SHUTDOWNS: [fn(Runtime); 2] = [
    |rt| rt.shutdown_timeout(Duration::from_millis(10)),
    Runtime::shutdown_background,
];

#[test]
fn a_blocking_closure_outlasts_the_runtime() {
    on_every_flavor(|flavor| {
        for shut_down in SHUTDOWNS {
            let rt = flavor.build();
            let (ended, dropped) = (Counter::new(), Counter::new());
            let release = start_closure(&rt, &ended);
            spawn_pending(&rt, &dropped);
            let handle = rt.handle().clone();
            shut_down(rt);
            assert_eq!(ended.get(), 0, "the closure goes on, on {flavor}");
            wait::until("the future is dropped", || dropped.get() == 1);
            drop(release);
            wait::until("the closure ends", || ended.get() == 1);
            wait::until("its thread ends", || {
                handle.metrics().num_blocking_threads() == 0
            });
        }
    });
}

#[test]
fn dropping_the_runtime_waits_for_a_blocking_closure() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let ended = Counter::new();
        let release = start_closure(&rt, &ended);
        let releaser = std::thread::spawn(move || drop(release));
        drop(rt);
        assert_eq!(ended.get(), 1, "on {flavor}");
        releaser.join().unwrap();
    });
}

#[test]
fn closures_that_have_not_started_are_dropped() {
    on_every_flavor(|flavor| {
        let rt = flavor.builder().max_blocking_threads(1).build().unwrap();
        let (ended, dropped) = (Counter::new(), Counter::new());
        let release = start_closure(&rt, &ended);
        let spawn = |_| {
            let token = dropped.on_drop();
            rt.spawn_blocking(move || {
                let _token = token;
                unreachable!("it was shut down before");
            })
        };
        let queued: Vec<_> = (0..10).map(spawn).collect();
        let handle = rt.handle().clone();
        rt.shutdown_background();
        assert_eq!(dropped.get(), 10, "on {flavor}");
        for task in queued {
            let outcome: Result<(), _> = handle.block_on(task);
            assert!(outcome.unwrap_err().is_cancelled());
        }
        drop(release);
    });
}

#[test]
fn a_shutdown_that_waits_for_ever_or_not_at_all_is_no_special_case() {
    on_every_flavor(|flavor| {
        for limit in [Duration::ZERO, Duration::MAX] {
            let rt = flavor.build();
            let dropped = Counter::new();
            spawn_pending(&rt, &dropped);
            rt.shutdown_timeout(limit);
            wait::until("the future is dropped", || dropped.get() == 1);
        }
    });
}

/// Waiting there would block the other runtime, whatever limit is set.
#[test]
fn a_shutdown_inside_async_code_waits_for_nothing() {
    let shutdowns: [fn(Runtime); 3] = [
        drop,
        |rt| rt.shutdown_timeout(Duration::MAX),
        Runtime::shutdown_background,
    ];
    on_every_flavor(|flavor| {
        for shut_down in shutdowns {
            let (outer, inner) = (flavor.build(), flavor.build());
            let ended = Counter::new();
            let release = start_closure(&inner, &ended);
            outer
                .block_on(outer.spawn(async move { shut_down(inner) }))
                .unwrap();
            assert_eq!(ended.get(), 0, "the closure goes on, on {flavor}");
            drop(release);
            wait::until("the closure ends", || ended.get() == 1);
        }
    });
}
