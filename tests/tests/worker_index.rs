//! Which worker a thread is, and how often it has slept.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use runtime::runtime::{Builder, worker_index};
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait;

#[test]
fn a_task_is_on_one_of_the_workers_and_nobody_else_is() {
    assert_eq!(worker_index(), None);
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let workers = rt.metrics().num_workers();
        let index = rt.block_on(rt.spawn(async { worker_index() })).unwrap();
        assert!(index.unwrap() < workers);
        let on_pool = rt.block_on(rt.spawn_blocking(worker_index)).unwrap();
        assert_eq!(on_pool, None);
        let outside = (flavor == Flavor::CurrentThread).then_some(0);
        assert_eq!(rt.block_on(async { worker_index() }), outside);
    });
}

#[test]
fn an_odd_count_says_that_a_worker_sleeps() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let metrics = rt.metrics();
        wait::until_workers_rest(&rt);
        for worker in 0..metrics.num_workers() {
            wait::until("the worker sleeps", || {
                metrics.worker_park_unpark_count(worker) % 2 == 1
            });
        }
        let (awake, worker) = rt
            .block_on(rt.spawn(async {
                let worker = worker_index().unwrap();
                let metrics = runtime::Handle::current().metrics();
                (metrics.worker_park_unpark_count(worker), worker)
            }))
            .unwrap();
        assert_eq!(awake % 2, 0, "worker {worker} ran a task in its sleep");
    });
}

#[test]
fn few_events_in_a_busy_turn_are_enough() {
    use futures_lite::{AsyncReadExt, AsyncWriteExt};
    use runtime::net::UnixStream;

    let rt = Builder::new_current_thread()
        .max_io_events_per_busy_tick(1)
        .build()
        .unwrap();
    rt.block_on(async {
        let pairs: Vec<_> = (0..20).map(|_| UnixStream::pair().unwrap()).collect();
        let readers: Vec<_> = pairs
            .into_iter()
            .map(|(mut near, mut far)| {
                runtime::spawn(async move {
                    near.write_all(b"x").await.unwrap();
                    far.read_exact(&mut [0]).await.unwrap();
                })
            })
            .collect();
        for reader in readers {
            reader.await.unwrap();
        }
    });
}
