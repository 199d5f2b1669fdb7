//! The end of a runtime: what is dropped, when, where, and what outlives it.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod after;
mod blocked_on_itself;
mod drops;
#[cfg(target_os = "linux")]
mod leaks;
mod places;
mod races;
mod report;
mod stuck;
mod stuck_workers;
mod thread_locals;
mod waits;
