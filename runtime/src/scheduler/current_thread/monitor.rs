//! Watches the thread that drives, if the program has asked for reports of stuck tasks.
//!
//! The tasks cannot be helped past a stuck one: they may be bound to this thread. So there is only
//! the report, and without a wish for it no thread.

use std::io;
use std::time::{Duration, Instant};

use super::Shared;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, Ordering};
use crate::scheduler::watch::{Observer, Vigil};
use crate::util::thread_builder::{start, thread_builder};

/// Where the monitor stands.
#[derive(Debug)]
pub(super) struct Post {
    vigil: Vigil,
    /// Whether a thread drives the runtime.
    driven: AtomicBool,
    left: AtomicBool,
}

impl Post {
    pub(super) fn new() -> Self {
        Post {
            vigil: Vigil::new(),
            driven: AtomicBool::new(false),
            left: AtomicBool::new(false),
        }
    }

    /// A thread begins to drive.
    pub(super) fn drive_starts(&self) {
        self.driven.store(true, Ordering::Relaxed);
        self.vigil.worker_got_up();
    }

    /// The thread that drives has slept.
    pub(super) fn driver_got_up(&self) {
        self.vigil.worker_got_up();
    }

    pub(super) fn drive_ends(&self) {
        self.driven.store(false, Ordering::Relaxed);
    }

    /// Lets the monitor go.
    pub(super) fn leave(&self) {
        self.left.store(true, Ordering::Release);
        self.vigil.wake();
    }

    fn has_left(&self) -> bool {
        self.left.load(Ordering::Acquire)
    }
}

/// Starts the monitor of a runtime that has a post for it.
///
/// # Errors
///
/// The system gives no thread.
pub(crate) fn start_monitor(shared: &Arc<Shared>) -> io::Result<()> {
    if shared.post.is_none() {
        return Ok(());
    }
    let shared = shared.clone();
    let name = shared.config.monitor_name();
    // It is not waited for: it may be in the user's function, and ends by itself.
    let builder = thread_builder(&|| name.clone(), "rt-monitor", None);
    start(builder, Box::new(move || monitor(&shared)))?;
    Ok(())
}

fn monitor(shared: &Shared) {
    let Some(post) = &shared.post else { return };
    let interval = shared.config.vigilance.interval();
    let mut observer = Observer::default();
    post.vigil.bind();
    while !post.has_left() {
        let nobody_works = || !post.driven.load(Ordering::Relaxed) || shared.is_asleep();
        post.vigil.sleep_if(|| nobody_works() && !post.has_left());
        let before = Instant::now();
        post.vigil.nap(interval);
        look(shared, &mut observer, before.elapsed(), interval);
    }
}

fn look(shared: &Shared, observer: &mut Observer, elapsed: Duration, interval: Duration) {
    let vigilance = &shared.config.vigilance;
    let watched = &shared.watched;
    let finding = observer.look(watched, elapsed, interval, vigilance);
    if !finding.report {
        return;
    }
    shared.tally.stall(observer.stuck_for(), finding.first);
    if let Some(stall) = observer.describe(watched, 0) {
        // One that has ended meanwhile was no longer stuck.
        let _was_there = stall.tell(vigilance, |task| shared.meta_of(task));
    }
}
