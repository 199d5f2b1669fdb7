//! Counts what is still there and lets a thread wait until nothing is.

use std::time::{Duration, Instant};

use crate::primitive::sync::{Arc, Condvar, Mutex};

#[derive(Debug)]
pub(crate) struct Latch {
    count: Mutex<usize>,
    zero: Condvar,
}

/// One of what a latch counts; it counts down when dropped.
#[derive(Debug)]
pub(crate) struct Counted(Arc<Latch>);

impl Latch {
    pub(crate) fn new(count: usize) -> Self {
        Latch {
            count: Mutex::new(count),
            zero: Condvar::new(),
        }
    }

    pub(crate) fn count_up(this: &Arc<Latch>) -> Counted {
        *this.count.lock() += 1;
        Counted(this.clone())
    }

    pub(crate) fn count(&self) -> usize {
        *self.count.lock()
    }

    /// Waits until the count is zero, for at most `timeout`; whether it is.
    pub(crate) fn wait(&self, timeout: Option<Duration>) -> bool {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        let mut count = self.count.lock();
        while *count > 0 {
            match deadline {
                None => self.zero.wait(&mut count),
                Some(deadline) => {
                    if self.zero.wait_until(&mut count, deadline).timed_out() {
                        return *count == 0;
                    }
                }
            }
        }
        true
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut count = self.0.count.lock();
        *count -= 1;
        if *count == 0 {
            self.0.zero.notify_all();
        }
    }
}
