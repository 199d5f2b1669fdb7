//! What workers count, on both schedulers.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::time::Duration;

use runtime::runtime::{
    Builder, HistogramConfiguration, HistogramScale, InvalidHistogramConfiguration, LogHistogram,
    Runtime, RuntimeMetrics,
};
use runtime::task::{consume_budget, yield_now};
use runtime::time::sleep;
use runtime_tests::wait::until;

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
fn each_worker_has_gone_to_sleep_when_its_runtime_is_gone() {
    for _ in 0..50 {
        let rt = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let metrics = rt.metrics();
        drop(rt);
        for worker in 0..2 {
            let parks = metrics.worker_park_count(worker);
            assert!(parks > 0, "worker {worker}");
            assert_eq!(metrics.worker_park_unpark_count(worker), 2 * parks);
        }
    }
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
        until("all polls are counted", || {
            sum(&metrics, |worker| metrics.worker_poll_count(worker)) == 101
        });
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
        until("sleeps are counted", || {
            rt.block_on(async { sleep(Duration::from_millis(1)).await });
            parks() > 0 && both() > before
        });
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
        until("the time of the poll is counted", || busy() >= work);
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
        until("forced yields are counted", || {
            metrics.budget_forced_yield_count() == 10_000 / 128
        });
    }
}

#[test]
fn spawns_and_schedules_are_counted_where_they_come_from() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let local = || {
            sum(&metrics, |worker| {
                metrics.worker_local_schedule_count(worker)
            })
        };
        let task = rt.spawn(async {
            for _ in 0..10 {
                yield_now().await; // is queued again, by its own thread
            }
            runtime::spawn(async {}).await.unwrap();
        });
        assert_eq!(metrics.remote_schedule_count(), 1);
        rt.block_on(task).unwrap();
        assert_eq!(metrics.spawned_tasks_count(), 2);
        // The waiting task is woken where the other ends, on this thread or as an outsider.
        until("schedules are counted", || local() >= 11);
        assert!(local() + metrics.remote_schedule_count() <= 13);
    }
}

#[test]
fn a_worker_that_is_woken_for_nothing_counts_it() {
    let rt = build(BOTH[0]);
    let metrics = rt.metrics();
    until("sleeps for nothing are counted", || {
        rt.block_on(async { sleep(Duration::from_millis(1)).await }); // polls no task
        metrics.worker_noop_count(0) > 0
    });
    assert!(metrics.worker_noop_count(0) < metrics.worker_park_count(0));
}

#[test]
fn the_time_of_a_poll_is_known_on_average() {
    for make in BOTH {
        let rt = build(make);
        let metrics = rt.metrics();
        let mean = |worker| metrics.worker_mean_poll_time(worker);
        let workers = metrics.num_workers();
        assert!((0..workers).all(|worker| mean(worker).is_zero()));
        let poll = Duration::from_millis(2);
        let slow = rt.spawn(async move {
            for _ in 0..10 {
                std::thread::sleep(poll);
                yield_now().await;
            }
        });
        rt.block_on(slow).unwrap();
        // The last poll takes no time.
        until("polls have a mean time", || {
            (0..workers).any(|worker| mean(worker) >= poll / 2)
        });
    }
}

#[test]
fn the_thread_of_a_worker_is_known() {
    let rt = build(BOTH[0]);
    assert_eq!(rt.metrics().worker_thread_id(0), None);
    rt.block_on(async {});
    assert_eq!(
        rt.metrics().worker_thread_id(0),
        Some(std::thread::current().id())
    );

    let rt = build(BOTH[1]);
    let here = rt.block_on(rt.spawn(async {
        let index = runtime::runtime::worker_index();
        (index.unwrap(), std::thread::current().id())
    }));
    let (index, thread) = here.unwrap();
    assert_eq!(rt.metrics().worker_thread_id(index), Some(thread));
}

#[test]
fn what_waits_in_a_queue_of_one_thread_is_counted() {
    let rt = build(BOTH[0]);
    let metrics = rt.metrics();
    rt.block_on(async {
        let tasks: Vec<_> = (0..3).map(|_| runtime::spawn(async {})).collect();
        assert_eq!(metrics.worker_local_queue_depth(0), 3);
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(metrics.worker_local_queue_depth(0), 0);
        drop(runtime::spawn(async {}));
    });
    assert_eq!(metrics.worker_local_queue_depth(0), 1);
}

#[test]
fn steals_are_counted_with_what_was_stolen() {
    let rt = build(BOTH[1]);
    let metrics = rt.metrics();
    let (steals, stolen) = (
        || sum(&metrics, |worker| metrics.worker_steal_operations(worker)),
        || sum(&metrics, |worker| metrics.worker_steal_count(worker)),
    );
    let wait = Duration::from_millis(1);
    until("tasks are stolen", || {
        // What waits behind a poll that sleeps is stolen.
        rt.block_on(rt.spawn(async move {
            let tasks: Vec<_> = (0..100).map(|_| runtime::spawn(yield_now())).collect();
            std::thread::sleep(wait);
            for task in tasks {
                task.await.unwrap();
            }
        }))
        .unwrap();
        steals() > 0
    });
    assert!(stolen() >= steals());
    assert_eq!(metrics.worker_overflow_count(0), 0);
}

