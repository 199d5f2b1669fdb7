//! Panics of user code: each ends what it happened in, is reported, and stops nothing else.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod blocking;
mod hooks;
mod tasks;
mod wakers;

use std::sync::{Arc, Barrier};

use runtime::runtime::Runtime;
use runtime_tests::flavor::Flavor;

/// Shows that every worker lives: as many tasks as there are workers run at the same moment.
fn assert_all_workers_live(rt: &Runtime, flavor: Flavor) {
    let workers = match flavor {
        Flavor::CurrentThread => 1,
        Flavor::MultiThread(workers) => workers,
    };
    let meeting = Arc::new(Barrier::new(workers));
    let meet = |_| {
        let meeting = meeting.clone();
        rt.spawn(async move { meeting.wait().is_leader() })
    };
    let tasks: Vec<_> = (0..workers).map(meet).collect();
    rt.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}
