//! The life of one pool thread.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::desk::{Desk, park_until};
use super::pool::{Inner, Job};
use super::state::Rest;
use crate::current::Origin;
use crate::primitive::sync::Arc;
use crate::primitive::thread;
use crate::util::panic::{AbortOnUnwind, contain};

/// How often a thread looks for work, yielding in between, before it sleeps.
///
/// Measured on two cores in CPU time a job: none costs seven times as much as four in a burst of
/// short jobs (a futex wake each), sixteen and more cost up to a third above four in bursts of
/// longer ones.
const LOOKS: u32 = if cfg!(runtime_loom) { 1 } else { 4 };

thread_local! {
    /// The address of the pool that this thread belongs to; zero for a stranger. It has no
    /// destructor, so other thread-locals' destructors can still ask.
    static POOL: Cell<usize> = const { Cell::new(0) };
}

/// Whether this thread belongs to the pool at `address`.
pub(super) fn belongs_to(address: usize) -> bool {
    POOL.get() == address
}

/// What a pool thread does from its first moment to its last.
pub(super) fn live<J: Job>(inner: Arc<Inner<J>>, id: u64) {
    POOL.set(inner.address());
    let no_panic_of_ours = AbortOnUnwind("the pool for blocking calls");
    inner.config.greet();
    serve(&inner.desk, id, inner.config.keep_alive);
    inner.config.bid_farewell();
    let left_before = inner.threads.leave(id);
    inner.desk.departed();
    drop(no_panic_of_ours);
    contain(|| drop(inner));
    if let Some(thread) = left_before {
        let _ = thread.join();
    }
}

fn serve<J: Job>(desk: &Desk<J>, id: u64, keep_alive: Duration) {
    let origin = Origin::here();
    let mut next = find_job(desk, id, keep_alive);
    while let Some(job) = next {
        contain(|| job.run());
        if !origin.is_here() {
            origin.abort();
        }
        next = desk.job_done().or_else(|| find_job(desk, id, keep_alive));
    }
}

/// Searches, then sleeps, until there is a job; `None` means that the thread is to end.
fn find_job<J>(desk: &Desk<J>, id: u64, keep_alive: Duration) -> Option<J> {
    loop {
        if let Some(job) = look_around(desk) {
            return Some(job);
        }
        let rest = match desk.fall_asleep(id) {
            Rest::Sleep => sleep(desk, id, keep_alive),
            rest => rest,
        };
        match rest {
            Rest::Run(job) => return Some(job),
            Rest::Leave => return None,
            Rest::Search | Rest::Sleep => {}
        }
    }
}

/// In a burst of short jobs the next one is there before a sleep would have begun.
fn look_around<J>(desk: &Desk<J>) -> Option<J> {
    for _ in 0..LOOKS {
        if let Some(job) = desk.search() {
            return Some(job);
        }
        thread::yield_now();
    }
    None
}

fn sleep<J>(desk: &Desk<J>, id: u64, keep_alive: Duration) -> Rest<J> {
    let deadline = Instant::now().checked_add(keep_alive);
    while park_until(deadline) {
        match desk.rise(id) {
            Rest::Sleep => {}
            rest => return rest,
        }
    }
    desk.time_out(id)
}
