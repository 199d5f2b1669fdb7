//! Tasks that keep their threads, more of them than there are workers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{Builder, JoinSet};
use tokio::time::sleep;
use trap::Trap;

use crate::Result;
use crate::view::watch;

const STUCK: usize = 4;

/// Says whether the console shows them meanwhile.
pub async fn report(address: SocketAddr) -> Result {
    let trap = Arc::new(Trap::new());
    let mut stuck = JoinSet::new();
    for number in 0..STUCK {
        let trap = trap.clone();
        let task = async move {
            match number % 2 {
                0 => trap.compute(),
                _ => trap.block(),
            }
        };
        stuck.build_task().name("stuck").spawn(task)?;
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    // From a task, lest it is seen from the thread of `main` alone, which no task stops.
    let client = Builder::new().name("looks").spawn(watch(address, |rows| {
        let stuck = rows.iter().filter(|row| row.name == "stuck");
        stuck
            .filter(|row| row.is_polled() || row.has_ended())
            .count()
            >= 2
    }))?;
    let rows = client.await??;
    let meanwhile = trap.open();
    let stuck_rows = || rows.iter().filter(|row| row.name == "stuck");
    let known = stuck_rows().count();
    let polled = stuck_rows().filter(|row| row.is_polled()).count() >= 2;
    println!("{known} tasks that keep their threads are shown, as polled: {polled}: {meanwhile}");
    println!("tasks that came back: {}", stuck.join_all().await.len());
    Ok(())
}
