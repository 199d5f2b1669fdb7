//! Threads outside that wake, spawn and abort while the runtime is dropped.

use std::future::{pending, poll_fn};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Poll, Waker};
use std::thread;

use runtime::runtime::Runtime;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::wait::until_true;

const ROUNDS: usize = 40;
const TASKS: usize = 20;

/// Drops the runtime while two threads call `disturb` again and again.
fn drop_while(rt: Runtime, disturb: impl Fn() + Sync) {
    let (start, ended) = (Barrier::new(3), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                start.wait();
                while !ended.load(Ordering::Relaxed) {
                    disturb();
                }
                disturb();
            });
        }
        start.wait();
        drop(rt);
        ended.store(true, Ordering::Relaxed);
    });
}

/// Spawns tasks that leave a waker at each poll and count their drops.
fn spawn_wakeable(rt: &Runtime, wakers: &Arc<Mutex<Vec<Waker>>>, dropped: &Counter) {
    for _ in 0..TASKS {
        let (wakers, token) = (wakers.clone(), dropped.on_drop());
        let mut first = true;
        rt.spawn(poll_fn(move |cx| {
            let _token = &token;
            if std::mem::replace(&mut first, false) {
                wakers.lock().unwrap().push(cx.waker().clone());
            }
            Poll::<()>::Pending
        }));
    }
    rt.block_on(until_true(|| wakers.lock().unwrap().len() == TASKS));
}

#[test]
fn wakes_that_race_the_end_lose_no_drop_and_repeat_none() {
    on_every_flavor(|flavor| {
        for round in 0..ROUNDS {
            let rt = flavor.build();
            let (wakers, dropped) = (Arc::new(Mutex::new(Vec::new())), Counter::new());
            spawn_wakeable(&rt, &wakers, &dropped);
            let wakers = std::mem::take(&mut *wakers.lock().unwrap());
            drop_while(rt, || wakers.iter().for_each(Waker::wake_by_ref));
            assert_eq!(dropped.get(), TASKS, "round {round} on {flavor}");
            drop(wakers);
            assert_eq!(dropped.get(), TASKS, "round {round} on {flavor}");
        }
    });
}

/// Nobody else polls: what the shutdown does not drop stays.
#[test]
fn the_drop_returns_only_when_all_futures_are_gone() {
    on_every_flavor(|flavor| {
        for round in 0..ROUNDS {
            let rt = flavor.build();
            let (wakers, dropped) = (Arc::new(Mutex::new(Vec::new())), Counter::new());
            spawn_wakeable(&rt, &wakers, &dropped);
            let wakers = std::mem::take(&mut *wakers.lock().unwrap());
            let waking = thread::spawn(move || wakers.into_iter().for_each(Waker::wake));
            drop(rt);
            assert_eq!(dropped.get(), TASKS, "round {round} on {flavor}");
            waking.join().unwrap();
        }
    });
}

#[test]
fn spawns_that_race_the_end_are_run_or_dropped() {
    on_every_flavor(|flavor| {
        for round in 0..ROUNDS {
            let rt = flavor.build();
            let (spawned, dropped, handle) = (Counter::new(), Counter::new(), rt.handle().clone());
            drop_while(rt, || {
                spawned.raise();
                let token = dropped.on_drop();
                drop(handle.spawn(async move {
                    let _token = token;
                    pending::<()>().await;
                }));
            });
            assert_eq!(dropped.get(), spawned.get(), "round {round} on {flavor}");
        }
    });
}

#[test]
fn blocking_closures_that_race_the_end_are_run_or_dropped() {
    on_every_flavor(|flavor| {
        for round in 0..ROUNDS {
            let rt = flavor.build();
            let (spawned, dropped, handle) = (Counter::new(), Counter::new(), rt.handle().clone());
            drop_while(rt, || {
                spawned.raise();
                let token = dropped.on_drop();
                drop(handle.spawn_blocking(move || drop(token)));
            });
            assert_eq!(dropped.get(), spawned.get(), "round {round} on {flavor}");
        }
    });
}

#[test]
fn aborts_that_race_the_end_lose_no_drop_and_repeat_none() {
    on_every_flavor(|flavor| {
        for round in 0..ROUNDS {
            let rt = flavor.build();
            let dropped = Counter::new();
            let spawn = |_| {
                let token = dropped.on_drop();
                rt.spawn(async move {
                    let _token = token;
                    pending::<()>().await;
                })
            };
            let tasks: Vec<_> = (0..TASKS).map(spawn).collect();
            drop_while(rt, || {
                for task in &tasks {
                    task.abort();
                    std::hint::black_box(task.is_finished());
                }
            });
            assert_eq!(dropped.get(), TASKS, "round {round} on {flavor}");
        }
    });
}
