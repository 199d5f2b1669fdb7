//! The schedulers: who runs a task that was woken, and where a thread goes that has none to run.

#[cfg(not(runtime_loom))]
mod block_on;
#[cfg(not(runtime_loom))]
mod blocking_task;
#[cfg(not(runtime_loom))]
mod config;
#[cfg(not(runtime_loom))]
pub(crate) mod context;
#[cfg(not(runtime_loom))]
pub(crate) mod current_thread;
mod epoch;
#[cfg(not(runtime_loom))]
mod handle;
mod inject;
pub(crate) mod multi_thread;
mod queue;
#[cfg(not(runtime_loom))]
mod stall;
mod vigil;
#[cfg(not(runtime_loom))]
mod watch;

#[cfg(not(runtime_loom))]
pub(crate) use block_on::block_on_here;
#[cfg(not(runtime_loom))]
pub(crate) use blocking_task::BlockingPool;
#[cfg(not(runtime_loom))]
pub(crate) use config::{Callback, Config, Vigilance};
#[cfg(not(runtime_loom))]
pub(crate) use handle::{Handle, WeakHandle};
#[cfg(not(runtime_loom))]
pub use stall::StallReport;
