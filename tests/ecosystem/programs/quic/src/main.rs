//! Streams and datagrams over QUIC: a server and its clients, by quinn.
//!
//! Everything runs in one process on two workers and prints what came of it.

mod bad_input;
mod endpoints;
mod server;
mod streams;
mod stuck;
mod work;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result {
    println!("[work]");
    work::echoes().await?;
    work::datagrams().await?;
    work::another_socket().await?;
    streams::half_way().await?;
    streams::reset_and_stopped().await?;
    work::end().await?;

    println!("[bad input]");
    bad_input::handshakes().await?;
    bad_input::nobody_listens().await?;
    bad_input::noise().await?;
    bad_input::a_server_that_falls_silent().await?;

    // Last: on tokio itself the others wait for those who are stuck.
    println!("[stuck]");
    stuck::report().await
}
