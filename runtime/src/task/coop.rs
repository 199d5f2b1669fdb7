//! The poll budget that keeps a task which is always ready from starving the others.

pub use crate::coop::{
    Coop, RestoreOnPending, Unconstrained, consume_budget, cooperative, has_budget_remaining,
    poll_proceed, unconstrained,
};
