//! Stuck workers: everybody else goes on, and the program is told which task it is.
//!
//! No test here sets a limit to a latency: on a loaded machine that would measure the machine. What is
//! asserted is the order of things: others get something done *while* a task is stuck, because the
//! task is let go only afterwards.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod at_any_size;
mod backtraces;
mod blockage;
mod callers;
mod calm;
mod crowd;
mod deputies;
mod full_bench;
mod full_pipe;
mod guests;
mod in_the_midst;
mod ledger;
mod leftovers;
mod neighbours;
mod options;
mod progress;
mod reports;
mod requests;
mod timers_in_place;
