//! Tasks: spawn, await, abort, yield; sets, maps and scopes of them.
//!
//! A [`JoinSet`] joins tasks as they end and a [`JoinMap`] finds them by a key; no task outlives
//! its [`scope`], and those of a [`LocalSet`] stay on one thread. A [`TaskTracker`] counts
//! those that are left.

#[cfg(not(runtime_loom))]
mod abort_on_drop;
#[cfg(not(runtime_loom))]
mod block_in_place;
#[cfg(not(runtime_loom))]
mod builder;
#[cfg(not(runtime_loom))]
mod join_map;
#[cfg(not(runtime_loom))]
mod local_key;
#[cfg(not(runtime_loom))]
mod local_set;
#[cfg(not(runtime_loom))]
mod scope;
#[cfg(not(runtime_loom))]
mod spawn;
#[cfg(not(runtime_loom))]
mod tracker;
mod waits;
#[cfg(not(runtime_loom))]
mod yield_now;

#[cfg(not(runtime_loom))]
pub mod coop;
/// Futures of this module that have a name.
#[cfg(not(runtime_loom))]
pub mod futures {
    pub use super::local_key::TaskLocalFuture;
}
#[cfg(not(runtime_loom))]
pub mod join_set;

pub use crate::raw_task::{AbortHandle, Id, JoinError, JoinHandle, id, try_id};
#[cfg(not(runtime_loom))]
pub use {
    abort_on_drop::AbortOnDropHandle,
    block_in_place::block_in_place,
    builder::Builder,
    coop::{Unconstrained, consume_budget, unconstrained},
    join_map::{JoinMap, JoinMapKeys},
    join_set::JoinSet,
    local_key::{AccessError, LocalKey},
    local_set::{LocalEnterGuard, LocalSet},
    scope::{BlockingScope, Scope, ScopedJoinHandle, scope},
    spawn::{spawn, spawn_blocking, spawn_local},
    tracker::{TaskTracker, TaskTrackerToken, TaskTrackerWaitFuture, TrackedFuture},
    yield_now::yield_now,
};
