//! Transfers between accounts, many at a time.

use futures_util::future::try_join_all;
use tokio::task::JoinSet;

use crate::Result;
use crate::accounts::{self, ACCOUNTS, CHANGE, TOTAL};
use crate::servers::Server;

const TASKS: i32 = 8;
const TRANSFERS_EACH: i32 = 25;
const CONNECTIONS: u32 = 3;

/// More tasks than connections, each with transactions of its own.
pub async fn through_a_pool(server: &Server) -> Result {
    let pool = server.pool(CONNECTIONS);
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let pool = pool.clone();
        tasks.spawn(async move {
            for number in 0..TRANSFERS_EACH {
                let (from, to) = (task % ACCOUNTS, (task + 1 + number % 3) % ACCOUNTS);
                let mut transaction = pool.begin().await?;
                // In the same order in all of them, lest two wait for each other.
                let amount = if from < to { -1 } else { 1 };
                accounts::change(&mut *transaction, from.min(to), amount).await?;
                accounts::change(&mut *transaction, from.max(to), -amount).await?;
                transaction.commit().await?;
            }
            Ok::<_, sqlx::Error>(())
        });
    }
    for transfers in tasks.join_all().await {
        transfers?;
    }
    let total = accounts::total(&pool).await?;
    println!("sqlx: {} transfers, {total} in all", TASKS * TRANSFERS_EACH);
    println!("sqlx: connections: {} of {CONNECTIONS}", pool.size());
    pool.close().await;
    println!("sqlx: closed: {}", accounts::total(&pool).await.is_err());
    Ok(())
}

/// One connection that has many statements under way.
pub async fn through_one_connection(server: &Server) -> Result {
    let client = server.client().await?;
    let change = client.prepare(CHANGE).await?;
    let mut changed = 0;
    for by in [1_i64, -1] {
        let changes = (0..100).map(async |number| {
            let id = number % ACCOUNTS;
            client.execute(&change, &[&id, &by]).await
        });
        changed += try_join_all(changes).await?.into_iter().sum::<u64>();
    }
    let total: i64 = client.query_one(TOTAL, &[]).await?.get(0);
    println!("tokio-postgres: {changed} changes, {total} in all");
    Ok(())
}
