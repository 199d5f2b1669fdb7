//! A service that adds numbers up: tonic over its own transport, all kinds of calls.
//!
//! Everything runs in one process on two workers and prints what came of it.

mod bad_input;
mod calls;
mod messages;
mod server;
mod service;
mod stuck;

mod sums {
    include!(concat!(env!("OUT_DIR"), "/sums.Sums.rs"));
}

use std::error::Error;

use server::Server;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start().await?;
    let client = server.client().await?;

    println!("[calls]");
    calls::unary(&client).await?;
    calls::streams(&client).await?;
    calls::given_up(&client, &server).await?;
    calls::at_the_end(server, client).await?;

    println!("[bad input]");
    bad_input::requests().await?;
    bad_input::servers().await?;
    bad_input::full_backlog().await?;
    bad_input::server_that_dies().await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report().await
}
