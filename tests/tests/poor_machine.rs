//! Machines that refuse threads or descriptors, and system calls that are interrupted.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use runtime::io::{AsyncReadExt, stdin};
use runtime::net::{TcpListener, TcpStream, lookup_host};
use runtime::runtime::Runtime;
use runtime::time::sleep;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::process::{address_space, assert_threads, descriptors, lift, limit, threads};
use runtime_tests::reported::panic_of;
use runtime_tests::wait;
use rustix::process::{Resource, Signal, kill_process};
use rustix::stdio::dup2_stdin;

/// More than a process can address: no thread with such a stack is ever made.
const IMPOSSIBLE_STACK: usize = 1 << 50;
const BIG_STACK: usize = 256 << 20;

#[test]
fn build_says_that_no_thread_can_be_had_and_leaves_nothing_behind() {
    alone::run(|| {
        let (threads, descriptors_before) = (threads(), descriptors());
        on_multi_thread(|flavor| {
            let built = flavor.builder().thread_stack_size(IMPOSSIBLE_STACK).build();
            assert!(built.unwrap_err().raw_os_error().is_some(), "on {flavor}");
            assert_eq!(descriptors(), descriptors_before, "on {flavor}");
            drop(flavor.build());
        });
        assert_threads(threads);
    });
}

/// The first workers start; those that come later do not.
#[test]
fn build_takes_the_first_workers_back_if_a_later_one_cannot_be_had() {
    alone::run(|| {
        let (threads, descriptors_before) = (threads(), descriptors());
        let (started, stopped) = (Counter::new(), Counter::new());
        let (starts, stops) = (started.clone(), stopped.clone());
        let mut builder = Flavor::MultiThread(8).builder();
        builder
            .thread_stack_size(BIG_STACK)
            .on_thread_start(move || starts.raise())
            .on_thread_stop(move || stops.raise());
        limit(
            Resource::As,
            address_space() + 3 * BIG_STACK as u64 + (64 << 20),
        );
        let error = builder.build().unwrap_err();
        assert!(error.raw_os_error().is_some(), "{error}");
        assert!((1..8).contains(&started.get()), "{}", started.get());
        assert_eq!(started.get(), stopped.get());
        assert_eq!(descriptors(), descriptors_before);
        assert_threads(threads);
        lift(Resource::As);
        drop(builder.build().unwrap());
        assert_threads(threads);
    });
}

/// A worker that has started may have used the pool before a later one cannot be had.
#[test]
fn build_takes_blocking_threads_back_if_a_worker_cannot_be_had() {
    alone::run(|| {
        let threads = threads();
        let mut builder = Flavor::MultiThread(8).builder();
        let (names, ran, is_first) = (Counter::new(), Counter::new(), AtomicBool::new(true));
        let (runs, builds) = (ran.clone(), thread::current().id());
        builder
            .thread_stack_size(BIG_STACK)
            .thread_keep_alive(Duration::from_secs(3600))
            .on_thread_start(move || {
                if is_first.swap(false, Ordering::Relaxed) {
                    let runs = runs.clone();
                    drop(runtime::task::spawn_blocking(move || runs.raise()));
                }
            })
            .thread_name_fn(move || {
                if thread::current().id() == builds {
                    names.raise();
                    wait::until("the first worker's closure runs", || {
                        names.get() == 1 || ran.get() == 1
                    });
                }
                String::new()
            });
        limit(
            Resource::As,
            address_space() + 4 * BIG_STACK as u64 + (64 << 20),
        );
        builder.build().unwrap_err();
        assert_threads(threads);
    });
}

#[test]
fn build_says_that_no_descriptor_can_be_had_and_leaves_nothing_behind() {
    alone::run(|| {
        let (threads, before) = (threads(), descriptors());
        on_every_flavor(|flavor| {
            let mut refusals = 0;
            // From none to spare to just enough: each point of failure has its turn.
            for spare in 0.. {
                limit(Resource::Nofile, (before + spare) as u64);
                let built = flavor.builder().build();
                lift(Resource::Nofile);
                let is_built = match built {
                    Ok(rt) => {
                        drop(rt);
                        true
                    }
                    Err(error) => {
                        assert!(error.raw_os_error().is_some(), "{error}");
                        refusals += 1;
                        false
                    }
                };
                assert_threads(threads);
                assert_eq!(descriptors(), before, "with {spare} to spare on {flavor}");
                if is_built {
                    break;
                }
            }
            assert!(refusals > 0, "on {flavor}");
        });
    });
}

/// A runtime whose next thread is refused once the address space is limited.
fn with_big_stacks(flavor: Flavor) -> Runtime {
    flavor
        .builder()
        .thread_stack_size(BIG_STACK)
        .build()
        .unwrap()
}

