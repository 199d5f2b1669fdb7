//! What console-subscriber tells of the tasks of this process, to a client that asks as the console does.
//!
//! It serves from a thread and a runtime of its own; the client is a task among those that are looked at.

mod bad_input;
mod stuck;
mod view;
mod work;

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use console_subscriber::ConsoleLayer;
use tracing_subscriber::prelude::*;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Result {
    let address = free_port()?;
    let layer = ConsoleLayer::builder()
        .server_addr(address)
        .publish_interval(Duration::from_millis(50))
        .spawn();
    tracing_subscriber::registry().with(layer).init();
    run(address)
}

#[tokio::main(worker_threads = 2)]
async fn run(address: SocketAddr) -> Result {
    println!("[work]");
    work::told(address).await?;

    println!("[bad input]");
    bad_input::nobody_listens().await?;
    bad_input::a_client_that_leaves(address).await?;
    bad_input::nobodys_task(address).await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report(address).await
}

fn free_port() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
