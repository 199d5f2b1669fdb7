//! A task: one allocation that a future, its scheduler and whoever holds a handle share.
//!
//! The states, who may change them and the races between them are in `README.md` beside this file.

mod cell;
mod error;
mod handles;
mod harness;
mod header;
mod id;
mod join;
mod join_waker;
mod live;
mod reap;
mod state;
#[cfg(feature = "tracing")]
mod traced;
#[cfg(not(feature = "tracing"))]
#[path = "untraced.rs"]
mod traced;
mod waker;

use std::ptr::NonNull;

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(all(test, not(runtime_loom)))]
mod tests;

pub use error::JoinError;
pub use id::{Id, id, try_id};
pub use join::{AbortHandle, JoinHandle};

pub(crate) use handles::{Notified, Task};
pub(crate) use harness::new;
pub(crate) use header::Meta;
pub(crate) use live::LiveTasks;
pub(crate) use reap::{Apart, apart};
pub(crate) use state::Phase;
pub(crate) use traced::traced_root;

/// What a task asks of the scheduler it belongs to.
///
/// The value lives inside the task. Once a [`Notified`] has been handed on, another thread may run
/// the task to its end and free it, and the value with it. So those that hand it on get a pointer: a
/// reference among their arguments would promise that the value outlives the call.
pub(crate) trait Schedule: Send + Sync + Sized + 'static {
    /// What its tasks are called to subscribers of `tracing`.
    const KIND: &'static str = "task";

    /// Takes a task that was woken while idle.
    ///
    /// # Safety
    ///
    /// `this` is live until `task` has been handed on, and no longer.
    unsafe fn schedule(this: NonNull<Self>, task: Notified);

    /// Takes a task that was woken while it ran: others go first.
    ///
    /// # Safety
    ///
    /// As for [`schedule`](Self::schedule).
    unsafe fn reschedule(this: NonNull<Self>, task: Notified);

    /// Takes a completed task out of the list of live tasks; whether it was in it.
    fn release(&self, task: &Task) -> bool;

    /// Is told that the task's future has panicked; the panic itself goes to the joiner.
    fn task_panicked(&self) {}
}
