//! An echo server that takes no more connections than it can serve, and ends in an orderly way.
//!
//! ```text
//! cargo run --release -p runtime --example guarded            # serves on port 8080 until control and C
//! cargo run --release -p runtime --example guarded -- --demo  # overloads itself, then ends by itself
//! ```

use std::env;
use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use runtime::io::{AsyncReadExt, AsyncWriteExt, copy};
use runtime::net::{TcpListener, TcpStream};
use runtime::serve::{Acceptor, Shutdown};
use runtime::signal::shutdown_requested;
use runtime::time::{Duration, sleep};

#[path = "server/listen.rs"]
mod listen;

/// A failure whose message is all that the user needs to see.
type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str = "\
An echo server with a limit to its connections and an orderly end.

Usage: cargo run --release -p runtime --example guarded -- [OPTIONS]

Options:
  --demo            on a free port, open more connections than are allowed, then end
  --addr <IP:PORT>  where to listen [default: 127.0.0.1:8080]; port 0 takes a free one
  --help            print this";

const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const FREE_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

const CONNECTIONS: usize = 100;
const TIME_TO_FINISH: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let ended = match arguments[..] {
        ["--help" | "-h"] => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        [] => run(DEFAULT_ADDR, false),
        ["--demo"] => run(FREE_ADDR, true),
        ["--addr", addr] => match addr.parse() {
            Ok(addr) => run(addr, false),
            Err(_) => return wrong_usage(&format!("`{addr}` is no IP address with a port")),
        },
        _ => return wrong_usage(&format!("cannot make sense of `{}`", arguments.join(" "))),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("guarded: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn wrong_usage(fault: &str) -> ExitCode {
    eprintln!("guarded: {fault}\n\n{USAGE}");
    ExitCode::from(2)
}

#[runtime::main]
async fn run(addr: SocketAddr, demo: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind(addr)
        .await
        .map_err(|error| listen::fault(addr, &error))?;
    let addr = listener.local_addr()?;
    println!("echoing on {addr}, for {CONNECTIONS} connections at a time");

    let shutdown = Shutdown::new();
    let ending = shutdown.clone();
    runtime::spawn(async move {
        match demo {
            true => overload(addr).await.expect("loopback carries it"),
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
