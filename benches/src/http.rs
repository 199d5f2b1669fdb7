//! HTTP/1.1 hello servers with hyper under the load of `wrk`.
//!
//! Three servers are compared: hyper on this runtime, hyper on tokio, and the floor: no
//! framework, no parsing, one read and one write a request.

mod comparison;
mod cpu_time;
mod floor;
mod options;
mod server;
mod serves;
mod wrk;

pub use comparison::compare;
pub use options::{Command, Options, ServerOptions};

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use crate::UnderTest;
use crate::under_test::{Ours, Tokio};
use crate::workload::compute_for;

const BODY: &str = "Hello, world!";
const BURN: Duration = Duration::from_millis(1);

/// Starts a server and returns when its time is over.
///
/// # Errors
///
/// Answers with the error of a runtime or socket that could not be had.
pub fn serve(options: &ServerOptions) -> io::Result<()> {
    match options.runtime.as_str() {
        Ours::NAME => server::start::<Ours>(options)?.keep(options.seconds),
        Tokio::NAME => server::start::<Tokio>(options)?.keep(options.seconds),
        floor::NAME => {
            floor::start(options)?;
            thread::sleep(options.seconds);
        }
        other => {
            let message = format!("no server is called {other}");
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
    }
    Ok(())
}

/// Burns a millisecond in one request out of `every`; in none if that is zero.
#[derive(Debug)]
struct Burner {
    every: u32,
    requests: AtomicU32,
}

impl Burner {
    fn new(every: u32) -> Self {
        Self {
            every,
            requests: AtomicU32::new(0),
        }
    }

    fn request(&self) {
        if self.every == 0 {
            return;
        }
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        if request.is_multiple_of(self.every) {
            compute_for(BURN);
        }
    }
}
