//! What needs a process of its own to be measured: memory, drops, precision, idleness.
//!
//! The report starts itself again as a child with `--probe`, which measures one thing on one
//! runtime and prints one `name value` a line.

mod comparison;
mod idle;
mod live_tasks;
mod sleep;
mod sockets;

pub(super) use comparison::compare;

use std::io;
use std::time::Duration;

use lexopt::ValueExt;

use super::watchdog::Watchdog;
use crate::UnderTest;
use crate::under_test::{Ours, Smol, Tokio};

/// A child takes no longer unless it hangs.
const PROBE_LIMIT: Duration = Duration::from_secs(60);

/// Worker threads of a runtime that is probed.
const WORKERS: usize = 2;

/// What a child is to measure.
#[derive(Debug)]
pub struct Request {
    probe: String,
    runtime: String,
    amount: u32,
}

/// What a probe found, by name.
type Findings = Vec<(&'static str, f64)>;

impl Request {
    /// Reads what follows `--probe`: the probe, the runtime and the amount.
    pub(super) fn from_args(parser: &mut lexopt::Parser) -> Result<Self, lexopt::Error> {
        Ok(Self {
            probe: parser.value()?.string()?,
            runtime: parser.value()?.string()?,
            amount: parser.value()?.parse()?,
        })
    }
}

/// Measures in this process and prints what was found, for the parent to read.
pub(super) fn run(request: &Request) -> io::Result<()> {
    let what = format!("{} on {}", request.probe, request.runtime);
    let _watchdog = Watchdog::watch(what, PROBE_LIMIT);
    let findings = match request.runtime.as_str() {
        Ours::NAME => run_on::<Ours>(request),
        Tokio::NAME => run_on::<Tokio>(request),
        Smol::NAME => run_on::<Smol>(request),
        _ => Err(unknown("runtime", &request.runtime)),
    }?;
    for (name, value) in findings {
        println!("{name} {value}");
    }
    Ok(())
}

fn run_on<R: UnderTest>(request: &Request) -> io::Result<Findings> {
    match request.probe.as_str() {
        live_tasks::NAME => live_tasks::run::<R>(request.amount),
        sockets::NAME => sockets::run::<R>(request.amount),
        sleep::NAME => sleep::run::<R>(request.amount),
        idle::NAME => idle::run::<R>(request.amount),
        other => Err(unknown("probe", other)),
    }
}

fn unknown(what: &str, name: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("no {what} is called {name}"),
    )
}
