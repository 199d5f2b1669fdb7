//! The same server on tokio.

use std::net::TcpListener;

use tokio::runtime::{Builder, Runtime};

use crate::ticks::Ticks;
use crate::trap::Trap;
use crate::{Failure, WORKERS};

use tokio as rt;

#[path = "server.rs"]
mod server;

pub(crate) fn start(listener: TcpListener, trap: &Trap, ticks: &Ticks) -> Result<Runtime, Failure> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()?;
    drop(runtime.spawn(server::serve(listener, trap.clone())));
    drop(runtime.spawn(server::tick(ticks.clone())));
    Ok(runtime)
}
