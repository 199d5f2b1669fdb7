//! How a task that does not come back from its poll is noticed and told of, for both schedulers.
//!
//! A worker is [`Watched`]: it bumps its [`Epoch`] around each poll. A monitor thread
//! has an [`Observer`] for each worker, samples the epochs, and sleeps by its
//! [`Vigil`] while nobody works.

mod epoch;
#[cfg(not(runtime_loom))]
mod observer;
#[cfg(not(runtime_loom))]
mod report;
#[cfg(not(runtime_loom))]
mod stopwatch;
#[cfg(not(runtime_loom))]
mod tally;
#[cfg(not(runtime_loom))]
mod thread_clock;
mod vigil;
#[cfg(not(runtime_loom))]
mod watched;

#[cfg(not(runtime_loom))]
pub(crate) use observer::{Observer, interval_for};
#[cfg(not(runtime_loom))]
pub use report::StallReport;
#[cfg(not(runtime_loom))]
pub(crate) use tally::Tally;
pub(crate) use vigil::Vigil;
#[cfg(not(runtime_loom))]
pub(crate) use watched::Watched;
