//! A bank on PostgreSQL, through sqlx's pool and through tokio-postgres.
//!
//! The variables that `servers postgres` sets say where the servers are. Everything runs in one
//! process on two workers and prints what came of it.

mod accounts;
mod bad_input;
mod cancelled;
mod killed;
mod notices;
mod servers;
mod stuck;
mod work;

use std::error::Error;

use servers::Server;

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result {
    let server = Server::to_work_with()?;

    println!("[work]");
    accounts::open(&server).await?;
    work::through_a_pool(&server).await?;
    work::through_one_connection(&server).await?;
    notices::through_a_pool(&server).await?;
    notices::through_one_connection(&server).await?;

    println!("[cancelled]");
    cancelled::through_a_pool(&server).await?;
    cancelled::through_one_connection(&server).await?;

    println!("[bad input]");
    bad_input::statements(&server).await?;
    bad_input::servers(&server).await?;
    bad_input::full_pool(&server).await?;
    killed::in_mid_query(&Server::to_kill()?).await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report(&server).await
}
