//! The runtime itself: build it, block on it, hold handles to it, look into it.

mod builder;
pub mod dump;
mod handle;
mod here;
mod local;
mod metrics;
mod owner;
mod rng_seed;
mod threads;

#[cfg(feature = "backtrace")]
pub use crate::scheduler::Backtrace;
pub use crate::scheduler::{
    HistogramConfiguration, HistogramScale, InvalidHistogramConfiguration, LogHistogram,
    LogHistogramBuilder, StallReport, TaskMeta,
};
pub use builder::{Builder, UnhandledPanic};
pub use handle::{EnterGuard, Handle, Id, RuntimeFlavor, TryCurrentError};
pub use here::{is_rt_shutdown_err, worker_index};
pub use local::{LocalOptions, LocalRuntime};
pub use metrics::RuntimeMetrics;
pub use owner::Runtime;
pub use rng_seed::RngSeed;

// Crate and module share a name: after `use runtime::runtime;` the paths `runtime::spawn` and
// `#[runtime::main]` must go on working.
#[doc(hidden)]
pub use crate::*;
