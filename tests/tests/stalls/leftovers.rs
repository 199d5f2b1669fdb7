//! What a blockage leaves behind when it has ended, and a runtime that ends in its midst.
#![cfg(target_os = "linux")]

use std::thread;
use std::time::Duration;

use runtime::runtime::Runtime;
use runtime_tests::alone;
use runtime_tests::flavor::Flavor;
use runtime_tests::process::{assert_threads, threads, voluntary_switches};
use runtime_tests::wait;

use crate::blockage::{Blockage, Kind};
use crate::ledger::Ledger;

const KINDS: [Kind; 7] = [
    Kind::EndlessLoop,
    Kind::ThreadSleep,
    Kind::HeldMutex,
    Kind::BlockingRead,
    Kind::OwnChild,
    Kind::ShortBlockings,
    Kind::ShortPolls,
];

/// A runtime after a blockage of all its workers, with nothing to do any more.
fn after_blockage(kind: Kind, workers: usize) -> Runtime {
    let rt = Flavor::MultiThread(workers).build();
    let ledger = Ledger::new();
    let mut blockage = Blockage::new(kind, &ledger);
    blockage.fill(&rt, workers);
    drop(rt.spawn(ledger.entry()));
    ledger.balance();
    blockage.release(&rt);
    ledger.balance();
    rt
}

/// An idle runtime sends its spares away, too, and their threads end after a while.
#[test]
fn the_threads_of_spares_end() {
    alone::run(|| {
        let own = threads();
        // As many workers, and one that watches them.
        let runtimes = KINDS.map(|kind| after_blockage(kind, 2));
        wait::until("the spares have gone", || {
            runtimes.iter().all(|rt| rt.metrics().spares() == 0)
        });
        wait::until("their threads have ended", || {
            threads() == own + 3 * runtimes.len()
        });
        drop(runtimes);
        assert_threads(own);
    });
}

/// How often the monitors have gone to sleep.
fn naps_of_monitors() -> Vec<u64> {
    let mut switches = voluntary_switches();
    switches.retain(|(name, _)| name == "rt-monitor");
    switches.into_iter().map(|(_, naps)| naps).collect()
}

#[test]
fn the_monitor_of_an_idle_runtime_sleeps() {
    alone::run(|| {
        let fresh = [1, 2, 4].map(|workers| Flavor::MultiThread(workers).build());
        let used = KINDS.map(|kind| after_blockage(kind, 2));
        wait::until("the spares have gone", || {
            used.iter().all(|rt| rt.metrics().spares() == 0)
        });
        let mut before = Vec::new();
        while before != naps_of_monitors() {
            before = naps_of_monitors();
            thread::sleep(Duration::from_millis(500));
        }
        thread::sleep(Duration::from_secs(2));
        assert_eq!(before.len(), fresh.len() + used.len());
        assert_eq!(before, naps_of_monitors());
    });
}

#[test]
fn a_runtime_with_stuck_workers_can_be_shut_down() {
    alone::run(|| {
        let own = threads();
        let shutdowns: [fn(Runtime); 2] = [
            |rt| rt.shutdown_timeout(Duration::from_millis(10)),
            Runtime::shutdown_background,
        ];
        for kind in KINDS {
            for (workers, shut_down) in [1, 2, 4].into_iter().zip(shutdowns.iter().cycle()) {
                let rt = Flavor::MultiThread(workers).build();
                let ledger = Ledger::new();
                let mut blockage = Blockage::new(kind, &ledger);
                blockage.fill(&rt, workers);
                drop(rt.spawn(ledger.entry()));
                ledger.balance();
                // The blockage outlasts this call.
                shut_down(rt);
                blockage.open();
                assert_threads(own);
            }
        }
    });
}
