//! Where the servers are, and what their errors come to in one line.

use std::env;
use std::error::Error;
use std::io;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};
use tokio::process::Command;
use tokio_postgres::{Client, Config, NoTls};

use crate::Result;

/// For servers that do not answer.
pub const TIMEOUT: Duration = Duration::from_millis(300);

/// A server of PostgreSQL, or somebody in its place.
#[derive(Clone)]
pub struct Server {
    port: u16,
    /// The processes of the server that may be killed.
    group: Option<String>,
}

impl Server {
    pub fn to_work_with() -> Result<Self> {
        let port = env::var("POSTGRES_PORT")?.parse()?;
        Ok(Self { port, group: None })
    }

    pub fn to_kill() -> Result<Self> {
        let port = env::var("POSTGRES_DOOMED_PORT")?.parse()?;
        let group = Some(env::var("POSTGRES_DOOMED_GROUP")?);
        Ok(Self { port, group })
    }

    pub fn on(port: u16) -> Self {
        Self { port, group: None }
    }

    /// Kills all its processes at once.
    pub async fn kill(&self) -> Result {
        let group = self.group.as_ref().ok_or("not the one to kill")?;
        let status = Command::new("kill")
            .args(["-KILL", "--", &format!("-{group}")])
            .status()
            .await?;
        if !status.success() {
            return Err("could not kill the server".into());
        }
        Ok(())
    }

    pub fn for_sqlx(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(self.port)
            .username("postgres")
            .database("postgres")
            .ssl_mode(PgSslMode::Disable)
    }

    /// A pool that connects when it is asked.
    pub fn pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .connect_lazy_with(self.for_sqlx())
    }

    /// A pool that soon gives up.
    pub fn hasty_pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(TIMEOUT)
            .connect_lazy_with(self.for_sqlx())
    }

    pub fn for_tokio_postgres(&self) -> Config {
        let mut config = Config::new();
        config
            .host("127.0.0.1")
            .port(self.port)
            .user("postgres")
            .dbname("postgres");
        config
    }

    /// A client of tokio-postgres, whose connection is served by a task.
    pub async fn client(&self) -> std::result::Result<Client, tokio_postgres::Error> {
        let (client, connection) = self.for_tokio_postgres().connect(NoTls).await?;
        // It ends when the client is dropped; its error is that of the client's calls, too.
        tokio::spawn(connection);
        Ok(client)
    }
}

/// Says what came of something, without addresses.
pub fn outcome<T, E: Error + 'static>(result: std::result::Result<T, E>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => root(&error),
    }
}

fn root(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) => error.kind().to_string(),
        None => root.to_string(),
    }
}
