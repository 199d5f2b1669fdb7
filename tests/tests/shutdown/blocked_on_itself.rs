//! Threads that are blocked on what only the runtime ends, when it is dropped.
//!
//! Each test is a place where one may block, and tries there all that one may wait for. It runs in a
//! process of its own, which is killed if it hangs.

use std::future::pending;
use std::sync::mpsc::channel;
use std::thread;

use futures_lite::AsyncWriteExt;
use runtime::fs::File;
use runtime::runtime::{Handle, LocalOptions, LocalRuntime, Runtime};
use runtime::task::block_in_place;
use runtime::time::Duration;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait;

use crate::waits::{Block, WAITS};

/// Starts what calls the closure, at a place where it may block.
type Place = fn(&Handle, Block);

/// A runtime of one of the two types.
enum Owner {
    Sent(Runtime),
    Local(LocalRuntime),
}

impl Owner {
    fn build(flavor: Flavor) -> Owner {
        Owner::Sent(flavor.build())
    }

    fn build_local() -> Owner {
        let mut builder = Flavor::CurrentThread.builder();
        Owner::Local(builder.build_local(LocalOptions::default()).unwrap())
    }

    fn handle(&self) -> Handle {
        match self {
            Owner::Sent(rt) => rt.handle().clone(),
            Owner::Local(rt) => rt.handle().clone(),
        }
    }

    fn shutdown_timeout(self) {
        let limit = Duration::from_secs(3600);
        match self {
            Owner::Sent(rt) => rt.shutdown_timeout(limit),
            Owner::Local(rt) => rt.shutdown_timeout(limit),
        }
    }

    fn shutdown_background(self) {
        match self {
            Owner::Sent(rt) => rt.shutdown_background(),
            Owner::Local(rt) => rt.shutdown_background(),
        }
    }
}

/// Ways to end a runtime, and whether they wait.
const ENDS: [(bool, fn(Owner)); 3] = [
    (true, drop),
    (true, Owner::shutdown_timeout),
    (false, Owner::shutdown_background),
];

/// Ends runtimes while as many threads as there are workers, or one alone, wait at the place.
fn all_waits_end(build: impl Fn() -> Owner, place: Place) {
    for (what, prepare) in WAITS {
        for (waits, end) in ENDS {
            let rt = build();
            let handle = rt.handle();
            let many = if waits {
                handle.metrics().num_workers()
            } else {
                1
            };
            // Seen only if it hangs.
            eprintln!("{many} threads wait for {what}");
            let (begun, ended) = (Counter::new(), Counter::new());
            for _ in 0..many {
                let (block, begun, ended) = (prepare(&handle), begun.clone(), ended.clone());
                let counted = move || {
                    begun.raise();
                    block();
                    ended.raise();
                };
                place(&handle, Box::new(counted));
            }
            wait::until("all are about to wait", || begun.get() == many);
            end(rt);
            wait::until("all have ended", || ended.get() == many);
            wait::until("no task is left", || {
                handle.metrics().num_alive_tasks() == 0
            });
        }
    }
}

fn in_place(handle: &Handle, block: Block) {
    drop(handle.spawn(async { block_in_place(block) }));
}

fn nested_in_place(handle: &Handle, block: Block) {
    let nested = async { block_in_place(block) };
    in_place(handle, Box::new(|| Handle::current().block_on(nested)));
}

/// In the poll, by way of a thread: a future cannot be blocked on there.
fn in_a_poll(handle: &Handle, block: Block) {
    drop(handle.spawn(async { thread::spawn(block).join().unwrap() }));
}

fn in_a_closure(handle: &Handle, block: Block) {
    drop(handle.spawn_blocking(block));
}

fn on_a_thread_apart(_: &Handle, block: Block) {
    thread::spawn(block);
}

fn in_a_scope(handle: &Handle, block: Block) {
    let handle = handle.clone();
    thread::spawn(move || {
        handle.scope(|scope| {
            drop(scope.spawn(async { thread::spawn(block).join().unwrap() }));
        });
    });
}

