//! Where somebody waits for tasks: for one to end, for one to run, for all to be gone.
//!
//! Each is one lock over a little state and the waker of who waits. Looking and leaving the waker
//! happen under one lock, so that whoever changes the state later finds the waker. No code of the
//! user's runs under it: wakers are cloned, woken and dropped outside.

mod ended;
mod members;
mod runnable;

#[cfg(all(test, runtime_loom))]
mod loom_models;

pub(in crate::task) use ended::Ended;
pub(in crate::task) use members::Members;
pub(in crate::task) use runnable::{DriverId, Runnable};
