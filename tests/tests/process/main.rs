//! Child processes: real ones, on every scheduler.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod children;
mod ends;
mod forks;
mod leftovers;
mod limits;
mod settings;
mod streams;
mod tokio_streams;
