//! As many stuck tasks as the runtime may have threads, and one less.

use std::time::{Duration, Instant};

use runtime::Handle;
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

use crate::crowd::{Crowd, Manner};
use crate::guests::Guests;

const CASES: [(usize, usize); 9] = [
    (1, 1),
    (1, 3),
    (2, 0),
    (2, 1),
    (2, 3),
    (9, 0),
    (9, 2),
    (16, 1),
    (16, 8),
];

/// Wherever the last thread is, it serves all: tasks, timers, sockets.
#[test]
fn others_go_on_while_one_thread_is_left() {
    for manner in [Manner::Plainly, Manner::InPlace] {
        for (workers, spares) in CASES {
            let what = format!("{workers} workers, {spares} spares, {manner:?}");
            let _watchdog = Watchdog::start(&what);
            let mut builder = Flavor::MultiThread(workers).builder();
            let rt = builder.max_spares(spares).build().unwrap();
            let mut guests = Guests::start(&rt);
            guests.get_on();
            let crowd = Crowd::start(rt.handle(), manner, workers + spares - 1);
            crowd.wait_until_all_block();
            guests.get_on();
            crowd.release();
            guests.get_on();
        }
    }
}

/// Who asks for a thread in vain asks at each sample, not all the time.
#[test]
fn refusals_come_with_the_samples() {
    for (workers, spares) in [(1, 0), (2, 1), (9, 5)] {
        let _watchdog = Watchdog::start(format!("{workers} workers, {spares} spares"));
        let mut builder = Flavor::MultiThread(workers).builder();
        let started = Instant::now();
        let rt = builder.max_spares(spares).build().unwrap();
        let threads = Crowd::start(rt.handle(), Manner::Plainly, workers + spares);
        threads.wait_until_all_block();
        let more = Crowd::start(rt.handle(), Manner::Plainly, 10);
        wait::until("threads are refused", || {
            rt.metrics().spares_refused() >= 20
        });
        // A sample follows the other by 5 ms at the earliest, and wants a few threads at most.
        let samples = started.elapsed().as_millis() / 5 + 2;
        let refused = u128::from(rt.metrics().spares_refused());
        assert!(refused <= 4 * samples, "{refused} in {samples} samples");
        threads.release();
        more.release();
    }
}

#[test]
fn all_goes_on_once_threads_come_back() {
    for manner in [Manner::Plainly, Manner::InPlace] {
        for (workers, spares) in CASES {
            let what = format!("{workers} workers, {spares} spares, {manner:?}");
            let _watchdog = Watchdog::start(&what);
            let mut builder = Flavor::MultiThread(workers).builder();
            let rt = builder.max_spares(spares).build().unwrap();
            let mut guests = Guests::start(&rt);
            let threads = Crowd::start(rt.handle(), manner, workers + spares);
            threads.wait_until_all_block();
            // These find no thread.
            let more = Crowd::start(rt.handle(), manner, 10);
            threads.release();
            more.release();
            guests.get_on();
        }
    }
}

/// A program that stands still because of a limit says so.
#[test]
fn a_runtime_says_that_it_may_have_no_more_threads() {
    let output = alone::run_disturbed(
        || {
            for (workers, spares) in [(1, 1), (9, 2)] {
                let mut builder = Flavor::MultiThread(workers).builder();
                let rt = builder.max_spares(spares).build().unwrap();
                let crowd = Crowd::start(rt.handle(), Manner::Plainly, workers + spares);
                crowd.wait_until_all_block();
                let waits = rt.spawn(async {});
                // Reports go on meanwhile, so the watcher has had its chances.
                wait::until("a stall is long", || {
                    rt.metrics().longest_stall() >= Duration::from_millis(800)
                });
                assert!(!waits.is_finished());
                crowd.release();
                rt.block_on(waits).unwrap();
            }
        },
        |_| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    let said = alone::said(&output);
    assert!(said.contains("max_spares"), "{said}");
}

/// One thread that is left serves all, and each wake beside it is refused another: no reason to fill a log.
#[test]
fn what_is_refused_often_is_not_told_often() {
    let output = alone::run_disturbed(
        || {
            let rt = Flavor::MultiThread(9)
                .builder()
                .max_spares(2)
                .build()
                .unwrap();
            let crowd = Crowd::start(rt.handle(), Manner::InPlace, 10);
            crowd.wait_until_all_block();
            rt.block_on(rt.spawn(async {
                while Handle::current().metrics().spares_refused() < 5_000 {
                    let tasks = [(); 4].map(|()| runtime::spawn(async {}));
                    runtime::time::sleep(Duration::from_micros(1)).await;
                    for task in tasks {
                        task.await.unwrap();
                    }
                }
            }))
            .unwrap();
            crowd.release();
        },
        |_| {},
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
    let said = alone::said(&output);
    let lines = said.matches("max_spares").count();
    // More only if this took longer than some seconds.
    assert!((1..=4).contains(&lines), "{said}");
}
