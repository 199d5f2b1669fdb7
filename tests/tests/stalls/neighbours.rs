//! Several runtimes at once, and threads that drive futures of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use runtime::runtime::Runtime;
use runtime::task::{LocalSet, block_in_place, spawn_local, yield_now};
use runtime::time::sleep;
use runtime_tests::alone;
use runtime_tests::count::Counter;
use runtime_tests::flavor::Flavor;
use runtime_tests::process::threads;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

use crate::crowd::{Crowd, Manner};
use crate::guests::Guests;

const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// One has no share in the trouble of another.
#[test]
fn three_runtimes_are_blocked_at_once_and_go_on() {
    const MANNERS: [Manner; 3] = [Manner::Plainly, Manner::InPlace, Manner::InAChain];
    alone::run(|| {
        let before = threads();
        let build = |_| {
            let mut builder = Flavor::MultiThread(16).builder();
            builder.thread_keep_alive(KEEP_ALIVE).build().unwrap()
        };
        let runtimes: Vec<Runtime> = (0..3).map(build).collect();
        let mut guests: Vec<_> = runtimes.iter().map(Guests::start).collect();
        let crowds: Vec<_> = runtimes
            .iter()
            .zip(MANNERS)
            .map(|(rt, manner)| Crowd::start(rt.handle(), manner, 40))
            .collect();
        guests.iter_mut().for_each(Guests::get_on);
        for crowd in crowds {
            crowd.wait_until_all_block();
            guests.iter_mut().for_each(Guests::get_on);
            crowd.release();
        }
        guests.iter_mut().for_each(Guests::get_on);
        drop((guests, runtimes));
        wait::until("the threads end", || threads() <= before);
    });
}

/// These have no seat: they need the workers for sockets and timers, and the workers need nothing of them.
#[test]
fn futures_that_threads_drive_go_on_beside_a_crowd() {
    const THREADS: usize = 8;
    for manner in [Manner::Plainly, Manner::InPlace] {
        for workers in [1, 2, 9] {
            let what = format!("with {workers} workers, {manner:?}");
            let _watchdog = Watchdog::start(&what);
            let rt = Flavor::MultiThread(workers).build();
            let mut guests = Guests::start(&rt);
            let crowd = Crowd::start(rt.handle(), manner, 4 * workers);
            crowd.wait_until_all_block();
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        rt.handle().block_on(async {
                            for _ in 0..20 {
                                sleep(Duration::from_millis(1)).await;
                                runtime::spawn(yield_now()).await.unwrap();
                                block_in_place(|| thread::sleep(Duration::from_millis(1)));
                            }
                        });
                    });
                }
                guests.get_on();
            });
            crowd.release();
        }
    }
}

/// A local set is one thread's. What blocks in it stops the set, and nobody else.
#[test]
fn workers_go_on_beside_a_local_set_that_blocks() {
    for workers in [1, 2, 9] {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let rt = Flavor::MultiThread(workers).build();
        let mut guests = Guests::start(&rt);
        let ended = Counter::new();
        let released = AtomicBool::new(false);
        thread::scope(|scope| {
            let set = scope.spawn(|| {
                LocalSet::new().block_on(&rt, async {
                    let tasks: Vec<_> = (0..20)
                        .map(|_| {
                            let ended = ended.clone();
                            spawn_local(async move {
                                thread::sleep(Duration::from_millis(5));
                                yield_now().await;
                                ended.raise();
                            })
                        })
                        .collect();
                    while !released.load(Ordering::SeqCst) {
                        thread::sleep(Duration::from_millis(1));
                    }
                    for task in tasks {
                        task.await.unwrap();
                    }
                });
            });
            guests.get_on();
            released.store(true, Ordering::SeqCst);
            set.join().unwrap();
            assert_eq!(ended.get(), 20);
        });
    }
}
