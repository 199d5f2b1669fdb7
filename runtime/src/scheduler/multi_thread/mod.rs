//! The work-stealing scheduler; `README.md` beside this file is its essay.

mod baton;
mod idle;
mod manning;
mod occupancy;
mod park;
mod presence;
mod split_count;

#[cfg(not(runtime_loom))]
mod attend;
#[cfg(not(runtime_loom))]
mod bench;
#[cfg(not(runtime_loom))]
mod core;
#[cfg(not(runtime_loom))]
mod duties;
#[cfg(not(runtime_loom))]
mod duty;
#[cfg(not(runtime_loom))]
mod end;
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
mod rouse;
#[cfg(not(runtime_loom))]
mod seat;
#[cfg(not(runtime_loom))]
mod seats;
#[cfg(not(runtime_loom))]
mod shared;
#[cfg(not(runtime_loom))]
mod shortage;
#[cfg(not(runtime_loom))]
mod sleep;
#[cfg(not(runtime_loom))]
mod steal;
#[cfg(all(test, not(runtime_loom)))]
mod testing;
#[cfg(not(runtime_loom))]
mod worker;

#[cfg(not(runtime_loom))]
pub(crate) use bench::ThreadSettings;
#[cfg(not(runtime_loom))]
pub(crate) use launch::{Threads, launch};
#[cfg(not(runtime_loom))]
pub(crate) use shared::Shared;
