//! A server that keeps answering while requests have put every worker into an endless loop.
//!
//! ```text
//! cargo run --release -p runtime --example stuck              serves until it is killed
//! cargo run --release -p runtime --example stuck -- --demo    shows it by itself, with figures
//! ```
//!
//! `GET /` is answered at once. `GET /stuck` loops, as code does that never yields. Ask for `/stuck` as
//! often as the machine has cores, then for `/`.

use std::env;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use runtime::net::TcpListener;
use runtime::runtime::{Builder, Runtime, StallReport};

#[path = "stuck/client.rs"]
mod client;
#[path = "stuck/demo.rs"]
mod demo;
#[path = "server/latency.rs"]
mod latency;
#[path = "stuck/server.rs"]
mod server;
#[path = "stuck/ticker.rs"]
mod ticker;
#[path = "stuck/trap.rs"]
mod trap;

use trap::{Trap, Way};

/// A failure whose message is all that the user needs to see.
type Failure = Box<dyn Error + Send + Sync>;

const USAGE: &str = "\
A server that keeps answering while every worker is stuck.

Usage: cargo run --release -p runtime --example stuck -- [--demo [WAY] | IP:PORT]

  --demo    gets every worker stuck by itself, reports for about six seconds, and exits;
            WAY is `loop` [default], `mutex` (held by a thread) or `read` (blocking)
  IP:PORT   where to listen [default: 127.0.0.1:3000]

Routes:
  GET /       is answered at once
  GET /stuck  loops for a minute without yielding";

const DEFAULT_ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 3000);

/// By this time a stall has been reported, with its backtrace.
const REPORTED_AGAIN: Duration = Duration::from_millis(200);

/// Below the first lines of a backtrace is the server's library.
const SHOWN_LINES: usize = 16;

/// How long a request to `/stuck` loops if nobody ends it.
const LONGEST_LOOP: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let argument = env::args().nth(1);
    let ended = match argument.as_deref() {
        None => serve(DEFAULT_ADDR),
        Some("--demo") => match way_of_demo() {
            Some(way) => demo::run(way),
            None => return wrong_usage("a demo is one of `loop`, `mutex` and `read`"),
        },
        Some("--help" | "-h") => {
            println!("{USAGE}");
            Ok(())
        }
        Some(text) => match text.parse() {
            Ok(addr) => serve(addr),
            Err(_) => return wrong_usage(&format!("unknown argument `{text}`")),
        },
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("stuck: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What follows `--demo`.
fn way_of_demo() -> Option<Way> {
    let name = env::args().nth(2);
    name.map_or(Some(Way::Loop), |name| Way::from_name(&name))
}

fn wrong_usage(fault: &str) -> ExitCode {
    eprintln!("stuck: {fault}\n\n{USAGE}");
    ExitCode::from(2)
}

fn serve(addr: SocketAddr) -> Result<(), Failure> {
    let runtime = reporting_runtime()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(addr)
            .await
            .map_err(|error| format!("cannot listen on {addr}: {error}; choose another address"))?;
        println!("listening on http://{}", listener.local_addr()?);
        server::serve(listener, Trap::new(Way::Loop, LONGEST_LOOP)?).await;
        Ok(())
    })
}

/// Prints a report, the first one on a stall with the innermost functions.
fn tell(stall: &StallReport) {
    println!("  report: {stall}");
    if let (Some(backtrace), true) = (stall.backtrace(), stall.elapsed() < REPORTED_AGAIN) {
        for line in backtrace.to_string().lines().take(SHOWN_LINES) {
            println!("    {line}");
        }
    }
}

/// A runtime that says which task is stuck, while it is.
///
/// A thread of its own prints: looking names up for a backtrace takes longer than others should be
/// left unwatched.
fn reporting_runtime() -> Result<Runtime, Failure> {
    let (send, reports) = channel();
    thread::spawn(move || reports.iter().for_each(|report| tell(&report)));
    let runtime = Builder::new_multi_thread()
        .stall_backtrace()
        .on_stall(move |report| drop(send.send(report.clone())))
        .enable_all()
        .build()?;
    Ok(runtime)
}
