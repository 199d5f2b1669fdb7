//! Tasks that keep their threads, more of them than there are workers.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use trap::Trap;

use crate::Result;
use crate::accounts;
use crate::servers::Server;

const OTHERS: usize = 20;

/// Says whether others use the database meanwhile.
pub async fn report(server: &Server) -> Result {
    let trap = Arc::new(Trap::new());
    let pool = server.pool(4);
    let before = accounts::total(&pool).await?;

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
        let pool = pool.clone();
        let server = server.clone();
        others.spawn(async move {
            // On a connection of its own, and on one of the pool.
            let client = server.client().await?;
            client.batch_execute("select 1").await?;
            Result::Ok(accounts::total(&pool).await?)
        });
    }
    let mut read = 0;
    for total in others.join_all().await {
        read += usize::from(total? == before);
    }
    let meanwhile = trap.open();
    println!("{read} tasks used the database while 4 kept their threads: {meanwhile}");
    println!("tasks that came back: {}", stuck.join_all().await.len());
    Ok(())
}
