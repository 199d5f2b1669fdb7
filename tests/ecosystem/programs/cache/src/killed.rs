//! Connections and a server that are killed while they are used.

use std::time::Duration;

use futures_util::StreamExt;
use redis::{AsyncCommands, RedisResult, cmd};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::Result;
use crate::servers::{Server, outcome};

const WAITING: usize = 3;
/// Nothing below may take so long.
const AT_MOST: Duration = Duration::from_secs(10);

/// The server closes the connections; a managed one is made anew.
pub async fn connections(server: &Server) -> Result {
    let mut connection = server.connection().await?;
    let mut manager = server.manager().await?;
    let () = manager.set("kept", 1).await?;

    // By another connection, which is spared.
    let mut killer = server.connection().await?;
    let mut kill = cmd("CLIENT");
    kill.arg("KILL")
        .arg("TYPE")
        .arg("normal")
        .arg("SKIPME")
        .arg("yes");
    let _: usize = kill.query_async(&mut killer).await?;

    let next = timeout(AT_MOST, connection.get::<_, i64>("kept")).await?;
    println!("closed: shared: {}", outcome(next));
    let back = timeout(AT_MOST, async {
        loop {
            // The first that is told fails; who comes later has the new connection.
            if let Ok(kept) = manager.get::<_, i64>("kept").await {
                return kept;
            }
            sleep(Duration::from_millis(5)).await;
        }
    });
    println!("closed: managed, after a while: {}", back.await?);
    Ok(())
}

pub async fn server(server: &Server) -> Result {
    let connection = server.connection().await?;
    let mut manager = server.manager().await?;
    let mut subscriber = server.subscriber().await?;
    subscriber.subscribe("news").await?;
    let (_sink, mut messages) = subscriber.split();

    let mut waiting = JoinSet::new();
    for _ in 0..WAITING {
        let mut connection = connection.clone();
        waiting.spawn(async move { waited(connection.blpop("nothing", 0.0).await) });
    }
    let mut managed = manager.clone();
    waiting.spawn(async move { waited(managed.blpop("nothing", 0.0).await) });
    // Of each connection one command is kept; the others wait behind it.
    let mut observer = server.connection().await?;
    while !blocked(&mut observer).await?.contains("blocked_clients:2") {
        sleep(Duration::from_millis(5)).await;
    }

    server.kill().await?;
    for outcome in timeout(AT_MOST, waiting.join_all()).await? {
        println!("killed: {outcome}");
    }
    let end = timeout(AT_MOST, messages.next()).await?;
    println!("killed: the messages have ended: {}", end.is_none());

    let mut connection = connection;
    let next = timeout(AT_MOST, connection.get::<_, i64>("kept")).await?;
    println!("afterwards: shared: {}", outcome(next));
    let next = timeout(AT_MOST, manager.get::<_, i64>("kept")).await?;
    println!("afterwards: managed: {}", outcome(next));
    let new = timeout(AT_MOST, server.connection()).await?;
    println!("afterwards: a new one: {}", outcome(new));
    Ok(())
}

fn waited(answer: RedisResult<Option<(String, String)>>) -> String {
    outcome(answer)
}

async fn blocked(observer: &mut redis::aio::MultiplexedConnection) -> RedisResult<String> {
    cmd("INFO").arg("clients").query_async(observer).await
}
