//! Accounts in a table, and what moves between them.

use sqlx::{PgExecutor, PgPool, Postgres, Transaction};

use crate::Result;
use crate::servers::Server;

pub const ACCOUNTS: i32 = 4;
pub const AT_FIRST: i64 = 1_000;

pub const CHANGE: &str = "update accounts set balance = balance + $2 where id = $1";
pub const TOTAL: &str = "select sum(balance)::bigint from accounts";

/// Makes the table, with the same in each account.
pub async fn open(server: &Server) -> Result {
    let pool = server.pool(1);
    sqlx::query("create table accounts (id int primary key, balance bigint not null)")
        .execute(&pool)
        .await?;
    for id in 0..ACCOUNTS {
        sqlx::query("insert into accounts values ($1, $2)")
            .bind(id)
            .bind(AT_FIRST)
            .execute(&pool)
            .await?;
    }
    pool.close().await;
    Ok(())
}

pub async fn change(on: impl PgExecutor<'_>, id: i32, by: i64) -> sqlx::Result<()> {
    sqlx::query(CHANGE).bind(id).bind(by).execute(on).await?;
    Ok(())
}

/// Begins a transfer and takes the amount from an account.
pub async fn half_a_transfer(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let mut transaction = pool.begin().await?;
    change(&mut *transaction, 0, -100).await?;
    Ok(transaction)
}

pub async fn total(on: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    sqlx::query_scalar(TOTAL).fetch_one(on).await
}
