//! Timers that are set where a worker blocks: whoever sleeps in the poll must hear of them.
//!
//! Nobody samples here, so nobody else tells it.

use std::sync::mpsc::channel;
use std::time::Duration;

use runtime::runtime::{Builder, Handle, Runtime};
use runtime::task::block_in_place;
use runtime::time::{interval, sleep, timeout};
use runtime_tests::flavor::Flavor;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

const SOON: Duration = Duration::from_millis(2);
const HOUR: Duration = Duration::from_secs(3600);

/// Runs `test` without the monitor's help, with workers that rest and with one that is on its own.
fn without_samples(test: impl Fn(&Runtime)) {
    let settings: [fn(&mut Builder) -> &mut Builder; 3] = [
        |builder| builder.rescue_threshold(HOUR).stall_threshold(HOUR),
        |builder| builder.disable_rescue().stall_threshold(HOUR),
        Builder::disable_rescue,
    ];
    for set in settings {
        for workers in [1, 2, 8, 9, 16] {
            let _watchdog = Watchdog::start(format!("with {workers} workers"));
            let mut builder = Flavor::MultiThread(workers).builder();
            set(&mut builder);
            let rt = builder.build().unwrap();
            for _ in 0..3 {
                wait::until_workers_rest(&rt);
                test(&rt);
            }
        }
    }
}

fn in_place(rt: &Runtime, f: impl FnOnce() + Send + 'static) {
    rt.block_on(rt.spawn(async { block_in_place(f) })).unwrap();
}

#[test]
fn a_sleep_that_is_blocked_on_ends() {
    without_samples(|rt| {
        in_place(rt, || Handle::current().block_on(sleep(SOON)));
    });
}

#[test]
fn one_after_another_ends() {
    without_samples(|rt| {
        in_place(rt, || {
            for _ in 0..5 {
                Handle::current().block_on(sleep(SOON));
            }
        });
    });
}

#[test]
fn a_sleep_before_a_later_one_ends() {
    without_samples(|rt| {
        let later = rt.spawn(async { sleep(HOUR).await });
        in_place(rt, || {
            let handle = Handle::current();
            handle.block_on(async { timeout(SOON, sleep(HOUR)).await.unwrap_err() });
            handle.block_on(sleep(SOON));
        });
        later.abort();
    });
}

#[test]
fn an_interval_ticks() {
    without_samples(|rt| {
        in_place(rt, || {
            Handle::current().block_on(async {
                let mut interval = interval(SOON);
                for _ in 0..3 {
                    interval.tick().await;
                }
            });
        });
    });
}

#[test]
fn a_task_that_is_spawned_there_and_sleeps_goes_on() {
    without_samples(|rt| {
        in_place(rt, || {
            let (woken, wakes) = channel();
            drop(runtime::spawn(async move {
                sleep(SOON).await;
                woken.send(()).unwrap();
            }));
            wakes.recv().unwrap();
        });
    });
}

#[test]
fn every_worker_may_sleep_there_at_once() {
    without_samples(|rt| {
        let tasks: Vec<_> = (0..2 * rt.metrics().num_workers())
            .map(|_| rt.spawn(async { block_in_place(|| Handle::current().block_on(sleep(SOON))) }))
            .collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
    });
}

#[test]
fn sleeps_end_at_each_depth() {
    without_samples(|rt| {
        in_place(rt, || {
            block_in_place(|| Handle::current().block_on(sleep(SOON)));
            Handle::current().block_on(async {
                let inner = runtime::spawn(async {
                    block_in_place(|| Handle::current().block_on(sleep(SOON)));
                });
                inner.await.unwrap();
                sleep(SOON).await;
            });
        });
    });
}

/// The main task is on no worker, and sets its timers with nobody's help.
#[test]
fn a_sleep_in_the_main_task_ends() {
    without_samples(|rt| {
        rt.block_on(async { block_in_place(|| Handle::current().block_on(sleep(SOON))) });
    });
}
