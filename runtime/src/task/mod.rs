//! Tasks: spawn, await, abort, yield.

mod block_in_place;
mod builder;
mod spawn;
mod tracker;
mod yield_now;

pub mod coop;

pub use crate::raw_task::{AbortHandle, Id, JoinError, JoinHandle, id, try_id};
pub use block_in_place::block_in_place;
pub use builder::Builder;
pub use coop::{consume_budget, unconstrained};
pub use spawn::{spawn, spawn_blocking, spawn_local};
pub use tracker::{TaskTracker, TaskTrackerToken, TaskTrackerWaitFuture, TrackedFuture};
pub use yield_now::yield_now;
