//! The notes in a file of SQLite.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};
use sqlx::{Result, SqlitePool};
use tokio_stream::Stream;

pub const CONNECTIONS: u32 = 4;

/// How long a request waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(1);

/// Opens a new file with an empty table.
pub async fn open(path: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(Duration::from_secs(30));
    let pool = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(options)
        .await?;
    sqlx::query("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        .execute(&pool)
        .await?;
    Ok(pool)
}

/// Adds a note and returns its number.
pub async fn add(pool: &SqlitePool, text: &str) -> Result<i64> {
    let done = sqlx::query("INSERT INTO notes (text) VALUES (?)")
        .bind(text)
        .execute(pool)
        .await?;
    Ok(done.last_insert_rowid())
}

/// Returns the text of a note.
pub async fn text(pool: &SqlitePool, id: i64) -> Result<String> {
    sqlx::query_scalar("SELECT text FROM notes WHERE id = ?")
        .bind(id)
        .fetch_one(pool)
        .await
}

/// Returns all texts in order, read as they are asked for.
pub fn texts(pool: &SqlitePool) -> impl Stream<Item = Result<String>> + Unpin + '_ {
    sqlx::query_scalar("SELECT text FROM notes ORDER BY id").fetch(pool)
}

/// Gives two notes each other's text, or changes nothing.
///
/// Between its two statements it waits for `half_way`.
pub async fn swap(
    pool: &SqlitePool,
    [a, b]: [i64; 2],
    half_way: impl Future<Output = ()>,
) -> Result<()> {
    let [old_a, old_b] = [text(pool, a).await?, text(pool, b).await?];
    let mut transaction = pool.begin().await?;
    set(&mut transaction, a, &old_b).await?;
    half_way.await;
    set(&mut transaction, b, &old_a).await?;
    transaction.commit().await
}

async fn set(connection: &mut sqlx::SqliteConnection, id: i64, text: &str) -> Result<()> {
    sqlx::query("UPDATE notes SET text = ? WHERE id = ?")
        .bind(text)
        .bind(id)
        .execute(connection)
        .await?;
    Ok(())
}
