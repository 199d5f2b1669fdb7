//! Tasks: how they are spawned, awaited and aborted, and what their types promise.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod abort;
mod auto_traits;
mod chains;
mod join;
mod spawn;
