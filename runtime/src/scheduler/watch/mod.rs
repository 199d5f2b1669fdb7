//! How a task that does not come back from its poll is noticed and told of, for both schedulers.
//!
//! A worker is [`Watched`]: it bumps its [`Epoch`] around each poll. A monitor thread
//! has an [`Observer`] for each worker, samples the epochs, and sleeps by its
//! [`Vigil`] while nobody works. With feature `backtrace` a report has the thread's
//! [`stack`], where that can be had.

#[cfg(all(feature = "backtrace", not(runtime_loom)))]
mod backtrace;
#[cfg(all(not(feature = "backtrace"), not(runtime_loom)))]
#[path = "no_backtrace.rs"]
mod backtrace;
mod epoch;
#[cfg(any(
    runtime_loom,
    all(feature = "backtrace", target_os = "linux", target_arch = "x86_64")
))]
mod mailbox;
#[cfg(not(runtime_loom))]
mod observer;
#[cfg(not(runtime_loom))]
mod report;
#[cfg(not(runtime_loom))]
mod reporter;
#[cfg(all(
    feature = "backtrace",
    target_os = "linux",
    target_arch = "x86_64",
    not(runtime_loom)
))]
mod stack;
#[cfg(not(any(
    runtime_loom,
    all(feature = "backtrace", target_os = "linux", target_arch = "x86_64")
)))]
#[path = "no_stack.rs"]
mod stack;
#[cfg(not(runtime_loom))]
mod stall;
#[cfg(not(runtime_loom))]
mod stopwatch;
#[cfg(not(runtime_loom))]
mod tally;
#[cfg(not(runtime_loom))]
mod thread_clock;
mod vigil;
#[cfg(not(runtime_loom))]
mod watched;

#[cfg(all(feature = "backtrace", not(runtime_loom)))]
pub use backtrace::Backtrace;
#[cfg(all(not(feature = "backtrace"), not(runtime_loom)))]
use backtrace::Backtrace;
#[cfg(not(runtime_loom))]
pub(crate) use observer::Observer;
#[cfg(not(runtime_loom))]
pub use report::StallReport;
#[cfg(not(runtime_loom))]
pub(crate) use reporter::{Reporter, TaskDirectory};
#[cfg(not(runtime_loom))]
pub(crate) use tally::Tally;
pub(crate) use vigil::Vigil;
#[cfg(not(runtime_loom))]
pub(crate) use watched::Watched;
