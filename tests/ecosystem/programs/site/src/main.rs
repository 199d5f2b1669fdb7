//! A small server of axum on two workers. Two of its pages block, as a handler should not.
//!
//! It prints its port, and a line for each request that blocks; it ends when its input does.

use std::hint;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

const BLOCKED: Duration = Duration::from_secs(3);

#[tokio::main(worker_threads = 2)]
async fn main() -> io::Result<()> {
    let site = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/block", get(block))
        .route("/compute", get(compute));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, site)
        .with_graceful_shutdown(input_ends())
        .await
}

/// As a call of a database by a library that is not asynchronous.
async fn block() -> &'static str {
    println!("blocks");
    thread::sleep(BLOCKED);
    "was asleep"
}

/// As the making of a large document.
async fn compute() -> &'static str {
    println!("computes");
    let began = Instant::now();
    while began.elapsed() < BLOCKED {
        hint::spin_loop();
    }
    "was busy"
}

async fn input_ends() {
    let (mut input, mut nowhere) = (tokio::io::stdin(), tokio::io::sink());
    // An input that cannot be read has ended, too.
    let _ = tokio::io::copy(&mut input, &mut nowhere).await;
}
