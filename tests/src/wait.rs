//! Waits for something that will come true, without a guess at how long that takes.

use std::thread;
use std::time::{Duration, Instant};

use runtime::runtime::Runtime;

const PATIENCE: Duration = Duration::from_secs(60);

/// Blocks until `condition` is true.
///
/// # Panics
///
/// If it is not after a minute.
#[track_caller]
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "still not true: {what}");
        thread::sleep(Duration::from_micros(200));
    }
}

/// Yields until `condition` is true; for the inside of a runtime, whose
/// other tasks go on meanwhile.
pub async fn until_true(mut condition: impl FnMut() -> bool) {
    while !condition() {
        runtime::task::yield_now().await;
    }
}

/// Blocks until all workers sleep, as far as one can tell: no worker goes to sleep any more.
pub fn until_workers_rest(rt: &Runtime) {
    let parks = || -> u64 {
        let metrics = rt.metrics();
        let workers = 0..metrics.num_workers();
        workers
            .map(|worker| metrics.worker_park_count(worker))
            .sum()
    };
    let mut before = u64::MAX;
    until("the workers rest", || {
        thread::sleep(Duration::from_millis(2));
        std::mem::replace(&mut before, parks()) == parks()
    });
}
