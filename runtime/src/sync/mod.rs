//! Synchronisation between tasks: locks, channels, signals.
//!
//! Everything here also works outside a runtime: it needs nothing but wakers.

#[allow(dead_code)] // until the primitives on it are there
mod permits;
#[allow(dead_code)] // until the primitives on it are there
mod wait_list;

pub use permits::{AcquireError, TryAcquireError};
