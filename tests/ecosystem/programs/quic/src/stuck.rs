//! Tasks that keep their threads, more of them than there are workers.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use trap::Trap;

use crate::Result;
use crate::server::Server;
use crate::work::echo;

const OTHERS: usize = 20;

/// Says whether others connect meanwhile.
pub async fn report() -> Result {
    let trap = Arc::new(Trap::new());
    let server = Arc::new(Server::start()?);
    let (_endpoint, before) = server.connect().await?;

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
        let before = before.clone();
        let server = server.clone();
        others.spawn(async move {
            // On a connection of its own, and on one that was there before.
            let (_endpoint, own) = server.connect().await?;
            let back = [echo(&own, b"own").await?, echo(&before, b"before").await?];
            Result::Ok(back == [&b"own"[..], b"before"])
        });
    }
    let mut echoed = 0;
    for same in others.join_all().await {
        // Connections may be given up meanwhile: on tokio itself they are.
        echoed += usize::from(matches!(same, Ok(true)));
    }
    let meanwhile = trap.open();
    println!("{echoed} tasks connected while 4 kept their threads: {meanwhile}");
    println!("tasks that came back: {}", stuck.join_all().await.len());
    Ok(())
}
