//! Tasks that keep their threads, more of them than there are workers.

use std::sync::Arc;
use std::time::Duration;

use redis::AsyncCommands;
use tokio::task::JoinSet;
use tokio::time::sleep;
use trap::Trap;

use crate::Result;
use crate::servers::Server;

const OTHERS: usize = 20;

/// Says whether others use Redis meanwhile.
pub async fn report(server: &Server) -> Result {
    let trap = Arc::new(Trap::new());
    let mut shared = server.connection().await?;
    let () = shared.set("before", 1).await?;

    let mut stuck = JoinSet::new();
    for number in 0..4 {
        let trap = trap.clone();
        stuck.spawn(async move {
            match number % 2 {
                0 => trap.compute(),
                _ => trap.block(),
            }
        });
    }
    while trap.entered() < 2 {
        sleep(Duration::from_millis(1)).await;
    }
    let mut others = JoinSet::new();
    for _ in 0..OTHERS {
        let mut shared = shared.clone();
        let server = server.clone();
        others.spawn(async move {
            // On a connection of its own, and on the one of all.
            let own: i64 = server.connection().await?.get("before").await?;
            let shared: i64 = shared.get("before").await?;
            Result::Ok(own + shared)
        });
    }
    let mut read = 0;
    for values in others.join_all().await {
        read += usize::from(values? == 2);
    }
    let meanwhile = trap.open();
    println!("{read} tasks used Redis while 4 kept their threads: {meanwhile}");
    println!("tasks that came back: {}", stuck.join_all().await.len());
    Ok(())
}
