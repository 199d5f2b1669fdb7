//! The scheduler of one thread: whoever is in `block_on` runs the tasks and drives the reactor.
//!
//! The *core* (run queue and reactor) belongs to one thread at a time. A thread in
//! `block_on` takes it if it is free; if not, it waits until its own future is woken or the
//! core comes free, and each thread that gives the core back wakes one that waits. Two races
//! decide whether a wake is lost:
//!
//! - *push against sleep*: the driving thread announces that it sleeps, fences, and looks at the
//!   injector and at its own future's flag; whoever pushes or sets the flag does so, fences, and
//!   looks at the announcement.
//! - *waiting against giving back*: both happen under the lock that holds the core.
//!
//! A local runtime is one that a single thread drives, its [owner](owner_thread).

mod drive;
mod monitor;
mod owner_thread;
mod root;
mod shared;
mod stretch;

pub(crate) use monitor::start_monitor;
pub(crate) use owner_thread::{NO_LOCAL_RUNTIME, OwnerThread};
pub(crate) use shared::Shared;
