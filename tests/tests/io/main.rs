//! Streams in memory, the standard streams, and what works on any stream.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod appending;
mod bidirectional;
mod budget;
mod cancelled;
mod interleavings;
mod interrupted;
mod memory;
mod names;
mod programs;
mod reentrant;
mod stdin;
mod stdout;
