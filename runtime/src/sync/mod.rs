//! Synchronisation between tasks: locks, channels, signals.
//!
//! Everything here also works outside a runtime: it needs nothing but wakers.

#[cfg(not(runtime_loom))]
mod blocking;
pub mod oneshot;
#[allow(dead_code)] // until the primitives on it are there
mod permits;
#[allow(dead_code)] // until the primitives on it are there
mod wait_list;

pub use permits::{AcquireError, TryAcquireError};
