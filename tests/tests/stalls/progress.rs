//! Everybody else goes on while every worker is stuck, and nothing is lost when that ends.

use runtime_tests::flavor::Flavor;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

use crate::blockage::{Blockage, Kind};
use crate::guests::Guests;
use crate::requests::BlockingRequests;

/// The guests get on before, during and after a blockage of every worker.
fn others_go_on(kind: Kind) {
    for workers in [1, 2, 4] {
        let _watchdog = Watchdog::start(format!("with {workers} workers in {kind:?}"));
        let rt = Flavor::MultiThread(workers).build();
        let mut guests = Guests::start(&rt);
        guests.get_on();
        let mut blockage = Blockage::new(kind, &guests.ledger);
        blockage.fill(&rt, workers);
        guests.get_on();
        guests.get_on();
        blockage.release(&rt);
        guests.get_on();
        wait::until("the spares have gone", || rt.metrics().spares() == 0);
        guests.get_on();
    }
}

#[test]
fn while_every_worker_is_in_an_endless_loop() {
    others_go_on(Kind::EndlessLoop);
}

#[test]
fn while_every_worker_sleeps() {
    others_go_on(Kind::ThreadSleep);
}

#[test]
fn while_every_worker_waits_for_a_mutex() {
    others_go_on(Kind::HeldMutex);
}

#[test]
fn while_every_worker_is_in_a_blocking_read() {
    others_go_on(Kind::BlockingRead);
}

#[test]
fn while_every_worker_waits_for_the_task_in_its_own_slot() {
    others_go_on(Kind::OwnChild);
}

#[test]
fn while_tasks_block_for_a_moment_again_and_again() {
    others_go_on(Kind::ShortBlockings);
}

#[test]
fn while_tasks_compute_for_a_moment_again_and_again() {
    others_go_on(Kind::ShortPolls);
}

/// The turn of sockets and timers comes by time, too, where it would never come by the count of polls.
#[test]
fn while_the_only_worker_has_turns_too_rare_to_matter() {
    let _watchdog = Watchdog::start("");
    let mut builder = Flavor::MultiThread(1).builder();
    builder.event_interval(u32::MAX).max_spares(0);
    let rt = builder.build().unwrap();
    let mut guests = Guests::start(&rt);
    let mut blockage = Blockage::new(Kind::ShortPolls, &guests.ledger);
    blockage.fill(&rt, 1);
    guests.get_on();
    blockage.release(&rt);
}

/// A server whose requests block one after another. Whichever worker gets the next one, in the poll or out
/// of it, permanent or spare: another takes its place.
#[test]
fn while_requests_block_one_after_another() {
    for workers in [1, 2] {
        let _watchdog = Watchdog::start(format!("with {workers} workers"));
        let rt = Flavor::MultiThread(workers).build();
        let mut guests = Guests::start(&rt);
        let mut requests = BlockingRequests::start(&rt);
        for round in 0..30 {
            let blocked: Vec<_> = (0..1 + round % 3).map(|_| requests.send()).collect();
            guests.one_round_trip();
            drop(blocked);
        }
        guests.get_on();
    }
}
