//! A task that should run every 10 ms, and how late it is.

use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runtime::runtime::Runtime;
use runtime::time::interval;

const PERIOD: Duration = Duration::from_millis(10);

/// What the ticker has seen since somebody asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticker(Arc<Mutex<Vec<Duration>>>);

impl Ticker {
    pub(crate) fn start(runtime: &Runtime) -> Self {
        let ticker = Self::default();
        let ticks = ticker.clone();
        drop(runtime.spawn(async move {
            let mut interval = interval(PERIOD);
            loop {
                let due: Instant = interval.tick().await.into();
                ticks.lateness().push(due.elapsed());
            }
        }));
        ticker
    }

    pub(crate) fn take(&self) -> Vec<Duration> {
        mem::take(&mut self.lateness())
    }

    fn lateness(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.0.lock().expect("nobody panics with the figures")
    }
}
