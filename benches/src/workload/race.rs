//! Timing what many tasks do together.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// Keeps the time from [`start`](Race::start) to the last arrival.
///
/// The clock is read where the work is done. The thread that waits for the result is woken
/// afterwards, at a cost that is not part of the result.
pub(super) struct Race {
    underway: AtomicUsize,
    started: OnceLock<Instant>,
    finished: OnceLock<Instant>,
    waiter: Thread,
}

impl Race {
    /// Makes a race of `runners`, to be waited for by the calling thread.
    pub(super) fn of(runners: u32) -> Arc<Self> {
        Arc::new(Self {
            underway: AtomicUsize::new(runners as usize),
            started: OnceLock::new(),
            finished: OnceLock::new(),
            waiter: thread::current(),
        })
    }

    /// Starts the clock; only the first call counts.
    pub(super) fn start(&self) {
        self.started.get_or_init(Instant::now);
    }

    /// Counts a runner as arrived; the last one stops the clock.
    pub(super) fn arrive(&self) {
        if self.underway.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.finished.get_or_init(Instant::now);
            self.waiter.unpark();
        }
    }

    /// Waits for the last arrival.
    pub(super) fn wait(&self) -> Duration {
        loop {
            if let Some(finished) = self.finished.get() {
                let started = self.started.get().expect("a race starts before it ends");
                return finished.duration_since(*started);
            }
            thread::park();
        }
    }
}
