//! Statements that are wrong, servers that are dead or deaf, and a pool that is full.

use std::io;

use sqlx::{Connection, PgConnection, PgPool};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::Result;
use crate::accounts;
use crate::servers::{Server, TIMEOUT, outcome};

pub async fn statements(server: &Server) -> Result {
    let pool = server.pool(1);
    let client = server.client().await?;
    for statement in [
        "select nonsense",
        "selec 1",
        "insert into accounts values (0, 0)",
        "select 1 / 0",
    ] {
        println!(
            "sqlx: {}",
            outcome(sqlx::raw_sql(statement).execute(&pool).await)
        );
        println!(
            "tokio-postgres: {}",
            outcome(client.batch_execute(statement).await)
        );
    }
    println!("after all that: {}", accounts::total(&pool).await?);

    let nowhere = server.for_sqlx().database("nowhere");
    println!(
        "sqlx: {}",
        outcome(PgConnection::connect_with(&nowhere).await)
    );
    Ok(())
}

/// What a server does that is not one.
#[derive(Clone, Copy)]
enum Behaviour {
    Sends(&'static str),
    Sleeps,
}

pub async fn servers(_: &Server) -> Result {
    let gone = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
    tried("nobody listens", &Server::on(gone.port())).await;
    for (what, behaviour) in [
        ("hangs up", Behaviour::Sends("")),
        (
            "is not PostgreSQL",
            Behaviour::Sends("220 ready, and so on\r\n"),
        ),
        (
            "refuses",
            Behaviour::Sends("E\0\0\0\x1dSFATAL\0C53300\0Mtoo many\0\0"),
        ),
        ("does not answer", Behaviour::Sleeps),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Server::on(listener.local_addr()?.port());
        let bad = tokio::spawn(serve_badly(listener, behaviour));
        tried(&format!("a server that {what}"), &server).await;
        bad.abort();
    }
    Ok(())
}

async fn serve_badly(listener: TcpListener, behaviour: Behaviour) -> io::Result<()> {
    let mut deaf = Vec::new();
    loop {
        let (mut stream, _) = listener.accept().await?;
        match behaviour {
            Behaviour::Sends(bytes) => {
                // What the client sends is read, so that hanging up does not reset.
                let _ = stream.read(&mut [0; 1024]).await?;
                stream.write_all(bytes.as_bytes()).await?;
            }
            Behaviour::Sleeps => deaf.push(stream),
        }
    }
}

/// Connects in each way and says what came of it.
async fn tried(what: &str, server: &Server) {
    let options = server.for_sqlx();
    let connection = timeout(TIMEOUT, PgConnection::connect_with(&options)).await;
    println!("{what}: sqlx: {}", in_time(connection));
    println!(
        "{what}: a pool: {}",
        outcome(server.hasty_pool(1).acquire().await)
    );
    println!(
        "{what}: tokio-postgres: {}",
        in_time(timeout(TIMEOUT, server.client()).await)
    );
}

fn in_time<T, E: std::error::Error + 'static>(
    result: std::result::Result<std::result::Result<T, E>, tokio::time::error::Elapsed>,
) -> String {
    match result {
        Ok(result) => outcome(result),
        Err(elapsed) => elapsed.to_string(),
    }
}

/// All connections are taken.
pub async fn full_pool(server: &Server) -> Result {
    const CONNECTIONS: u32 = 2;
    let pool: PgPool = server.hasty_pool(CONNECTIONS);
    let mut taken = Vec::new();
    for _ in 0..CONNECTIONS {
        taken.push(pool.acquire().await?);
    }
    println!("a full pool: {}", outcome(accounts::total(&pool).await));

    let waiting = tokio::spawn({
        let pool = pool.clone();
        async move { outcome(accounts::total(&pool).await) }
    });
    drop(taken);
    println!("once they are given back: {}", waiting.await?);
    Ok(())
}