#[test]
fn polls_are_sorted_by_their_times_if_that_is_asked_for() {
    let bucket = Duration::from_millis(2);
    for make in BOTH {
        let rt = make()
            .enable_metrics_poll_time_histogram()
            .metrics_poll_time_histogram_configuration(HistogramConfiguration::linear(bucket, 2))
            .build()
            .unwrap();
        let metrics = rt.metrics();
        assert!(metrics.poll_time_histogram_enabled());
        assert_eq!(metrics.poll_time_histogram_num_buckets(), 2);
        let ranges = [0, 1].map(|bucket| metrics.poll_time_histogram_bucket_range(bucket));
        let longest = Duration::from_nanos(u64::MAX);
        assert_eq!(ranges, [Duration::ZERO..bucket, bucket..longest]);
        let task = rt.spawn(async move {
            for _ in 0..3 {
                std::thread::sleep(bucket);
                yield_now().await;
            }
        });
        rt.block_on(task).unwrap();
        let count = |bucket| {
            sum(&metrics, |worker| {
                metrics.poll_time_histogram_bucket_count(worker, bucket)
            })
        };
        until("all polls are sorted", || count(0) + count(1) == 4);
        assert!(count(1) >= 3);
    }
}

#[test]
fn without_a_wish_for_it_no_poll_is_timed() {
    let rt = build(BOTH[0]);
    rt.block_on(rt.spawn(async {})).unwrap();
    let metrics = rt.metrics();
    assert!(!metrics.poll_time_histogram_enabled());
    assert_eq!(metrics.poll_time_histogram_num_buckets(), 0);
    assert_eq!(metrics.poll_time_histogram_bucket_count(0, 0), 0);
    assert!(metrics.poll_time_histogram_bucket_range(0).is_empty());
}

/// The numbers are those of tokio 1.54, whose programs know their buckets by number.
#[test]
fn buckets_are_where_tokio_has_them() {
    let ranges = |builder: &mut Builder| {
        let rt = builder
            .enable_metrics_poll_time_histogram()
            .build()
            .unwrap();
        let metrics = rt.metrics();
        let buckets = 0..metrics.poll_time_histogram_num_buckets();
        let ranges = buckets.map(|bucket| metrics.poll_time_histogram_bucket_range(bucket));
        ranges
            .map(|range| (range.start.as_nanos(), range.end.as_nanos()))
            .collect::<Vec<_>>()
    };
    let mut builder = Builder::new_current_thread();
    let plain = ranges(&mut builder);
    assert_eq!(
        (plain.len(), plain[0], plain[9].0),
        (10, (0, 100_000), 900_000)
    );

    builder.metrics_poll_time_histogram_configuration(HistogramConfiguration::log(
        LogHistogram::default(),
    ));
    let log = ranges(&mut builder);
    assert_eq!((log.len(), log[0], log[1]), (119, (0, 96), (96, 112)));
    assert_eq!(log[118].0, 60_129_542_144);

    #[allow(deprecated, reason = "programs that were written for tokio call them")]
    builder
        .metrics_poll_count_histogram_scale(HistogramScale::Log)
        .metrics_poll_count_histogram_resolution(Duration::from_nanos(50))
        .metrics_poll_count_histogram_buckets(3);
    let old = ranges(&mut builder);
    assert_eq!(old, [(0, 64), (64, 128), (128, u64::MAX.into())]);
}

#[test]
fn a_histogram_tells_how_many_buckets_it_would_need() {
    let mut builder = LogHistogram::builder().max_error(0.25);
    assert!(builder.max_buckets(119).is_ok());
    let error = builder.max_buckets(118).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("this histogram needs 119 buckets")
    );
    let InvalidHistogramConfiguration::TooManyBuckets {
        required_bucket_count,
    } = error;
    assert_eq!(required_bucket_count, 119);
}

/// A worker that finds on its way to sleep that the runtime ends has counted what it did before.
#[test]
fn what_was_done_last_is_counted_though_the_runtime_ends_at_once() {
    for _ in 0..300 {
        let mut builder = Builder::new_multi_thread();
        // What a spare does is no worker's.
        builder.worker_threads(2).disable_rescue();
        let rt = builder.build().unwrap();
        let metrics = rt.metrics();
        let outer = rt.spawn(async { runtime::spawn(async {}).await.unwrap() });
        rt.block_on(outer).unwrap();
        drop(rt);
        let scheduled: u64 = (0..2)
            .map(|worker| metrics.worker_local_schedule_count(worker))
            .sum();
        let polls: u64 = (0..2).map(|worker| metrics.worker_poll_count(worker)).sum();
        assert!(scheduled >= 1, "the inner task was spawned on a worker");
        assert!(polls >= 2, "{polls} polls of two tasks");
    }
}
