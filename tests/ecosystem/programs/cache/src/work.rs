//! Commands of many tasks on the same connection.

use futures_util::future::try_join_all;
use redis::{AsyncCommands, RedisError, RedisResult, aio::ConnectionLike, pipe};
use tokio::task::JoinSet;

use crate::Result;
use crate::servers::Server;

const TASKS: usize = 100;
const COMMANDS_EACH: usize = 20;

pub async fn count(server: &Server) -> Result {
    let all = counted(server.connection().await?, "shared").await?;
    println!(
        "a shared connection: {all} of {} counted",
        TASKS * COMMANDS_EACH
    );
    let all = counted(server.manager().await?, "managed").await?;
    println!(
        "a managed connection: {all} of {} counted",
        TASKS * COMMANDS_EACH
    );
    Ok(())
}

/// Each task counts in a key of its own and in one of all.
async fn counted<C>(connection: C, key: &'static str) -> Result<usize>
where
    C: ConnectionLike + Clone + Send + Sync + 'static,
{
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let mut connection = connection.clone();
        tasks.spawn(async move {
            let own = format!("{key}:{task}");
            for number in 1..=COMMANDS_EACH {
                // An answer that belongs to another command would show here.
                let answer: usize = connection.incr(&own, 1).await?;
                assert_eq!(answer, number, "the count of one task");
                let _: usize = connection.incr(key, 1).await?;
            }
            Ok::<_, RedisError>(())
        });
    }
    for task in tasks.join_all().await {
        task?;
    }
    let mut connection = connection;
    Ok(connection.get(key).await?)
}

pub async fn transactions(server: &Server) -> Result {
    let connection = server.connection().await?;
    let transfers = (0..TASKS).map(|_| {
        let mut connection = connection.clone();
        async move {
            let mut transfer = pipe();
            transfer.atomic().decr("left", 1).incr("right", 1);
            transfer.query_async::<(i64, i64)>(&mut connection).await
        }
    });
    let balanced = try_join_all(transfers)
        .await?
        .iter()
        .filter(|(left, right)| left + right == 0)
        .count();
    println!("transactions: {balanced} of {TASKS} saw both sides");
    Ok(())
}

pub async fn large_values(server: &Server) -> Result {
    const LENGTH: usize = 1 << 20;
    let connection = server.connection().await?;
    let values = (0..8_u8).map(|number| {
        let mut connection = connection.clone();
        async move {
            let value = vec![number; LENGTH];
            let () = connection.set(format!("large:{number}"), &value).await?;
            let read: Vec<u8> = connection.get(format!("large:{number}")).await?;
            RedisResult::Ok(read == value)
        }
    });
    let same = try_join_all(values)
        .await?
        .into_iter()
        .filter(|same| *same)
        .count();
    println!("values of 1 MiB: {same} of 8 came back");
    Ok(())
}
