//! How many threads come for those that block: one for each, and the same again and again.

use std::hint;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use runtime::runtime::{Builder, Runtime};
use runtime::task::{block_in_place, yield_now};
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::watchdog::Watchdog;

use crate::crowd::{Crowd, Manner};
use crate::guests::Guests;

const TIMES: usize = 10_000;
const MOMENT: Duration = Duration::from_micros(10);

/// A thread from which a loaded machine takes the CPU on its way back is not waited for. Without any
/// waiting thirty came.
const DELAYED: usize = 8;

/// Far more than a loaded machine takes from a thread at once: only what really blocks counts as stuck.
const THRESHOLD: Duration = Duration::from_secs(1);

/// A runtime that counts the threads which it has started beside its workers.
fn counting_threads(workers: usize, set: impl Fn(&mut Builder)) -> (Runtime, impl Fn() -> usize) {
    let started = Counter::new();
    let starts = started.clone();
    let mut builder = Flavor::MultiThread(workers).builder();
    builder.on_thread_start(move || starts.raise());
    set(&mut builder);
    let others = move || started.get().saturating_sub(workers);
    (builder.build().unwrap(), others)
}

fn block_for_a_moment() {
    block_in_place(|| {
        let started = Instant::now();
        while started.elapsed() < MOMENT {
            hint::spin_loop();
        }
    });
}

/// Some tasks that block for a moment again and again; the threads that came for them.
fn threads_for(workers: usize, blockers: usize, set: impl Fn(&mut Builder)) -> usize {
    let (rt, others) = counting_threads(workers, set);
    let block_often = |_| {
        rt.spawn(async {
            for time in 0..TIMES {
                block_for_a_moment();
                if time % 2 == 0 {
                    yield_now().await;
                }
            }
        })
    };
    let tasks: Vec<_> = (0..blockers).map(block_often).collect();
    for task in tasks {
        rt.block_on(task).unwrap();
    }
    others()
}

#[test]
fn one_that_blocks_for_a_moment_again_and_again_is_deputed_for_by_one_thread() {
    for workers in [1, 2, 8, 16] {
        let what = format!("with {workers} workers");
        let _watchdog = Watchdog::start(&what);
        let threads = threads_for(workers, 1, |builder| {
            builder.rescue_threshold(THRESHOLD);
        });
        assert!(threads <= 1 + DELAYED, "{threads} threads came {what}");
    }
}

/// A machine that takes the CPU from a worker may make a second one look stuck.
#[test]
fn with_the_usual_thresholds_there_is_one_more_at_most() {
    let _watchdog = Watchdog::start("");
    let threads = threads_for(2, 1, |_| {});
    assert!(threads <= 2 + DELAYED, "{threads} threads came");
}

#[test]
fn all_workers_may_block_for_a_moment_again_and_again() {
    for workers in [2, 8, 9] {
        let what = format!("with {workers} workers");
        let _watchdog = Watchdog::start(&what);
        let threads = threads_for(workers, workers, |builder| {
            builder.disable_rescue();
        });
        assert!(
            threads <= workers + DELAYED,
            "{threads} threads came {what}"
        );
    }
}

/// It starts at most one thread, and none if a worker sleeps that can take its place.
#[test]
fn one_that_stays_away_is_replaced_by_one_spare() {
    for manner in [Manner::Plainly, Manner::InPlace] {
        for workers in [1, 2, 8, 9, 16] {
            let what = format!("for one that blocks {manner:?} with {workers} workers");
            let _watchdog = Watchdog::start(&what);
            let (rt, others) = counting_threads(workers, |builder| {
                builder.rescue_threshold(THRESHOLD);
            });
            let mut guests = Guests::start(&rt);
            let crowd = Crowd::start(rt.handle(), manner, 1);
            crowd.wait_until_all_block();
            guests.get_on();
            let (spares, threads) = (rt.metrics().spares(), others());
            crowd.release();
            assert!(spares <= 1, "{spares} spares {what}");
            assert!(threads <= 1, "{threads} threads {what}");
        }
    }
}

/// The whole time somebody is away, and so is the same one's deputy now and then.
#[test]
fn one_that_blocks_and_one_that_does_so_again_and_again_need_two() {
    for workers in [1, 2, 9] {
        let what = format!("with {workers} workers");
        let _watchdog = Watchdog::start(&what);
        let (rt, others) = counting_threads(workers, |builder| {
            builder.disable_rescue();
        });
        let (release, released) = channel::<()>();
        let away = rt.spawn(async move { block_in_place(|| released.recv().unwrap_err()) });
        let busy = rt.spawn(async {
            for _ in 0..TIMES {
                block_for_a_moment();
                yield_now().await;
            }
        });
        rt.block_on(busy).unwrap();
        let threads = others();
        drop(release);
        rt.block_on(away).unwrap();
        assert!(threads <= 2 + DELAYED, "{threads} threads came {what}");
    }
}
