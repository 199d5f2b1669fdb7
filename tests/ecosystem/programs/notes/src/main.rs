//! A service that keeps notes: axum in front of sqlx on SQLite, and a reqwest client.
//!
//! Everything runs in one process on two workers and prints what came of it.

mod bad_input;
mod client;
mod handlers;
mod server;
mod store;
mod stuck;
mod work;

use std::error::Error;

use client::Client;
use server::Server;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("notes-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let result = run(&folder).await;
    std::fs::remove_dir_all(&folder)?;
    result
}

async fn run(folder: &std::path::Path) -> Result<(), Box<dyn Error>> {
    let pool = store::open(&folder.join("notes.sqlite")).await?;
    let server = Server::start(pool.clone()).await?;
    let client = Client::new(server.address);

    println!("[work]");
    work::write_and_read(&client).await?;
    work::swap(&client).await?;
    work::go_away_in_a_transaction(&client, &server).await?;

    println!("[bad input]");
    bad_input::requests(server.address).await?;
    bad_input::servers().await?;
    bad_input::full_backlog().await?;
    bad_input::full_pool(&client, &server).await?;

    println!("[end]");
    work::end(server, client).await?;
    pool.close().await;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report(&folder.join("stuck.sqlite")).await
}
