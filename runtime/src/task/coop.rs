//! The poll budget that keeps a task which is always ready from starving the others.
//!
//! When it is spent, what is ready answers `Pending`, and its waker is woken so that the task goes behind the
//! others that are ready. Futures in a task may be polled with wakers that are not the task's:
//!
//! - *Collectors*, such as `FuturesUnordered`, learn by a waker which of their futures to poll. One that
//!   polls it at once would find no budget again. So only the first such wake comes at once, and others when
//!   the poll of the task has ended.
//! - *Executors that block the thread* inside the task, such as `futures::executor::block_on` or `pollster`,
//!   keep the poll from ending. They are woken at once and get a new budget each time one is spent: they do
//!   not hang, but nothing else has its turn on that thread before they are done. Better is
//!   [`block_in_place`](super::block_in_place) or [`spawn_blocking`](super::spawn_blocking).
//!
//! One is told from the other by whether the wake comes to the task. A collector that does not wake its task
//! for what is woken while it polls is therefore taken for an executor, and its futures are not bounded.

pub use crate::coop::{
    Coop, RestoreOnPending, Unconstrained, consume_budget, cooperative, has_budget_remaining,
    poll_proceed, unconstrained,
};
