//! A pool of threads for calls that block.
//!
//! Two promises. A queued job never waits for a running one while another thread may be added: jobs
//! that wait for each other would deadlock. And no accepted job is forgotten: it is run, or it is
//! cancelled, by a shutdown or because no thread can be had.
//!
//! # States
//!
//! | a thread is | counted in | set by |
//! |---|---|---|
//! | being created | `threads`, `awake`, `unconfirmed` | a submitter, in `offer` |
//! | searching (or starting) | `threads`, `awake` | its creator, in `thread_created`; itself; its waker |
//! | running a job | `threads` | itself, in `take` or `job_done` |
//! | asleep | `threads`, `sleepers` | itself, in `fall_asleep` |
//! | departing | `departing` | itself, in `fall_asleep` or `time_out` |
//!
//! All of it stands behind one lock ([`desk`]), so each change is one step of [`state`]. Only two
//! things happen outside: creating a thread, which is slow and may fail, and waking one. User code
//! (jobs, hooks, names) never runs under the lock, and its panics end nothing.
//!
//! # Rules
//!
//! - A thread is created if the jobs, with those whose submitters are creating threads, outnumber
//!   the idle threads: awake and asleep.
//! - A sleeper is popped and woken if they outnumber the awake ones: the awake will take a job
//!   each. So in a burst of short jobs nobody is woken, as long as those who search keep up.
//! - A thread falls asleep only if the queue is empty, under the lock that it looked under.
//!
//! # Races
//!
//! *Submitting against falling asleep*: both are steps under the lock. Either the thread finds the
//! job, or the submitter finds the thread on the stack. *Against the keep-alive time*: a thread
//! whose time is up leaves only if it is still on the stack. If it is not, a submitter has claimed
//! it and counts on it, whether or not the wake-up has arrived; so it searches. A wake-up that
//! comes late is a spurious one later, and a spurious one is seen by being on the stack still.
//!
//! *Submitting against a creation that fails*: a submitter keeps its job in hand until its thread
//! exists, and others count that job with the thread that is on its way, so none of them relies on
//! it. If the creation fails, the job is queued for the other threads, or goes back to the caller
//! if there are none. Jobs can then be queued (as they are at the limit) behind threads that are
//! only on their way: the last of these to fail cancels them. And jobs can outnumber the idle
//! threads: the next submission creates threads until they balance again.
//!
//! *Shutdown against all*: closing empties the queue and the stack in one step. A submitter that
//! comes later is refused, a thread that searches later leaves. Only jobs that must run stay in the
//! queue, and those for which a thread is on its way: to their submitter they have begun. There is a thread for them, as for all that are queued: a thread leaves only when the queue
//! is empty, and if the last one on its way fails to be created, they are cancelled after all. If all
//! threads run jobs, the close adds one, beyond the limit: a job that waits for what is queued behind it
//! would keep the shutdown waiting for ever.
//!
//! Rejected: a sharded queue (a claim can be lost between its shards), a wake-up for each job (in
//! bursts of short jobs that is nearly all the cost: 4.3 us a job against 0.2), creating threads
//! under the lock (every submitter would wait for the slowest system call of all).

mod config;
mod desk;
mod pool;
mod pool_threads;
mod state;
mod worker;

pub(crate) use config::Config;
pub(crate) use pool::{Job, Pool, SubmitError};
pub(crate) use state::Metrics;

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(all(test, not(runtime_loom)))]
mod tests;
