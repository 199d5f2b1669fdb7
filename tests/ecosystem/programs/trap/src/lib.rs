//! What handlers and tasks get stuck in, so that a program can see who goes on beside them.
//!
//! Whoever steps in keeps its thread until the trap is opened. A runtime that is stopped by
//! that never comes to open it, so each gives up by itself after [`PATIENCE`]; no clock decides
//! otherwise. Nothing here knows of tokio.

use std::hint;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a thread stays if nobody opens the trap.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// A place that keeps the threads that come in.
#[derive(Debug, Default)]
pub struct Trap {
    open: AtomicBool,
    inside: AtomicUsize,
    gave_up: AtomicUsize,
}

impl Trap {
    /// Returns a trap that is closed.
    pub const fn new() -> Self {
        Self {
            open: AtomicBool::new(false),
            inside: AtomicUsize::new(0),
            gave_up: AtomicUsize::new(0),
        }
    }

    /// Keeps the calling thread, which computes all the time.
    pub fn compute(&self) {
        self.keep(|| {
            for _ in 0..1_000 {
                hint::spin_loop();
            }
        });
    }

    /// Keeps the calling thread, which the system puts to sleep.
    pub fn block(&self) {
        self.keep(|| thread::sleep(Duration::from_millis(1)));
    }

    /// How many have come in so far, those who left included.
    pub fn entered(&self) -> usize {
        // Relaxed: a counter that publishes nothing.
        self.inside.load(Ordering::Relaxed)
    }

    /// Lets all go, and returns whether until now somebody was kept and nobody gave up.
    pub fn open(&self) -> bool {
        // Relaxed, here and below: the flag and the counters publish nothing beside themselves.
        self.open.store(true, Ordering::Relaxed);
        self.entered() > 0 && self.gave_up.load(Ordering::Relaxed) == 0
    }

    fn keep(&self, pass_time: impl Fn()) {
        self.inside.fetch_add(1, Ordering::Relaxed);
        let came = Instant::now();
        while !self.open.load(Ordering::Relaxed) {
            if came.elapsed() > PATIENCE {
                self.gave_up.fetch_add(1, Ordering::Relaxed);
                return;
            }
            pass_time();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_stays_until_the_trap_is_opened() {
        let trap = Trap::new();
        assert!(!trap.open(), "nobody was kept");

        let trap = Trap::new();
        thread::scope(|scope| {
            let blocked = scope.spawn(|| trap.block());
            let computing = scope.spawn(|| trap.compute());
            while trap.entered() < 2 {
                thread::yield_now();
            }
            assert!(!blocked.is_finished() && !computing.is_finished());
            assert!(trap.open());
        });
    }
}
