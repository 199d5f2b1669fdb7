//! Commands whose answers nobody waits for: the others must get theirs, and no other's.

use redis::{AsyncCommands, aio::MultiplexedConnection};
use tokio::time::timeout;

use crate::Result;
use crate::servers::{Server, TIMEOUT, outcome};

/// Seconds that the server keeps a command, and all that come after it on the connection.
const KEPT: f64 = 0.6;

pub async fn dropped(server: &Server) -> Result {
    let connection = server.connection().await?;
    let mut waiting = connection.clone();
    let wait = waiting.blpop::<_, Option<(String, String)>>("nothing", KEPT);
    println!(
        "a command is dropped: {}",
        timeout(TIMEOUT, wait).await.is_err()
    );

    let mut aborted = connection.clone();
    let task = tokio::spawn(async move {
        aborted
            .blpop::<_, Option<(String, String)>>("nothing", KEPT)
            .await
    });
    tokio::task::yield_now().await;
    task.abort();
    println!("a task with one is aborted: {}", task.await.is_err());
    right_answers(connection).await
}

/// The connection itself gives up.
pub async fn too_late(server: &Server) -> Result {
    let mut connection = server.hasty_connection().await?;
    let late = connection
        .blpop::<_, Option<(String, String)>>("nothing", KEPT)
        .await;
    println!("an answer that is late: {}", outcome(late));
    tokio::time::sleep(2 * TIMEOUT).await;
    right_answers(connection).await
}

async fn right_answers(connection: MultiplexedConnection) -> Result {
    let mut right = 0;
    for number in 0..20 {
        let mut connection = connection.clone();
        let key = format!("answer:{number}");
        let () = connection.set(&key, number).await?;
        right += usize::from(connection.get::<_, i32>(&key).await? == number);
    }
    println!("afterwards: {right} of 20 answers are right");
    Ok(())
}
