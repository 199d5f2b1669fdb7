//! What workers count, on both schedulers.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::time::Duration;

use runtime::runtime::{Builder, Runtime, RuntimeMetrics};
use runtime::task::{consume_budget, yield_now};
use runtime::time::sleep;
use runtime_tests::wait::until_true;

const BOTH: [fn() -> Builder; 2] = [Builder::new_current_thread, || {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(2).disable_rescue();
    builder
}];

fn build(make: fn() -> Builder) -> Runtime {
    make().enable_all().build().unwrap()
}

fn sum(metrics: &RuntimeMetrics, count: impl Fn(usize) -> u64) -> u64 {
    (0..metrics.num_workers()).map(count).sum()
}

#[test]
fn each_poll_of_a_task_is_counted() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let task = rt.spawn(async {
            for _ in 0..100 {
                yield_now().await;
            }
        });
        rt.block_on(task).unwrap();
        until_true(|| sum(&metrics, |worker| metrics.worker_poll_count(worker)) == 101);
    }
}

#[test]
fn who_has_nothing_to_do_sleeps_and_gets_up() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let parks = || sum(&metrics, |worker| metrics.worker_park_count(worker));
        let both = || sum(&metrics, |worker| metrics.worker_park_unpark_count(worker));
        let before = both();
        rt.block_on(async { sleep(Duration::from_millis(1)).await });
        until_true(|| parks() > 0 && both() > before);
    }
    let rt = build(BOTH[0]);
    rt.block_on(async { sleep(Duration::from_millis(1)).await });
    let metrics = rt.metrics();
    assert_eq!(
        metrics.worker_park_unpark_count(0),
        2 * metrics.worker_park_count(0)
    );
}

#[test]
fn time_awake_is_counted_and_time_asleep_is_not() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let busy = || {
            let workers = 0..metrics.num_workers();
            let each = workers.map(|worker| metrics.worker_total_busy_duration(worker));
            each.sum::<Duration>()
        };
        let work = Duration::from_millis(5);
        rt.block_on(rt.spawn(async move { std::thread::sleep(work) }))
            .unwrap();
        until_true(|| busy() >= work);
    }
}

/// A paused clock that stands still does not stop this one.
#[test]
fn time_awake_is_that_of_the_system() {
    let rt = Builder::new_current_thread()
        .start_paused(true)
        .build()
        .unwrap();
    let work = Duration::from_millis(2);
    rt.block_on(async {
        sleep(Duration::from_secs(1_000)).await; // at once
        std::thread::sleep(work);
    });
    let busy = rt.metrics().worker_total_busy_duration(0);
    assert!((work..Duration::from_secs(999)).contains(&busy), "{busy:?}");
}

#[test]
fn polls_that_the_budget_ends_are_counted() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let greedy = rt.spawn(async {
            for _ in 0..10_000 {
                consume_budget().await;
            }
        });
        rt.block_on(greedy).unwrap();
        until_true(|| metrics.budget_forced_yield_count() == 10_000 / 128);
    }
}
