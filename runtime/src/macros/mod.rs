//! What the expansions of the crate's macros name: no part of the public interface.
//!
//! The macros themselves are at the root of the crate.

#[cfg(feature = "macros")]
mod join;
#[cfg(feature = "macros")]
mod maybe_done;
#[cfg(feature = "macros")]
mod order;
mod pin;
#[cfg(feature = "macros")]
mod select;
#[cfg(feature = "macros")]
mod try_join;

#[cfg(feature = "macros")]
pub use {
    join::{Join, join},
    maybe_done::{MaybeDone, maybe_done},
    order::{AtRandom, InOrder, InTurn, Order, draw},
    runtime_macros::{
        join as expand_join, select as expand_select, tokio_main, tokio_test,
        try_join as expand_try_join,
    },
    select::{Select, no_branch_left, select},
    try_join::{TryJoin, try_join},
};
