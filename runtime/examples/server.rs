//! An HTTP/1.1 and HTTP/2 server made with hyper on this runtime, and a load on it to look at.
//!
//! ```text
//! cargo run --release -p runtime --example server              serves until Ctrl-C
//! cargo run --release -p runtime --example server -- --demo    loads itself and reports
//! ```

use std::env;
use std::error::Error;
use std::num::NonZeroUsize;
use std::process::ExitCode;

use runtime::runtime::Builder;

#[path = "server/client.rs"]
mod client;
#[path = "server/demo.rs"]
mod demo;
#[path = "server/latency.rs"]
mod latency;
#[path = "server/listen.rs"]
mod listen;
#[path = "server/metrics_page.rs"]
mod metrics_page;
#[path = "server/options.rs"]
mod options;
#[path = "server/routes.rs"]
mod routes;
#[path = "server/serve.rs"]
mod serve;

use options::{Job, Options};

/// A failure whose message is all that the user needs to see.
type Failure = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let options = match Options::parse(env::args_os().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("server: {message}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    let ended = match options.workers {
        None => with_default_workers(options.job),
        Some(workers) => with_workers(workers, options.job),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("server: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// The usual way into the runtime: one worker for each core.
#[runtime::main]
async fn with_default_workers(job: Job) -> Result<(), Failure> {
    run(job).await
}

/// The way in where the number of workers is known only at run time.
fn with_workers(workers: NonZeroUsize, job: Job) -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(workers.get())
        .enable_all()
        .build()
        .map_err(|error| {
            format!("the runtime does not start: {error}; try fewer --workers than {workers}")
        })?;
    runtime.block_on(run(job))
}

async fn run(job: Job) -> Result<(), Failure> {
    match job {
        Job::Help => println!("{}", options::USAGE),
        Job::Serve { addr } => serve::until_interrupted(addr).await?,
        Job::Demo => demo::run().await?,
    }
    Ok(())
}
