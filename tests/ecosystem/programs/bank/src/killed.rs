//! A server that is killed while it works.

use std::time::Duration;

use sqlx::postgres::PgPool;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::Result;
use crate::accounts;
use crate::servers::{Server, outcome};

const QUERIES: usize = 3;
const LONG: &str = "select pg_sleep(600)";
/// So many look at it, too: one of tokio-postgres, and one that counts.
const ACTIVE: i64 = QUERIES as i64 + 2;

pub async fn in_mid_query(server: &Server) -> Result {
    let pool = server.hasty_pool(QUERIES as u32 + 1);
    let mut queries = JoinSet::new();
    for _ in 0..QUERIES {
        let pool = pool.clone();
        queries.spawn(async move { outcome(sqlx::query(LONG).execute(&pool).await) });
    }
    let client = server.client().await?;
    let (query, killed) = tokio::join!(client.batch_execute(LONG), async {
        while active(&pool).await? < ACTIVE {
            sleep(Duration::from_millis(5)).await;
        }
        server.kill().await
    });
    killed?;
    for outcome in queries.join_all().await {
        println!("killed: sqlx: {outcome}");
    }
    println!("killed: tokio-postgres: {}", outcome(query));

    let next = timeout(Duration::from_secs(10), accounts::total(&pool)).await?;
    println!("afterwards: sqlx: {}", outcome(next));
    println!(
        "afterwards: tokio-postgres: {}",
        outcome(client.batch_execute("select 1").await)
    );
    println!(
        "afterwards: a new client: {}",
        outcome(server.client().await)
    );
    timeout(Duration::from_secs(10), pool.close()).await?;
    println!("the pool is closed: {}", pool.is_closed());
    Ok(())
}

async fn active(pool: &PgPool) -> Result<i64> {
    let statement = "select count(*) from pg_stat_activity where state = 'active'";
    Ok(sqlx::query_scalar(statement).fetch_one(pool).await?)
}
