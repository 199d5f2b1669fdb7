//! The schedulers: who runs a task that was woken, and where a thread goes that has none to run.

#[cfg(not(runtime_loom))]
mod block_on;
#[cfg(not(runtime_loom))]
mod blocking_task;
#[cfg(not(runtime_loom))]
mod census;
#[cfg(not(runtime_loom))]
mod config;
#[cfg(not(runtime_loom))]
pub(crate) mod context;
#[cfg(not(runtime_loom))]
pub(crate) mod current_thread;
#[cfg(not(runtime_loom))]
mod handle;
#[cfg(not(runtime_loom))]
mod histogram;
mod inject;
pub(crate) mod multi_thread;
mod queue;
#[cfg(not(runtime_loom))]
mod task_hooks;
mod watch;
#[cfg(not(runtime_loom))]
mod worker_stats;

#[cfg(not(runtime_loom))]
pub(crate) use block_on::block_on_here;
#[cfg(not(runtime_loom))]
pub(crate) use blocking_task::{AtShutdown, BlockingPool, ShuttingDown, shutting_down};
#[cfg(not(runtime_loom))]
pub(crate) use census::{Doing, TaskSeen, ThreadSeen};
#[cfg(not(runtime_loom))]
pub(crate) use config::{Config, Vigilance};
#[cfg(not(runtime_loom))]
pub(crate) use handle::{Handle, WeakHandle};
#[cfg(not(runtime_loom))]
pub(crate) use histogram::Scale;
#[cfg(not(runtime_loom))]
pub use histogram::{
    HistogramConfiguration, HistogramScale, InvalidHistogramConfiguration, LogHistogram,
    LogHistogramBuilder,
};
#[cfg(not(runtime_loom))]
pub use task_hooks::TaskMeta;
#[cfg(not(runtime_loom))]
pub(crate) use task_hooks::{TaskHook, TaskHooks};
#[cfg(all(feature = "backtrace", not(runtime_loom)))]
pub use watch::Backtrace;
#[cfg(not(runtime_loom))]
pub use watch::StallReport;
#[cfg(not(runtime_loom))]
pub(crate) use watch::Tally;
#[cfg(not(runtime_loom))]
pub(crate) use worker_stats::WorkerStats;
