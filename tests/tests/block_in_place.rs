//! Blocking where one is: others take over, whoever they are.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::time::Duration;

use runtime::runtime::{Builder, Handle};
use runtime::task::{block_in_place, yield_now};
use runtime_tests::flavor::Flavor::{CurrentThread, MultiThread};
use runtime_tests::flavor::on_multi_thread;
use runtime_tests::reported::panic_of;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

#[test]
fn tasks_timers_and_spawns_go_on_while_every_worker_blocks() {
    others_go_on(&|builder| builder);
}

/// A worker that says so itself needs nobody to find out.
#[test]
fn others_go_on_without_rescue_too() {
    others_go_on(&Builder::disable_rescue);
}

fn others_go_on(set: &dyn Fn(&mut Builder) -> &mut Builder) {
    for workers in [1, 2, 4] {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let rt = set(&mut MultiThread(workers).builder()).build().unwrap();
        let (unblock, blocked) = mpsc::channel::<()>();
        let blocked = Arc::new(Mutex::new(blocked));
        let all_block = Arc::new(Barrier::new(workers + 1));
        let blocking: Vec<_> = (0..workers)
            .map(|_| {
                let (blocked, all_block) = (blocked.clone(), all_block.clone());
                rt.spawn(async move {
                    // The child waits in this worker's slot when the blocking starts.
                    let child = runtime::spawn(async { 1 });
                    block_in_place(|| {
                        all_block.wait();
                        blocked.lock().unwrap().recv().unwrap();
                    });
                    child.await.unwrap()
                })
            })
            .collect();
        all_block.wait();
        let others = rt.spawn(async {
            runtime::time::sleep(Duration::from_millis(5)).await;
            for _ in 0..100 {
                yield_now().await;
            }
        });
        rt.block_on(others).unwrap();
        for _ in 0..workers {
            unblock.send(()).unwrap();
        }
        for task in blocking {
            assert_eq!(rt.block_on(task).unwrap(), 1);
        }
        wait::until("the spares have gone", || rt.metrics().spares() == 0);
    }
}

#[test]
fn what_is_spawned_inside_runs_before_the_closure_ends() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(async {
            block_in_place(|| {
                let (done, wait) = mpsc::channel();
                drop(runtime::spawn(async move { done.send(7).unwrap() }));
                wait.recv().unwrap()
            })
        });
        assert_eq!(rt.block_on(task).unwrap(), 7);
    });
}

#[test]
fn a_future_may_be_blocked_on_inside() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(async {
            let ms = Duration::from_millis(2);
            block_in_place(|| Handle::current().block_on(runtime::time::sleep(ms)));
            block_in_place(|| block_in_place(|| 3))
        });
        assert_eq!(rt.block_on(task).unwrap(), 3);
        let inside =
            rt.block_on(async { block_in_place(|| Handle::current().block_on(async { 4 })) });
        assert_eq!(inside, 4);
    });
}

#[test]
fn outside_async_code_the_closure_is_just_called() {
    let mut calls = 0;
    block_in_place(|| calls += 1);
    assert_eq!(calls, 1);
}

#[test]
fn a_panic_inside_goes_to_the_joiner_and_the_worker_works_on() {
    let rt = MultiThread(1).build();
    let task = rt.spawn(async { block_in_place(|| std::panic::panic_any("inside")) });
    let error = rt.block_on(task).unwrap_err();
    assert_eq!(error.into_panic().downcast_ref(), Some(&"inside"));
    let next = rt.spawn(async { runtime::spawn(async { 2 }).await.unwrap() });
    assert_eq!(rt.block_on(next).unwrap(), 2);
}

#[test]
fn a_runtime_with_one_thread_says_what_to_use_instead() {
    let rt = CurrentThread.build();
    let line = line!() + 1;
    let report = panic_of(|| rt.block_on(async { block_in_place(|| ()) }));
    assert!(report.message.contains("spawn_blocking"), "{report:?}");
    assert_eq!((report.file.as_str(), report.line), (file!(), line));
}