/// Runs `jobs` blocking closures and awaits them.
fn run_blocking(rt: &Runtime, jobs: usize) {
    let spawn = |n| rt.spawn_blocking(move || n);
    let tasks: Vec<_> = (0..jobs).map(spawn).collect();
    for (n, task) in tasks.into_iter().enumerate() {
        assert_eq!(rt.block_on(task).unwrap(), n);
    }
}

#[test]
fn blocking_closures_share_the_threads_there_are_if_no_more_can_be_had() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = with_big_stacks(flavor);
            let (start, started) = channel();
            let (release, released) = channel::<()>();
            let first = rt.spawn_blocking(move || {
                start.send(()).unwrap();
                let _ = released.recv();
            });
            started.recv().unwrap();
            limit(Resource::As, address_space() + (BIG_STACK / 2) as u64);
            let queued: Vec<_> = (0..20).map(|n| rt.spawn_blocking(move || n)).collect();
            assert_eq!(rt.metrics().num_blocking_threads(), 1, "on {flavor}");
            drop(release);
            rt.block_on(first).unwrap();
            for (n, task) in queued.into_iter().enumerate() {
                assert_eq!(rt.block_on(task).unwrap(), n);
            }
            lift(Resource::As);
            meet_on_blocking_threads(&rt, 3);
        });
    });
}

fn meet_on_blocking_threads(rt: &Runtime, jobs: usize) {
    let meeting = Arc::new(Barrier::new(jobs));
    let meet = |_| {
        let meeting = meeting.clone();
        rt.spawn_blocking(move || meeting.wait().is_leader())
    };
    let tasks: Vec<_> = (0..jobs).map(meet).collect();
    for task in tasks {
        rt.block_on(task).unwrap();
    }
}

#[test]
fn a_blocking_closure_for_which_there_is_no_thread_blames_the_caller() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = with_big_stacks(flavor);
            limit(Resource::As, address_space() + (BIG_STACK / 2) as u64);
            let dropped = Counter::new();
            let token = dropped.on_drop();
            let line = line!() + 1;
            let report = panic_of(|| rt.spawn_blocking(move || drop(token)));
            lift(Resource::As);
            assert_eq!((report.file.as_str(), report.line), (file!(), line));
            assert!(
                report.message.contains("no thread can be had"),
                "{report:?}"
            );
            assert_eq!(dropped.get(), 1, "the closure is not kept");
            run_blocking(&rt, 5);
        });
    });
}

#[test]
fn a_call_of_ours_for_which_there_is_no_thread_is_an_error() {
    // Standard input is a file: it is read on the pool.
    let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
    alone::run(move || {
        dup2_stdin(&file).unwrap();
        on_every_flavor(|flavor| {
            let rt = with_big_stacks(flavor);
            limit(Resource::As, address_space() + (BIG_STACK / 2) as u64);
            let connected = rt.block_on(TcpStream::connect("localhost:1")).err();
            let looked_up = rt.block_on(lookup_host("localhost:1")).err();
            let read = rt.block_on(stdin().read(&mut [0; 10])).err();
            lift(Resource::As);
            for error in [connected, looked_up, read] {
                let said = error.unwrap().to_string();
                assert!(said.contains("no thread can be had"), "{said} on {flavor}");
            }
            rt.block_on(stdin().read_exact(&mut [0; 10])).unwrap();
            assert!(rt.block_on(lookup_host("localhost:1")).is_ok());
        });
    });
}

/// A process that is stopped and continued has its system calls end with `EINTR`.
#[test]
fn interrupted_system_calls_go_unnoticed() {
    let output = alone::run_disturbed(
        || {
            on_every_flavor(|flavor| {
                let rt = flavor.build();
                let naps = 40;
                rt.block_on(async {
                    let echo = runtime::spawn(echo());
                    for _ in 0..naps {
                        sleep(Duration::from_millis(2)).await;
                        runtime::task::spawn_blocking(|| thread::sleep(Duration::from_millis(1)))
                            .await
                            .unwrap();
                    }
                    echo.await.unwrap();
                });
            });
        },
        |child| {
            for _ in 0..300 {
                // It may have ended: then nobody is left to be stopped.
                if kill_process(child, Signal::STOP).is_err() {
                    return;
                }
                thread::sleep(Duration::from_micros(300));
                kill_process(child, Signal::CONT).unwrap();
                thread::sleep(Duration::from_micros(700));
            }
        },
    );
    assert!(alone::is_done(&output), "{}", alone::said(&output));
}

async fn echo() {
    use runtime::io::{AsyncReadExt, AsyncWriteExt};

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut ours = TcpStream::connect(listener.local_addr().unwrap())
        .await
        .unwrap();
    let (mut theirs, _) = listener.accept().await.unwrap();
    for n in 0..100_u8 {
        ours.write_all(&[n]).await.unwrap();
        let mut got = [0];
        theirs.read_exact(&mut got).await.unwrap();
        assert_eq!(got, [n]);
        runtime::task::yield_now().await;
    }
}
