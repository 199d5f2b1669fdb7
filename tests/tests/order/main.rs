//! What goes first: the future in `block_on` and the tasks, timers that are due, those without a budget.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod due_timers;
mod executors;
mod places;
mod polled_again;
mod root;
mod threads;
mod yields;
