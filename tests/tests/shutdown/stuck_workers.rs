//! Workers that do not come back, and the rest of the runtime, which ends without them.

use std::future::pending;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use runtime::runtime::Runtime;
use runtime::task::block_in_place;
use runtime::time::Duration;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_multi_thread};
use runtime_tests::wait;

use crate::waits::WAITS;

const SHUTDOWNS: [fn(Runtime); 2] = [
    |rt| rt.shutdown_timeout(Duration::from_millis(10)),
    Runtime::shutdown_background,
];

/// How a worker is kept.
type Hold = fn(Box<dyn FnOnce() + Send>);

const HOLDS: [Hold; 2] = [|block| block(), |block| block_in_place(block)];

/// Keeps a worker until the sender is dropped. Then its task has a future to drop.
fn keep_worker(rt: &Runtime, hold: Hold, dropped: &Counter) -> Sender<()> {
    let (begin, begun) = channel();
    let (release, released) = channel::<()>();
    let token = dropped.on_drop();
    drop(rt.spawn(async move {
        let _token = token;
        hold(Box::new(move || {
            begin.send(()).unwrap();
            let _ = released.recv();
        }));
        pending::<()>().await;
    }));
    begun.recv().unwrap();
    release
}

/// Builds runtimes and keeps one of their workers, or as many as they have, in each way.
fn with_kept_workers(test: impl Fn(Flavor, Runtime, Vec<Sender<()>>, &Counter)) {
    on_multi_thread(|flavor| {
        let workers = flavor.build().metrics().num_workers();
        for (kept, hold) in [1, workers]
            .iter()
            .flat_map(|kept| HOLDS.map(|hold| (*kept, hold)))
        {
            let (rt, dropped) = (flavor.build(), Counter::new());
            let releases: Vec<_> = (0..kept)
                .map(|_| keep_worker(&rt, hold, &dropped))
                .collect();
            test(flavor, rt, releases, &dropped);
            wait::until("their own futures are dropped", || dropped.get() == kept);
        }
    });
}

#[test]
fn the_futures_of_others_are_dropped_meanwhile() {
    alone::run(|| SHUTDOWNS.into_iter().for_each(others_are_dropped));
}

fn others_are_dropped(shut_down: fn(Runtime)) {
    with_kept_workers(|flavor, rt, releases, own| {
        let dropped = Counter::new();
        for _ in 0..20 {
            let token = dropped.on_drop();
            drop(rt.spawn(async move {
                let _token = token;
                pending::<()>().await;
            }));
        }
        shut_down(rt);
        wait::until("the others are dropped", || dropped.get() == 20);
        assert_eq!(own.get(), 0, "they are kept, on {flavor}");
        drop(releases);
    });
}

#[test]
fn what_is_spawned_meanwhile_is_dropped_at_once() {
    alone::run(|| {
        with_kept_workers(|flavor, rt, releases, _| {
            let handle = rt.handle().clone();
            let other = rt.spawn(pending::<()>());
            rt.shutdown_background();
            wait::until("the others are dropped", || other.is_finished());
            let late = handle.spawn(async {});
            assert!(late.is_finished(), "on {flavor}");
            let ended = handle.block_on(late);
            assert!(ended.unwrap_err().is_cancelled(), "on {flavor}");
            drop(releases);
        });
    });
}

/// The drivers are closed meanwhile, too.
#[test]
fn who_waits_elsewhere_is_told_meanwhile() {
    alone::run(|| {
        with_kept_workers(|_, rt, releases, _| {
            let waits = WAITS.map(|(_, prepare)| prepare(rt.handle()));
            let waiting: Vec<_> = waits.into_iter().map(thread::spawn).collect();
            rt.shutdown_background();
            for thread in waiting {
                thread.join().unwrap();
            }
            drop(releases);
        });
    });
}

#[test]
fn a_scope_ends_meanwhile() {
    alone::run(|| {
        with_kept_workers(|flavor, rt, releases, _| {
            let handle = rt.handle().clone();
            let (borrowed, dropped) = (String::from("borrowed"), Counter::new());
            let of_closure = handle.scope(|scope| {
                for _ in 0..3 {
                    let token = dropped.on_drop();
                    let borrowed = &borrowed;
                    drop(scope.spawn(async move {
                        pending::<()>().await;
                        drop((token, borrowed));
                    }));
                }
                rt.shutdown_background();
                7
            });
            assert_eq!((of_closure, dropped.get()), (7, 3), "on {flavor}");
            drop(releases);
        });
    });
}
