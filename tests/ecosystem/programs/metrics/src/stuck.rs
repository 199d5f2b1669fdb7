//! Tasks that keep their threads, more of them than there are workers.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_metrics::{RuntimeMonitor, TaskMonitor};
use trap::Trap;

use crate::Result;

const STUCK: usize = 4;
const LOOKS: usize = 20;

/// Says whether a task that looks at the runtime goes on meanwhile.
pub async fn report() -> Result {
    let trap = Arc::new(Trap::new());
    let monitor = TaskMonitor::new();
    let mut stuck = JoinSet::new();
    for number in 0..STUCK {
        let trap = trap.clone();
        stuck.spawn(monitor.instrument(async move {
            match number % 2 {
                0 => trap.compute(),
                _ => trap.block(),
            }
        }));
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let looks = tokio::spawn(async {
        let mut intervals = RuntimeMonitor::new(&Handle::current()).intervals();
        let mut seen = 0;
        for _ in 0..LOOKS {
            sleep(Duration::from_millis(1)).await;
            let now = intervals.next();
            seen += usize::from(now.is_some_and(|now| now.live_tasks_count >= STUCK));
        }
        seen
    });
    let seen = looks.await?;
    let ended = monitor.cumulative().dropped_count;
    let meanwhile = trap.open();
    println!("{seen} of {LOOKS} looks at {STUCK} tasks, of which {ended} had ended: {meanwhile}");
    println!("tasks that came back: {}", stuck.join_all().await.len());
    Ok(())
}
