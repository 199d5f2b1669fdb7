//! One facade over the threads, locks and atomics that everything above is built of.
//!
//! Two backends stand behind it: [`real`] (std and parking_lot) and, under `--cfg runtime_loom`,
//! [`model`] (loom). No other file names any of the three (but for a counter of `raw_task/id.rs`
//! that must be static), so whatever synchronises in this crate can be model-checked.

#[cfg(not(runtime_loom))]
mod brief_lock;
#[cfg(not(runtime_loom))]
mod real;
#[cfg(not(runtime_loom))]
pub(crate) use real::{cell, sync, thread};

#[cfg(runtime_loom)]
mod model;
#[cfg(runtime_loom)]
pub(crate) use model::{cell, sync, thread};
