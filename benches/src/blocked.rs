//! What sockets and timers notice of tasks that block: a table over numbers of workers and of blocked tasks.
//!
//! Each cell is measured in a process of its own, which is killed if it does not end in time.

mod bystanders;
mod cell;
mod comparison;
mod crowd;
mod host;
mod measure;
mod options;

pub use cell::{Cell, Kind};
pub use options::{Command, Options, Request};
