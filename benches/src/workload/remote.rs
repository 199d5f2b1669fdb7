//! Spawning from a thread that is no worker.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::computation::compute_for;
use crate::UnderTest;

pub(super) const IDLE_SPAWNS: u32 = 10_000;
pub(super) const BUSY_SPAWNS: u32 = 10_000;

const BUSY_TASKS: usize = 8;
const BUSY_POLL: Duration = Duration::from_micros(10);

/// Spawns empty tasks on an idle runtime, then awaits each.
pub(super) fn spawn_many_idle<R: UnderTest>(runtime: &R) -> Duration {
    spawn_and_join(runtime, IDLE_SPAWNS)
}

/// Does the same while other tasks compute and yield.
pub(super) fn spawn_many_busy<R: UnderTest>(runtime: &R) -> Duration {
    let stop = Arc::new(AtomicBool::new(false));
    let busy: Vec<_> = (0..BUSY_TASKS)
        .map(|_| runtime.spawn_from_outside(compute_until::<R>(stop.clone())))
        .collect();
    let took = spawn_and_join(runtime, BUSY_SPAWNS);
    stop.store(true, Ordering::Relaxed);
    for task in busy {
        runtime.block_on(task);
    }
    took
}

async fn compute_until<R: UnderTest>(stop: Arc<AtomicBool>) {
    while !stop.load(Ordering::Relaxed) {
        compute_for(BUSY_POLL);
        R::yield_now().await;
    }
}

fn spawn_and_join<R: UnderTest>(runtime: &R, tasks: u32) -> Duration {
    let started = Instant::now();
    let handles: Vec<_> = (0..tasks)
        .map(|_| runtime.spawn_from_outside(async {}))
        .collect();
    runtime.block_on(async {
        for handle in handles {
            handle.await;
        }
    });
    started.elapsed()
}
