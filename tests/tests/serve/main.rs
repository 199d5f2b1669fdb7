//! The acceptor under its limit and in bad times; connections; the phases of a shutdown.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod bad_times;
mod connection;
mod harness;
mod limit;
mod many;
mod shutdown;
