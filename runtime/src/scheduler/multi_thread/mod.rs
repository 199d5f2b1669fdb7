//! The work-stealing scheduler; `README.md` beside this file is its essay.

mod baton;
mod idle;
mod park;
mod presence;
mod split_count;

#[cfg(not(runtime_loom))]
mod group;
#[cfg(not(runtime_loom))]
mod home;
#[cfg(not(runtime_loom))]
mod in_place;
#[cfg(not(runtime_loom))]
mod launch;
#[cfg(not(runtime_loom))]
mod monitor;
#[cfg(not(runtime_loom))]
mod pace;
#[cfg(not(runtime_loom))]
mod rescue;
#[cfg(not(runtime_loom))]
mod shared;
#[cfg(not(runtime_loom))]
mod shutdown;
#[cfg(not(runtime_loom))]
mod sleep;
#[cfg(not(runtime_loom))]
mod spares;
#[cfg(not(runtime_loom))]
mod stats;
#[cfg(not(runtime_loom))]
mod steal;
#[cfg(not(runtime_loom))]
mod worker;

#[cfg(not(runtime_loom))]
pub(crate) use launch::{Crew, Threads, launch};
#[cfg(not(runtime_loom))]
pub(crate) use shared::Shared;
#[cfg(not(runtime_loom))]
pub(crate) use stats::WorkerStats;
