//! Tasks: spawned, joined, cancelled, local to a thread.

#[cfg(feature = "rt-multi-thread")]
pub use ::runtime::task::block_in_place;
#[cfg(feature = "rt")]
pub use ::runtime::task::{
    AbortHandle, Builder, Id, JoinError, JoinHandle, JoinSet, LocalEnterGuard, LocalKey, LocalSet,
    id, spawn, spawn_blocking, spawn_local, try_id, yield_now,
};
#[cfg(feature = "rt")]
#[doc(hidden)]
pub use coop::{Unconstrained, consume_budget, unconstrained};

#[cfg(feature = "rt")]
pub mod coop {
    //! The budget by which tasks take turns.
    pub use ::runtime::task::coop::{
        Coop, RestoreOnPending, Unconstrained, consume_budget, cooperative, has_budget_remaining,
        poll_proceed, unconstrained,
    };
}

#[cfg(feature = "rt")]
pub mod futures {
    //! The futures that have names.
    pub use ::runtime::task::futures::TaskLocalFuture;
}

#[cfg(feature = "rt")]
pub mod join_set {
    //! Sets of tasks.
    pub use ::runtime::task::join_set::{Builder, JoinSet};
}
