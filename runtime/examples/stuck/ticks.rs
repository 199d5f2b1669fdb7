//! How late a task was that should run every 10 ms.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// What the ticker has seen since somebody asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticks(Arc<Mutex<Vec<Duration>>>);

impl Ticks {
    pub(crate) fn note(&self, late: Duration) {
        self.lateness().push(late);
    }

    pub(crate) fn take(&self) -> Vec<Duration> {
        mem::take(&mut self.lateness())
    }

    fn lateness(&self) -> MutexGuard<'_, Vec<Duration>> {
        self.0.lock().expect("nobody panics with the figures")
    }
}
