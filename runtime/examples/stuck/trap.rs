//! An endless loop that can be ended after all.

use std::collections::BTreeSet;
use std::hint;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// Where requests get stuck.
#[derive(Clone, Debug)]
pub(crate) struct Trap(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    longest: Duration,
    open: AtomicBool,
    /// The names of the threads that are or were in the loop.
    threads: Mutex<BTreeSet<String>>,
}

impl Trap {
    pub(crate) fn new(longest: Duration) -> Self {
        Self(Arc::new(Inner {
            longest,
            open: AtomicBool::new(false),
            threads: Mutex::default(),
        }))
    }

    /// Computes on and on and never yields: what an async function should not do.
    pub(crate) fn get_stuck(&self) {
        let started = Instant::now();
        let name = thread::current().name().unwrap_or("?").to_owned();
        self.threads().insert(name);
        while !self.0.open.load(Ordering::Relaxed) && started.elapsed() < self.0.longest {
            hint::spin_loop();
        }
    }

    /// Ends all loops.
    pub(crate) fn open(&self) {
        self.0.open.store(true, Ordering::Relaxed);
    }

    /// How many of the runtime's own workers are in the loop, spares not counted.
    pub(crate) fn stuck_workers(&self) -> usize {
        let is_worker = |name: &&String| name.starts_with("rt-worker-");
        self.threads().iter().filter(is_worker).count()
    }

    /// How many threads are in the loop.
    pub(crate) fn stuck_threads(&self) -> usize {
        self.threads().len()
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.0.threads.lock().expect("nobody panics with the names")
    }
}
