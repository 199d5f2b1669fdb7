//! `Handle::dump` tells what tasks and threads are doing, while they do it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::collections::HashSet;
use std::future::pending;
use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier, Mutex};

use runtime::runtime::dump::TaskState;
use runtime::runtime::dump::{Dump, Task, Thread, ThreadState};
use runtime::task::{self, block_in_place, spawn_blocking};
use runtime::{Builder, Handle, LocalRuntime};
use runtime_tests::flavor::{EVERY_FLAVOR, Flavor, on_every_flavor};
use runtime_tests::{alone, wait};

const SIZES: [usize; 5] = [1, 2, 8, 9, 16];

/// Blocks whoever waits at it, until it is dropped.
struct Gate {
    _open_when_dropped: Sender<()>,
    closed: Arc<Mutex<Receiver<()>>>,
}

impl Gate {
    fn new() -> Gate {
        let (sender, receiver) = channel();
        Gate {
            _open_when_dropped: sender,
            closed: Arc::new(Mutex::new(receiver)),
        }
    }

    fn blocks(&self) -> impl FnOnce() + Send + 'static {
        let closed = self.closed.clone();
        move || drop(closed.lock().map(|receiver| receiver.recv()))
    }
}

fn find(dump: &Dump, id: task::Id) -> Option<&Task> {
    dump.tasks().iter().find(|task| task.id() == id)
}

fn thread_of(dump: &Dump, id: task::Id) -> Option<&Thread> {
    dump.threads()
        .iter()
        .find(|thread| thread.task() == Some(id))
}

#[test]
fn every_worker_is_stuck_and_each_is_seen_where() {
    for workers in SIZES {
        let rt = Flavor::MultiThread(workers).build();
        let gate = Gate::new();
        let begun = Arc::new(Barrier::new(workers + 1));
        let tasks: Vec<_> = (0..workers)
            .map(|_| {
                let (begun, block) = (begun.clone(), gate.blocks());
                rt.spawn(async move {
                    block_in_place(|| begun.wait()); // all of them at once
                    block();
                })
            })
            .collect();
        begun.wait();
        wait::until("all are seen in their polls, and for how long", || {
            let dump = rt.handle().dump();
            tasks.iter().all(|task| {
                let seen = find(&dump, task.id()).unwrap();
                let thread = thread_of(&dump, task.id());
                let elapsed = thread.and_then(Thread::elapsed);
                seen.state() == TaskState::Running && seen.thread().is_some() && elapsed.is_some()
            })
        });
        let dump = rt.handle().dump();
        let threads: HashSet<_> = tasks
            .iter()
            .map(|task| find(&dump, task.id()).unwrap().thread().unwrap().to_owned())
            .collect();
        assert_eq!(threads.len(), workers, "{dump}");
        drop(gate);
        tasks
            .into_iter()
            .for_each(|task| rt.block_on(task).unwrap());
    }
}

#[test]
fn what_waits_is_told_from_what_is_queued() {
    on_every_flavor(|flavor| {
        let rt = flavor
            .builder()
            .disable_rescue()
            .max_spares(0)
            .build()
            .unwrap();
        let (waiting, queued, dump) = rt.block_on(async {
            let waiting = runtime::spawn(pending::<()>());
            wait::until_true(|| {
                let dump = Handle::current().dump();
                find(&dump, waiting.id()).unwrap().state() == TaskState::Waiting
            })
            .await;
            // From a task that keeps the only thread, or all of them but for those that are busy elsewhere.
            let held = Arc::new(Barrier::new(rt.metrics().num_workers()));
            let tasks: Vec<_> = (0..rt.metrics().num_workers())
                .map(|worker| {
                    let held = held.clone();
                    runtime::spawn(async move {
                        held.wait();
                        let seen = (worker == 0).then(|| {
                            let queued = runtime::spawn(async {});
                            (queued.id(), Handle::current().dump())
                        });
                        held.wait();
                        seen
                    })
                })
                .collect();
            let mut seen = None;
            for task in tasks {
                seen = seen.or(task.await.unwrap());
            }
            let (queued, dump) = seen.unwrap();
            (waiting.id(), queued, dump)
        });
        assert_eq!(find(&dump, waiting).unwrap().state(), TaskState::Waiting);
        assert_eq!(find(&dump, queued).unwrap().state(), TaskState::Queued);
    });
}

#[test]
fn threads_that_block_on_purpose_are_seen_with_what_they_run() {
    for workers in SIZES {
        let rt = Flavor::MultiThread(workers).build();
        let gate = Gate::new();
        let (block_here, block_there) = (gate.blocks(), gate.blocks());
        let in_place = rt.spawn(async move { block_in_place(block_here) });
        let line = line!() + 1;
        let closure = rt.spawn(async { spawn_blocking(block_there).await.unwrap() });
        wait::until("both are seen", || {
            let dump = rt.handle().dump();
            let states = dump.threads().iter().map(Thread::state);
            let states: Vec<_> = states.collect();
            states.contains(&ThreadState::BlocksInPlace)
                && states.contains(&ThreadState::RunsClosure)
        });
        let dump = rt.handle().dump();
        let thread = thread_of(&dump, in_place.id()).unwrap();
        assert_eq!(thread.state(), ThreadState::BlocksInPlace);
        assert!(thread.elapsed().is_some());
        assert!(thread.name().unwrap().starts_with("rt-"));
        let runs = |thread: &&Thread| thread.state() == ThreadState::RunsClosure;
        let thread = dump.threads().iter().find(runs).unwrap();
        let location = thread.closure_location().unwrap();
        assert!(location.file().ends_with("dump.rs"));
        assert_eq!(location.line(), line);
        let text = dump.to_string();
        assert!(text.contains("is in block_in_place task"), "{text}");
        assert!(text.contains(&format!("dump.rs:{line}:")), "{text}");
        drop(gate);
        rt.block_on(async { (in_place.await.unwrap(), closure.await.unwrap()) });
    }
}

