//! Where the servers are, and what their errors come to in one line.

use std::env;
use std::error::Error;
use std::io;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection, PubSub};
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult};
use tokio::process::Command;

use crate::Result;

/// For servers that do not answer.
pub const TIMEOUT: Duration = Duration::from_millis(300);

/// A server of Redis, or somebody in its place.
#[derive(Clone)]
pub struct Server {
    port: u16,
    /// The processes of the server that may be killed.
    group: Option<String>,
}

impl Server {
    pub fn to_work_with() -> Result<Self> {
        Ok(Self::on(env::var("REDIS_PORT")?.parse()?))
    }

    pub fn to_kill() -> Result<Self> {
        let port = env::var("REDIS_DOOMED_PORT")?.parse()?;
        let group = Some(env::var("REDIS_DOOMED_GROUP")?);
        Ok(Self { port, group })
    }

    pub fn on(port: u16) -> Self {
        Self { port, group: None }
    }

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

    /// A client with the third version of the protocol, which has messages beside answers.
    pub fn client(&self) -> RedisResult<Client> {
        Client::open(format!("redis://127.0.0.1:{}/?protocol=resp3", self.port))
    }

    /// A connection that waits for answers as long as it takes.
    pub async fn connection(&self) -> RedisResult<MultiplexedConnection> {
        let patient = AsyncConnectionConfig::new().set_response_timeout(None);
        let client = self.client()?;
        client
            .get_multiplexed_async_connection_with_config(&patient)
            .await
    }

    /// A connection that gives up soon.
    pub async fn hasty_connection(&self) -> RedisResult<MultiplexedConnection> {
        let hasty = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(Some(TIMEOUT));
        let client = self.client()?;
        client
            .get_multiplexed_async_connection_with_config(&hasty)
            .await
    }

    /// A connection that is made anew when it breaks; not patient either.
    pub async fn manager(&self) -> RedisResult<ConnectionManager> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(2)
            .set_min_delay(Duration::from_millis(10))
            .set_connection_timeout(Some(TIMEOUT))
            .set_response_timeout(None);
        ConnectionManager::new_with_config(self.client()?, config).await
    }

    pub async fn subscriber(&self) -> RedisResult<PubSub> {
        self.client()?.get_async_pubsub().await
    }
}

/// Says what came of something, without addresses.
pub fn outcome<T>(result: RedisResult<T>) -> String {
    match result {
        Ok(_) => "success".to_owned(),
        Err(error) => described(&error),
    }
}

fn described(error: &RedisError) -> String {
    let kinds = [
        (error.is_timeout(), "timeout"),
        (error.is_connection_refusal(), "refused"),
        (error.is_connection_dropped(), "dropped"),
        (error.is_io_error(), "i/o"),
        (error.is_unrecoverable_error(), "for good"),
    ];
    let kinds: Vec<_> = kinds
        .iter()
        .filter(|kind| kind.0)
        .map(|kind| kind.1)
        .collect();
    match kinds[..] {
        [] => root(error),
        _ => format!("{} ({})", root(error), kinds.join(", ")),
    }
}

fn root(error: &(dyn Error + 'static)) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) => error.kind().to_string(),
        None => root
            .to_string()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" "),
    }
}
