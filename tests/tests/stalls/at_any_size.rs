//! Everybody else goes on beside any number of blocked tasks, with any number of workers.
//!
//! Each test has a process of its own, so that it can count the threads that are left in the end.
#![cfg(target_os = "linux")]

use std::time::Duration;

use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use runtime_tests::process::threads;
use runtime_tests::wait;

use crate::callers::Callers;
use crate::crowd::{Crowd, Manner};
use crate::guests::Guests;

/// Threads that are not needed any more end soon.
const KEEP_ALIVE: Duration = Duration::from_millis(100);

/// Sockets, timers and tasks get on before, during and after the blockage, and the threads that came
/// for it end.
fn others_go_on(manner: Manner, workers: usize, blocked: usize) {
    eprintln!("{workers} workers, {blocked} tasks block {manner:?}");
    let mut builder = Flavor::MultiThread(workers).builder();
    let rt = builder.thread_keep_alive(KEEP_ALIVE).build().unwrap();
    let mut guests = Guests::start(&rt);
    let mut callers = Callers::start(rt.handle());
    let mut all_get_on = || {
        callers.get_on();
        guests.get_on();
    };
    all_get_on();
    let before = threads();
    let crowd = Crowd::start(rt.handle(), manner, blocked);
    all_get_on();
    crowd.wait_until_all_block();
    all_get_on();
    crowd.release();
    all_get_on();
    wait::until("the threads end", || threads() <= before);
    callers.stop();
}

/// A crowd for each of some numbers of workers.
macro_rules! others_go_on {
    ($($test:ident: $manner:ident, $($workers:literal: $blocked:literal),+;)+) => {
        $(
            #[test]
            fn $test() {
                alone::run(|| {
                    for (workers, blocked) in [$(($workers, $blocked)),+] {
                        others_go_on(Manner::$manner, workers, blocked);
                    }
                });
            }
        )+
    };
}

others_go_on! {
    beside_as_many_blocked_tasks_as_workers: Plainly, 1: 1, 2: 2, 8: 8, 9: 9, 16: 16, 64: 64;
    beside_more_blocked_tasks_than_a_few_workers: Plainly, 1: 4, 1: 64, 2: 64, 8: 32;
    beside_more_blocked_tasks_than_many_workers: Plainly, 9: 36, 9: 64, 16: 64;
    beside_more_blocked_tasks_than_a_crowd_of_workers: Plainly, 64: 128;
    beside_four_blocked_tasks_for_each_of_many_workers: Plainly, 64: 256;
    beside_hundreds_of_blocked_tasks: Plainly, 16: 500;
    beside_as_many_tasks_that_block_in_place_as_workers: InPlace, 1: 1, 2: 2, 8: 8, 9: 9, 16: 16, 64: 64;
    beside_more_tasks_that_block_in_place_than_a_few_workers: InPlace, 1: 64, 2: 32, 8: 64;
    beside_more_tasks_that_block_in_place_than_many_workers: InPlace, 9: 36, 16: 64, 64: 12;
    beside_four_tasks_that_block_in_place_for_each_of_many_workers: InPlace, 64: 256;
    beside_hundreds_of_tasks_that_block_in_place: InPlace, 2: 500;
    beside_a_chain_of_tasks_that_wait_for_their_children: InAChain, 1: 4, 2: 32, 8: 64;
    beside_a_chain_longer_than_many_workers: InAChain, 9: 36, 16: 64, 64: 64;
    beside_a_chain_of_hundreds: InAChain, 2: 256;
}

/// The sockets of an accept loop in the main task, of which each blocks a worker, and then others come.
fn others_come_and_get_on(workers: usize, blocked: usize) {
    eprintln!("{workers} workers, {blocked} requests block");
    let rt = Flavor::MultiThread(workers).build();
    let crowd = Crowd::start(rt.handle(), Manner::InRequests, blocked);
    let mut guests = Guests::start(&rt);
    guests.get_on();
    crowd.release();
    guests.get_on();
}

#[test]
fn behind_fewer_requests_that_block_than_workers() {
    alone::run(|| {
        for (workers, blocked) in [(9, 8), (16, 11), (24, 22), (48, 11), (64, 13)] {
            others_come_and_get_on(workers, blocked);
        }
    });
}

#[test]
fn behind_as_many_requests_that_block_as_workers() {
    alone::run(|| {
        for workers in [1, 2, 8, 9, 16] {
            others_come_and_get_on(workers, workers);
        }
    });
}

#[test]
fn behind_more_requests_that_block_than_workers() {
    alone::run(|| {
        for (workers, blocked) in [(1, 20), (2, 64), (9, 20), (16, 64), (64, 80)] {
            others_come_and_get_on(workers, blocked);
        }
    });
}
