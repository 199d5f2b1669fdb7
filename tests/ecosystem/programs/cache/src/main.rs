//! Redis through connections that many tasks share, and channels of messages.
//!
//! The variables that `servers redis` sets say where the servers are. Everything runs in one
//! process on two workers and prints what came of it.

mod bad_input;
mod cancelled;
mod killed;
mod messages;
mod servers;
mod stuck;
mod work;

use servers::Server;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result {
    let server = Server::to_work_with()?;

    println!("[work]");
    work::count(&server).await?;
    work::transactions(&server).await?;
    work::large_values(&server).await?;
    messages::to_subscribers(&server).await?;
    messages::beside_answers(&server).await?;

    println!("[cancelled]");
    cancelled::dropped(&server).await?;
    cancelled::too_late(&server).await?;

    println!("[bad input]");
    bad_input::commands(&server).await?;
    bad_input::servers().await?;
    killed::connections(&server).await?;
    killed::server(&Server::to_kill()?).await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report(&server).await
}
