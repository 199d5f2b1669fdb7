//! Tasks: how they are spawned, awaited and aborted.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod abort;
mod chains;
mod join;
mod large;
mod spawn;
