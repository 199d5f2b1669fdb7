//! The scheduler's workloads, each written once for every runtime.
//!
//! A workload is a function that does [`operations`](Workload::operations) operations and
//! answers how long they took. It times itself, so that waking an idle runtime and handing
//! the result back to the measuring thread do not count.

mod blocking;
mod broadcast;
mod computation;
mod echo;
mod local;
mod mpsc;
mod mutex;
mod ping_pong;
mod race;
mod remote;
mod time;

use std::fmt;
use std::time::{Duration, Instant};

use crate::UnderTest;
use crate::under_test::Mpsc;

pub use computation::compute_for;

/// A named amount of work for the runtime `R`.
pub struct Workload<R> {
    /// The name in tables and on command lines.
    pub name: &'static str,
    /// How many operations one run does.
    pub operations: u32,
    /// Runs it once and answers how long it took.
    pub run: fn(&R) -> Duration,
}

impl<R> fmt::Debug for Workload<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload")
            .field("name", &self.name)
            .field("operations", &self.operations)
            .finish_non_exhaustive()
    }
}

/// Lists every workload, in the order of the table.
#[rustfmt::skip]
pub fn all<R: UnderTest>() -> Vec<Workload<R>> {
    vec![
        Workload { name: "spawn_many_local", operations: local::SPAWNS, run: local::spawn_many },
        Workload { name: "spawn_many_remote_idle", operations: remote::IDLE_SPAWNS, run: remote::spawn_many_idle },
        Workload { name: "spawn_many_remote_busy", operations: remote::BUSY_SPAWNS, run: remote::spawn_many_busy },
        Workload { name: "spawn_join", operations: local::JOINS, run: local::spawn_join },
        Workload { name: "yield_many", operations: local::YIELDS, run: local::yield_many },
        Workload { name: "ping_pong", operations: ping_pong::PINGS, run: ping_pong::ping_pong },
        Workload { name: "chained_spawn", operations: local::CHAINED, run: local::chained_spawn },
        Workload { name: "mpsc_1p1c", operations: mpsc::ONE_TO_ONE, run: mpsc::one_to_one::<R, R::Mpsc> },
        Workload { name: "mpsc_5p1c", operations: mpsc::FIVE_TO_ONE, run: mpsc::five_to_one::<R, R::Mpsc> },
        Workload { name: "mutex_contended", operations: mutex::LOCKINGS, run: mutex::contended },
        Workload { name: "timeout_cancelled", operations: time::TIMEOUTS, run: time::timeout_cancelled },
        Workload { name: "broadcast_10", operations: broadcast::RECEIPTS, run: broadcast::broadcast },
        Workload { name: "sleepers", operations: time::SLEEPERS, run: time::sleepers },
        Workload { name: "parallel_cpu", operations: computation::PIECES, run: computation::parallel_cpu },
        Workload { name: "udp_echo", operations: echo::ROUND_TRIPS, run: echo::udp },
        Workload { name: "unix_echo", operations: echo::ROUND_TRIPS, run: echo::unix },
        Workload { name: "spawn_blocking", operations: blocking::CLOSURES, run: blocking::spawn_blocking },
    ]
}

/// Lists the workloads of a channel that may be another one than the runtime's own.
#[rustfmt::skip]
pub fn of_mpsc<R: UnderTest, C: Mpsc>() -> Vec<Workload<R>> {
    vec![
        Workload { name: "mpsc_1p1c", operations: mpsc::ONE_TO_ONE, run: mpsc::one_to_one::<R, C> },
        Workload { name: "mpsc_5p1c", operations: mpsc::FIVE_TO_ONE, run: mpsc::five_to_one::<R, C> },
    ]
}

/// Lists the names of all workloads.
pub fn names() -> Vec<&'static str> {
    let workloads = all::<crate::under_test::Tokio>();
    workloads.iter().map(|workload| workload.name).collect()
}

/// Runs the future that `body` makes in a task and answers how long it took.
fn timed_in_task<R, F>(runtime: &R, body: impl FnOnce() -> F + Send + 'static) -> Duration
where
    R: UnderTest,
    F: Future<Output = ()> + Send,
{
    runtime.block_on(runtime.spawn_from_outside(async move {
        let started = Instant::now();
        body().await;
        started.elapsed()
    }))
}
