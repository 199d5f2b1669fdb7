//! Tasks: spawned, joined, cancelled, local to a thread.
#![cfg(feature = "rt")]

#[cfg(feature = "rt-multi-thread")]
pub use ::runtime::task::block_in_place;
pub use ::runtime::task::{
    AbortHandle, Builder, Id, JoinError, JoinHandle, JoinSet, LocalEnterGuard, LocalKey, LocalSet,
    id, spawn, spawn_blocking, spawn_local, try_id, yield_now,
};
#[doc(hidden)]
pub use coop::{Unconstrained, consume_budget, unconstrained};

pub mod coop {
    //! The budget by which tasks take turns.
    pub use ::runtime::task::coop::{
        Coop, RestoreOnPending, Unconstrained, consume_budget, cooperative, has_budget_remaining,
        poll_proceed, unconstrained,
    };
}

pub mod futures {
    //! The futures that have names.
    pub use ::runtime::task::futures::TaskLocalFuture;
}

pub mod join_set {
    //! Sets of tasks.
    pub use ::runtime::task::join_set::{Builder, JoinSet};
}