fn in_place_in_a_scope(handle: &Handle, block: Block) {
    let handle = handle.clone();
    thread::spawn(move || {
        handle.scope(|scope| drop(scope.spawn(async { block_in_place(block) })));
    });
}

#[test]
fn a_worker_that_blocks_in_place_ends_with_what_it_waits_for() {
    alone::run(|| on_multi_thread(|flavor| all_waits_end(|| Owner::build(flavor), in_place)));
}

#[test]
fn a_worker_that_blocks_in_place_twice_ends_with_what_it_waits_for() {
    alone::run(|| {
        on_multi_thread(|flavor| all_waits_end(|| Owner::build(flavor), nested_in_place));
    });
}

#[test]
fn a_poll_that_blocks_ends_with_what_it_waits_for() {
    alone::run(|| on_multi_thread(|flavor| all_waits_end(|| Owner::build(flavor), in_a_poll)));
}

#[test]
fn a_task_of_a_scope_that_blocks_ends_with_what_it_waits_for() {
    alone::run(|| on_multi_thread(|flavor| all_waits_end(|| Owner::build(flavor), in_a_scope)));
}

#[test]
fn a_task_of_a_scope_that_blocks_in_place_ends_with_what_it_waits_for() {
    alone::run(|| {
        on_multi_thread(|flavor| all_waits_end(|| Owner::build(flavor), in_place_in_a_scope));
    });
}

/// The thread of the scope drives the runtime, and polls the task that blocks.
#[test]
fn a_task_of_a_scope_that_blocks_a_current_thread_runtime_ends_with_what_it_waits_for() {
    alone::run(|| all_waits_end(|| Owner::build(Flavor::CurrentThread), in_a_scope));
}

#[test]
fn a_blocking_closure_ends_with_what_it_waits_for() {
    alone::run(|| {
        on_every_flavor(|flavor| all_waits_end(|| Owner::build(flavor), in_a_closure));
        all_waits_end(Owner::build_local, in_a_closure);
    });
}

#[test]
fn a_thread_apart_ends_with_what_it_waits_for() {
    alone::run(|| {
        on_every_flavor(|flavor| all_waits_end(|| Owner::build(flavor), on_a_thread_apart));
        all_waits_end(Owner::build_local, on_a_thread_apart);
    });
}

/// The pool may have no second thread, but for the shutdown.
#[test]
fn a_blocking_closure_ends_with_the_write_that_is_queued_behind_it() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let path = std::env::temp_dir().join(format!("runtime-ending-{}", std::process::id()));
            let rt = flavor.builder().max_blocking_threads(1).build().unwrap();
            let handle = rt.handle().clone();
            let (begin, begun) = channel();
            let (inside, goes_to) = (handle.clone(), path.clone());
            let closure = handle.spawn_blocking(move || {
                let _entered = inside.enter();
                let mut file = File::from_std(std::fs::File::create(goes_to).unwrap());
                inside.block_on(file.write_all(b"queued")).unwrap();
                begin.send(()).unwrap();
                inside.block_on(file.flush())
            });
            begun.recv().unwrap();
            drop(rt);
            let outcome = Flavor::CurrentThread.build().block_on(closure);
            outcome.unwrap().unwrap();
            assert_eq!(std::fs::read(&path).unwrap(), b"queued");
            std::fs::remove_file(&path).unwrap();
        });
    });
}

/// On each scheduler, by another thread than that of the scope.
#[test]
fn a_scope_ends_when_the_runtime_is_dropped() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            for drop_runtime in [drop, Runtime::shutdown_background] {
                let (rt, begun) = (flavor.build(), Counter::new());
                let handle = rt.handle().clone();
                let says = begun.clone();
                let dropping = thread::spawn(move || {
                    wait::until("the task has begun", || begun.get() == 1);
                    drop_runtime(rt);
                });
                let borrowed = String::from("borrowed");
                handle.scope(|scope| {
                    let task = scope.spawn(async {
                        says.raise();
                        pending::<()>().await;
                        std::hint::black_box(&borrowed);
                    });
                    assert!(scope.block_on(task).unwrap_err().is_cancelled());
                });
                dropping.join().unwrap();
            }
        });
    });
}
