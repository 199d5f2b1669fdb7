//! The server on `runtime`, which says what is stuck.

use std::net::TcpListener;
use std::sync::mpsc::Sender;

use runtime::runtime::{Builder, Runtime, StallReport};

use crate::ticks::Ticks;
use crate::trap::Trap;
use crate::{Failure, WORKERS};

use runtime as rt;

#[path = "server.rs"]
mod server;

pub(crate) fn start(
    listener: TcpListener,
    trap: &Trap,
    ticks: &Ticks,
    reports: Sender<StallReport>,
) -> Result<Runtime, Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .stall_backtrace()
        .on_stall(move |report| drop(reports.send(report.clone())))
        .enable_all()
        .build()?;
    drop(runtime.spawn(server::serve(listener, trap.clone())));
    drop(runtime.spawn(server::tick(ticks.clone())));
    Ok(runtime)
}
