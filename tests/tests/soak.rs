//! Many tasks from everywhere at once: each runs once, none is lost.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use runtime::task::yield_now;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait::until_true;

const THREADS: usize = 4;
const ROOTS: usize = 250;
const CHILDREN: usize = 100;
const TASKS: usize = THREADS * ROOTS * CHILDREN;

/// How often each task has run.
struct Runs(Box<[AtomicU8]>);

impl Runs {
    fn new() -> Arc<Self> {
        Arc::new(Runs((0..TASKS).map(|_| AtomicU8::new(0)).collect()))
    }

    fn count(&self, task: usize) {
        self.0[task].fetch_add(1, Ordering::Relaxed);
    }

    fn assert_once_each(&self) {
        let wrong = self
            .0
            .iter()
            .position(|runs| runs.load(Ordering::Relaxed) != 1);
        assert_eq!(wrong, None, "this task did not run once");
    }
}

/// Spawned from outside; its children are spawned from inside, some of which are moved by a yield.
async fn root(first: usize, runs: Arc<Runs>, ended: Counter) {
    for task in first..first + CHILDREN {
        let (runs, ended) = (runs.clone(), ended.clone());
        drop(runtime::spawn(async move {
            if task % 3 == 0 {
                yield_now().await;
            }
            runs.count(task);
            ended.raise();
        }));
        if task % 7 == 0 {
            yield_now().await;
        }
    }
}

#[test]
fn a_hundred_thousand_tasks_from_inside_and_outside_run_once_each() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (runs, ended) = (Runs::new(), Counter::new());
        thread::scope(|scope| {
            for thread in 0..THREADS {
                let (handle, runs, ended) = (rt.handle().clone(), &runs, &ended);
                scope.spawn(move || {
                    for n in 0..ROOTS {
                        let first = (thread * ROOTS + n) * CHILDREN;
                        drop(handle.spawn(root(first, runs.clone(), ended.clone())));
                    }
                });
            }
            rt.block_on(until_true(|| ended.get() == TASKS));
        });
        runs.assert_once_each();
        drop(rt);
        runs.assert_once_each();
    });
}

#[test]
fn outputs_come_to_whoever_awaits_them() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let sums: Vec<_> = (0..50_u64)
            .map(|n| {
                rt.spawn(async move {
                    let mut sum = 0;
                    for m in 0..20 {
                        sum += runtime::spawn(async move { n * m }).await.unwrap();
                    }
                    sum
                })
            })
            .collect();
        rt.block_on(async {
            for (n, sum) in sums.into_iter().enumerate() {
                assert_eq!(sum.await.unwrap(), n as u64 * 190);
            }
        });
        rt.block_on(until_true(|| rt.metrics().num_alive_tasks() == 0));
    });
}
