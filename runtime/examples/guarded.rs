//! An echo server that takes no more connections than it can serve, and ends in an orderly way.
//!
//! ```text
//! cargo run --release -p runtime --example guarded            # serves on port 8080 until control and C
//! cargo run --release -p runtime --example guarded -- --demo  # overloads itself, then ends by itself
//! ```

use std::io;

use runtime::io::{AsyncReadExt, AsyncWriteExt, copy};
use runtime::net::{TcpListener, TcpStream};
use runtime::serve::{Acceptor, Shutdown};
use runtime::signal::shutdown_requested;
use runtime::time::{Duration, sleep};

const CONNECTIONS: usize = 100;
const TIME_TO_FINISH: Duration = Duration::from_secs(2);

#[runtime::main]
async fn main() -> io::Result<()> {
    let demo = std::env::args().any(|argument| argument == "--demo");
    let address = if demo {
        "127.0.0.1:0"
    } else {
        "127.0.0.1:8080"
    };
    let listener = TcpListener::bind(address).await?;
    let address = listener.local_addr()?;
    println!("echoing on {address}, for {CONNECTIONS} connections at a time");

    let shutdown = Shutdown::new();
    let ending = shutdown.clone();
    runtime::spawn(async move {
        match demo {
            true => overload(address).await.expect("loopback carries it"),
            false => drop(shutdown_requested().await),
        }
        ending.start();
    });

    let acceptor =
        Acceptor::new(listener, CONNECTIONS).on_overload(|it| println!("overload: {it}"));
    serve(&acceptor, &shutdown).await?;

    println!("ending: {} connections are under way", shutdown.under_way());
    let outcome = shutdown.finish(TIME_TO_FINISH).await;
    let finished = outcome.under_way - outcome.cancelled;
    println!(
        "{finished} have finished, {} were cut off, {} remain",
        outcome.cancelled,
        outcome.remaining.len()
    );
    println!("{:?}", acceptor.counts());
    Ok(())
}

/// Serves until the end is asked for.
async fn serve(acceptor: &Acceptor<TcpListener>, shutdown: &Shutdown) -> io::Result<()> {
    while let Some(accepted) = shutdown.unless_started(acceptor.accept()).await {
        let (connection, peer) = accepted?;
        shutdown.spawn(format!("echo to {peer}"), async move {
            let (mut reader, mut writer) = connection.into_split();
            copy(&mut reader, &mut writer).await
        });
    }
    Ok(())
}

/// Opens half as many connections again as are allowed; some of them end, the others stay.
async fn overload(address: std::net::SocketAddr) -> io::Result<()> {
    let mut served = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut stream = TcpStream::connect(address).await?;
        echo(&mut stream).await?;
        served.push(stream);
    }
    let mut waiting = Vec::new();
    for _ in 0..CONNECTIONS / 2 {
        waiting.push(TcpStream::connect(address).await?);
    }
    println!(
        "{} are served, {} wait in the system's queue",
        served.len(),
        waiting.len()
    );
    served.truncate(CONNECTIONS / 2);
    for stream in &mut waiting {
        echo(stream).await?;
    }
    println!(
        "as {} have gone, those who waited were served",
        waiting.len()
    );
    // These go while the server lets finish what is under way; the others stay until they are cut off.
    runtime::spawn(async move {
        sleep(TIME_TO_FINISH / 4).await;
        drop(waiting);
        sleep(2 * TIME_TO_FINISH).await;
        drop(served);
    });
    Ok(())
}

async fn echo(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(b"hello").await?;
    stream.read_exact(&mut [0; 5]).await.map(drop)
}
