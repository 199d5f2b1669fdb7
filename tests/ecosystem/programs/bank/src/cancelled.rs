//! Transfers that are dropped half way: nothing of them may stay, and the connection must go on.

use std::future::{Future, pending};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_postgres::Client;

use crate::Result;
use crate::accounts::{self, CHANGE, TOTAL};
use crate::servers::Server;

/// How long a statement takes that is not waited for.
const SLOW: &str = "select pg_sleep(0.5)";
const SOON: Duration = Duration::from_millis(100);

/// The only connection of the pool must be the same one afterwards.
pub async fn through_a_pool(server: &Server) -> Result {
    let pool = server.pool(1);
    let before = process(&pool).await?;

    let (reached, half_way) = oneshot::channel();
    drop_when(half_way, async {
        let _transaction = accounts::half_a_transfer(&pool).await?;
        let _ = reached.send(());
        pending::<sqlx::Result<()>>().await
    })
    .await;
    told(&pool, before, "between two statements").await?;

    let (reached, half_way) = oneshot::channel();
    let task = tokio::spawn({
        let pool = pool.clone();
        async move {
            let _transaction = accounts::half_a_transfer(&pool).await?;
            let _ = reached.send(());
            pending::<sqlx::Result<()>>().await
        }
    });
    half_way.await?;
    task.abort();
    let cancelled = task.await.is_err_and(|error| error.is_cancelled());
    println!("sqlx: a task is aborted: {cancelled}");
    told(&pool, before, "in a task that is aborted").await?;

    let mut transaction = accounts::half_a_transfer(&pool).await?;
    let slow = timeout(SOON, sqlx::query(SLOW).execute(&mut *transaction)).await;
    println!("sqlx: the statement has ended: {}", slow.is_ok());
    drop(transaction);
    told(&pool, before, "in a statement").await
}

/// Runs the future until it has said that it is half way.
async fn drop_when(half_way: oneshot::Receiver<()>, future: impl Future) {
    tokio::select! {
        _ = half_way => {}
        _ = future => println!("not cancelled"),
    }
}

async fn process(pool: &PgPool) -> sqlx::Result<i32> {
    let statement = sqlx::query_scalar("select pg_backend_pid()");
    statement.fetch_one(pool).await
}

async fn told(pool: &PgPool, before: i32, dropped: &str) -> Result {
    let total = accounts::total(pool).await?;
    let same = process(pool).await? == before;
    println!("sqlx: dropped {dropped}: {total} in all, the same connection: {same}");
    Ok(())
}

pub async fn through_one_connection(server: &Server) -> Result {
    let mut client = server.client().await?;

    let (reached, half_way) = oneshot::channel();
    drop_when(half_way, async {
        let transaction = client.transaction().await?;
        transaction.execute(CHANGE, &[&0, &-100_i64]).await?;
        let _ = reached.send(());
        pending::<std::result::Result<(), tokio_postgres::Error>>().await
    })
    .await;
    told_of_one(&client, "between two statements").await?;

    let transaction = client.transaction().await?;
    transaction.execute(CHANGE, &[&0, &-100_i64]).await?;
    let slow = timeout(SOON, transaction.batch_execute(SLOW)).await;
    println!("tokio-postgres: the statement has ended: {}", slow.is_ok());
    drop(transaction);
    told_of_one(&client, "in a statement").await?;

    // One that ends as it should, on the same connection.
    let transaction = client.transaction().await?;
    transaction.execute(CHANGE, &[&0, &-100_i64]).await?;
    transaction.execute(CHANGE, &[&1, &100_i64]).await?;
    transaction.commit().await?;
    told_of_one(&client, "not at all").await
}

async fn told_of_one(client: &Client, dropped: &str) -> Result {
    let total: i64 = client.query_one(TOTAL, &[]).await?.get(0);
    println!("tokio-postgres: dropped {dropped}: {total} in all");
    Ok(())
}