/// It blocks in place, another takes its seat and is stuck there, and it goes on with its poll.
#[test]
fn a_thread_that_has_lost_its_seat_is_seen() {
    let rt = Flavor::MultiThread(1).build();
    let gate = Gate::new();
    let (block, block_the_other) = (gate.blocks(), gate.blocks());
    let handle = rt.handle().clone();
    let task = rt.spawn(async move {
        block_in_place(|| {
            let (begin, has_begun) = channel();
            handle.spawn(async move {
                begin.send(()).unwrap();
                block_the_other();
            });
            has_begun.recv().unwrap();
        });
        block();
    });
    wait::until("it is seen", || {
        let dump = rt.handle().dump();
        let thread = thread_of(&dump, task.id());
        thread.is_some_and(|thread| thread.state() == ThreadState::Overtaken)
    });
    let dump = rt.handle().dump();
    assert!(
        dump.to_string().contains("overtaken by another, task"),
        "{dump}"
    );
    assert!(find(&dump, task.id()).unwrap().thread().is_some());
    drop(gate);
    rt.block_on(task).unwrap();
}

#[test]
fn tasks_print_below_those_that_have_spawned_them_and_alike_ones_once() {
    let rt = Builder::new_current_thread().name("api").build().unwrap();
    rt.block_on(async {
        let parent = task::Builder::new()
            .name("accept loop")
            .spawn(async {
                for _ in 0..1000 {
                    runtime::spawn(pending::<()>());
                }
                pending::<()>().await;
            })
            .unwrap();
        task::yield_now().await;
        task::yield_now().await;
        let text = Handle::current().dump().to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "runtime \"api\": 1001 tasks, 1 threads");
        assert_eq!(lines[1], "  the thread in block_on is between two tasks");
        let id = parent.id();
        assert!(
            lines[2].starts_with(&format!("  task {id} \"accept loop\" from ")),
            "{text}"
        );
        assert!(lines[2].ends_with(" waits"), "{text}");
        assert!(lines[3].starts_with("    task "), "{text}");
        assert_eq!(lines[4], "    and 999 more like it");
        assert_eq!(lines.len(), 5);
    });
}

/// In a process of its own: the hook is everybody's.
#[test]
fn it_answers_inside_a_task_a_panic_hook_and_a_hook_of_the_runtime() {
    alone::run(|| {
        let taken = Arc::new(AtomicUsize::new(0));
        let take = {
            let taken = taken.clone();
            move || {
                assert!(!Handle::current().dump().to_string().is_empty());
                taken.fetch_add(1, Ordering::Relaxed);
            }
        };
        panic::set_hook(Box::new({
            let take = take.clone();
            move |_| take()
        }));
        for flavor in EVERY_FLAVOR {
            let before = taken.load(Ordering::Relaxed);
            let (on_spawn, in_task) = (take.clone(), take.clone());
            let mut builder = flavor.builder();
            let rt = builder.on_task_spawn(move |_| on_spawn()).build().unwrap();
            let task = async move {
                in_task();
                panic!("on purpose");
            };
            rt.block_on(async {
                runtime::spawn(task).await.unwrap_err();
            });
            assert_eq!(taken.load(Ordering::Relaxed), before + 3);
        }
    });
}

#[test]
fn tasks_of_a_local_runtime_are_seen() {
    let rt = LocalRuntime::new().unwrap();
    let not_send = std::rc::Rc::new(());
    let task = rt.spawn_local(async move {
        pending::<()>().await;
        drop(not_send);
    });
    assert_eq!(
        find(&rt.handle().dump(), task.id()).unwrap().state(),
        TaskState::Queued
    );
    rt.block_on(task::yield_now());
    assert_eq!(
        find(&rt.handle().dump(), task.id()).unwrap().state(),
        TaskState::Waiting
    );
}

#[test]
fn nothing_is_left_to_see_after_the_end() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        rt.spawn(pending::<()>());
        rt.block_on(async { spawn_blocking(|| ()).await.unwrap() });
        assert!(!handle.dump().tasks().is_empty());
        drop(rt);
        let dump = handle.dump();
        assert!(dump.tasks().is_empty(), "{dump}");
        assert!(dump.threads().is_empty(), "{dump}");
    });
}

/// Each dump has all that live throughout, however many come and go.
#[test]
fn those_that_stay_are_seen_while_others_come_and_go() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let stay: HashSet<_> = (0..500).map(|_| rt.spawn(pending::<()>()).id()).collect();
        rt.block_on(async {
            let storm = runtime::spawn(async {
                loop {
                    let brief: Vec<_> = (0..200)
                        .map(|_| runtime::spawn(task::yield_now()))
                        .collect();
                    brief.iter().step_by(3).for_each(|task| task.abort());
                    for task in brief {
                        let _ = task.await;
                    }
                }
            });
            for _ in 0..50 {
                let dump = Handle::current().dump();
                let seen: HashSet<_> = dump.tasks().iter().map(Task::id).collect();
                assert!(stay.is_subset(&seen));
                assert_eq!(seen.len(), dump.tasks().len(), "one is listed twice");
                task::yield_now().await;
            }
            storm.abort();
        });
    });
}
