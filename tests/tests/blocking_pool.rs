//! The threads for blocking calls: no closure waits for another while a thread can be added.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::HashSet;
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use runtime::runtime::{Handle, Runtime};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::wait;

/// Each of so many closures waits until all of them run.
fn meet(rt: &Runtime, jobs: usize) {
    let meeting = Arc::new(Barrier::new(jobs));
    let spawn = |_| {
        let meeting = meeting.clone();
        rt.spawn_blocking(move || meeting.wait().is_leader())
    };
    let tasks: Vec<_> = (0..jobs).map(spawn).collect();
    rt.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

#[test]
fn as_many_closures_as_there_may_be_threads_meet() {
    on_every_flavor(|flavor| {
        for jobs in [1, 2, 7, 64] {
            let rt = flavor.builder().max_blocking_threads(jobs).build().unwrap();
            meet(&rt, jobs);
            meet(&rt, jobs);
            assert_eq!(rt.metrics().num_blocking_threads(), jobs, "on {flavor}");
        }
    });
}

#[test]
fn closures_meet_though_some_threads_are_idle_and_some_are_busy() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for jobs in [3, 1, 8, 2, 20, 5] {
            meet(&rt, jobs);
        }
    });
}

/// The second half is spawned from the first half's closures.
#[test]
fn closures_meet_those_that_they_spawn() {
    const HALF: usize = 8;
    on_every_flavor(|flavor| {
        let rt = flavor
            .builder()
            .max_blocking_threads(2 * HALF)
            .build()
            .unwrap();
        let meeting = Arc::new(Barrier::new(2 * HALF));
        let spawn = |_| {
            let meeting = meeting.clone();
            rt.spawn_blocking(move || {
                let inner = meeting.clone();
                let inner = runtime::task::spawn_blocking(move || inner.wait().is_leader());
                meeting.wait();
                Handle::current().block_on(inner).unwrap();
            })
        };
        let tasks: Vec<_> = (0..HALF).map(spawn).collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
    });
}

/// A claim on an idle thread that was about to leave must not be lost with it.
#[test]
fn closures_that_arrive_while_idle_threads_leave_are_run() {
    on_every_flavor(|flavor| {
        for keep_alive in [Duration::ZERO, Duration::from_micros(50)] {
            let mut builder = flavor.builder();
            // One at most: no other thread runs what a lost claim leaves behind.
            builder.max_blocking_threads(1);
            let rt = builder.thread_keep_alive(keep_alive).build().unwrap();
            for round in 0..2_000 {
                rt.block_on(rt.spawn_blocking(|| {})).unwrap();
                for _ in 0..round % 499 {
                    std::hint::spin_loop();
                }
            }
            wait::until("the threads leave", || {
                rt.metrics().num_blocking_threads() == 0
            });
        }
    });
}

/// Whoever submitted it need not know that its thread had yet to start.
#[test]
fn a_closure_that_has_a_thread_runs_though_the_runtime_ends_at_once() {
    on_every_flavor(|flavor| {
        for _ in 0..50 {
            let rt = flavor.build();
            let handle = rt.handle().clone();
            let tasks = [1, 2, 3].map(|number| rt.spawn_blocking(move || number));
            drop(rt);
            for (task, number) in tasks.into_iter().zip(1..) {
                assert_eq!(handle.block_on(task).unwrap(), number, "on {flavor}");
            }
        }
    });
}

#[test]
fn no_more_threads_are_used_than_allowed() {
    on_every_flavor(|flavor| {
        let rt = flavor.builder().max_blocking_threads(3).build().unwrap();
        let used = Arc::new(Mutex::new(HashSet::new()));
        let spawn = |_| {
            let used = used.clone();
            rt.spawn_blocking(move || used.lock().unwrap().insert(thread::current().id()))
        };
        let tasks: Vec<_> = (0..300).map(spawn).collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
        assert!(used.lock().unwrap().len() <= 3, "on {flavor}");
    });
}

#[test]
fn every_closure_runs_once_from_whichever_thread_it_comes() {
    const THREADS: usize = 4;
    const EACH: usize = 1_000;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let ran = Counter::new();
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..EACH {
                        let runs = ran.clone();
                        drop(rt.spawn_blocking(move || runs.raise()));
                    }
                });
            }
        });
        wait::until("all have run", || ran.get() == THREADS * EACH);
        drop(rt);
        assert_eq!(ran.get(), THREADS * EACH, "on {flavor}");
    });
}

#[test]
fn a_closure_spawned_by_the_first_thread_that_starts_is_in_the_runtime() {
    on_multi_thread(|flavor| {
        for _ in 0..20 {
            let found = Arc::new(Mutex::new(Vec::new()));
            let finds = found.clone();
            let spawn_early = move || {
                // The hook is called on the blocking threads, too: those spawn no more.
                if thread::current().name().unwrap().contains("blocking") {
                    return;
                }
                let finds = finds.clone();
                drop(runtime::task::spawn_blocking(move || {
                    finds.lock().unwrap().push(Handle::try_current().is_ok());
                }));
            };
            let rt = flavor
                .builder()
                .on_thread_start(spawn_early)
                .build()
                .unwrap();
            wait::until("a closure has run", || !found.lock().unwrap().is_empty());
            rt.shutdown_background();
            assert!(!found.lock().unwrap().contains(&false), "on {flavor}");
        }
    });
}
