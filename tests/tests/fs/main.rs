//! Files and directories, as the standard library has them, on every scheduler.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod cancelled;
mod descriptors;
mod directories;
mod dropped_in_any_order;
mod full_disk;
mod harness;
mod like_std;
mod options;
mod outside;
mod ownership;
mod read_ahead;
mod shutdown;
mod traits;
mod whole_files;
