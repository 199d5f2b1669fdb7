//! A chat over WebSocket under TLS: tokio-tungstenite, tokio-rustls.
//!
//! Everything runs in one process on two workers and prints what came of it.

mod bad_input;
mod certificates;
mod client;
mod server;
mod stuck;
mod talk;

use std::error::Error;

use certificates::Authority;
use server::Server;

/// What comes of anything that can go wrong, between tasks, too.
type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result {
    let authority = Authority::new("the chat's")?;
    let mut server = Server::start(authority.acceptor()?).await?;

    println!("[talk]");
    talk::all_hear_all(&server, &authority).await?;
    talk::some_leave(&mut server, &authority).await?;

    println!("[bad input]");
    bad_input::handshakes(&mut server, &authority).await?;
    bad_input::clients_without_certificates(&authority).await?;
    bad_input::messages(&mut server, &authority).await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report(&authority).await
}
