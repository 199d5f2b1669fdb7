//! A server that keeps answering while requests have put every worker into an endless loop, and the same
//! server on tokio.
//!
//! ```text
//! cargo run --release -p runtime --example stuck -- --demo    shows it by itself, with figures
//! cargo run --release -p runtime --example stuck              serves until it is killed
//! cargo run --release -p runtime --example stuck -- --tokio   does so on tokio
//! ```
//!
//! `GET /` is answered at once. `GET /stuck` loops, as code does that never yields. Ask twice for `/stuck`,
//! as there are two workers, then for `/`.
#![expect(
    clippy::duplicate_mod,
    reason = "the server is compiled for both runtimes, to show that its source is the same"
)]

use std::env;
use std::error::Error;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

#[path = "stuck/client.rs"]
mod client;
#[path = "stuck/demo.rs"]
mod demo;
#[path = "server/latency.rs"]
mod latency;
#[path = "server/listen.rs"]
mod listen;
#[path = "stuck/on_runtime.rs"]
mod on_runtime;
#[path = "stuck/on_tokio.rs"]
mod on_tokio;
#[path = "stuck/options.rs"]
mod options;
#[path = "stuck/reports.rs"]
mod reports;
#[path = "stuck/ticks.rs"]
mod ticks;
#[path = "stuck/trap.rs"]
mod trap;

use options::Job;
use ticks::Ticks;
use trap::{Trap, Way};

/// A failure whose message is all that the user needs to see.
type Failure = Box<dyn Error + Send + Sync>;

const WORKERS: usize = 2;

/// How long a request to `/stuck` loops if nobody ends it.
const LONGEST_LOOP: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let job = match Job::parse(env::args().skip(1)) {
        Ok(job) => job,
        Err(fault) => {
            eprintln!("stuck: {fault}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let ended = match job {
        Job::Help => {
            println!("{}", options::USAGE);
            Ok(())
        }
        Job::Demo(way) => demo::run(way),
        Job::Serve { addr, on_tokio } => serve(addr, on_tokio),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("stuck: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the process is killed. An orderly end would wait for who is stuck.
fn serve(addr: SocketAddr, on_tokio: bool) -> Result<(), Failure> {
    let listener = TcpListener::bind(addr).map_err(|error| listen::fault(addr, &error))?;
    println!("listening on http://{}", listener.local_addr()?);
    let (trap, ticks) = (Trap::new(Way::Loop, LONGEST_LOOP)?, Ticks::default());
    let (send, told) = channel();
    if on_tokio {
        let _runtime = on_tokio::start(listener, &trap, &ticks)?;
        park_for_ever()
    } else {
        let _runtime = on_runtime::start(listener, &trap, &ticks, send)?;
        reports::print_all(told);
        Ok(())
    }
}

fn park_for_ever() -> ! {
    loop {
        thread::park();
    }
}
