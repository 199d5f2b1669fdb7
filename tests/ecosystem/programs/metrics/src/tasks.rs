//! Tasks that are looked at one kind at a time.

use std::thread;
use std::time::Duration;

use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;
use tokio_metrics::TaskMonitor;

use crate::Result;

const TASKS: usize = 10;
const YIELDS: usize = 5;

pub async fn told() -> Result {
    let brief = TaskMonitor::new();
    let slow = TaskMonitor::new();
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(brief.instrument(async {
            for _ in 0..YIELDS {
                yield_now().await;
            }
            sleep(Duration::from_millis(5)).await;
        }));
        tasks.spawn(slow.instrument(async { thread::sleep(Duration::from_millis(1)) }));
    }
    tasks.join_all().await;

    let seen = brief.cumulative();
    println!(
        "tasks: {} instrumented, {} polled, {} dropped",
        seen.instrumented_count, seen.first_poll_count, seen.dropped_count
    );
    // One more if a task comes to its sleep when that is over.
    let polls = (TASKS * (YIELDS + 1)) as u64;
    println!(
        "polls: as many as there must be: {}",
        seen.total_poll_count >= polls
    );
    println!(
        "idle for some time: {}",
        seen.total_idle_duration > Duration::ZERO
    );
    println!(
        "scheduled for some time: {}",
        seen.total_scheduled_duration > Duration::ZERO
    );

    let seen = slow.cumulative();
    println!(
        "slow polls: {} of {}, as slow as they are: {}",
        seen.total_slow_poll_count,
        seen.total_poll_count,
        seen.mean_slow_poll_duration() >= Duration::from_millis(1)
    );
    Ok(())
}
