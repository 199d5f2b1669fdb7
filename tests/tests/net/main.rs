//! TCP: listener, stream, halves, and the traits they implement, on both schedulers.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod auto_traits;
mod contention;
mod harness;
mod listener;
mod lookup;
mod out_of_descriptors;
mod ownership;
mod split;
mod stream;
mod traits;
