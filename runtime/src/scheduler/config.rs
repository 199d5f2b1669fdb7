//! What the builder has settled and both schedulers go by.

use std::fmt;

use crate::primitive::sync::Arc;
use crate::util::panic::contain;
use crate::util::random::SeedSource;

/// A function of the user's that the runtime calls; its panics stay in it.
#[derive(Clone, Default)]
pub(crate) struct Callback(Option<Arc<dyn Fn() + Send + Sync>>);

impl Callback {
    pub(crate) fn new(f: impl Fn() + Send + Sync + 'static) -> Self {
        Callback(Some(Arc::new(f)))
    }

    #[inline]
    pub(crate) fn call(&self) {
        if let Some(f) = &self.0 {
            contain(|| f());
        }
    }

    pub(crate) fn get(&self) -> Option<Arc<dyn Fn() + Send + Sync>> {
        self.0.clone()
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "unset" })
    }
}

/// The settings of a scheduler.
#[derive(Debug)]
pub(crate) struct Config {
    /// What the user calls the runtime.
    pub(crate) name: Option<String>,
    /// Polls between two looks at the injector while a worker has tasks of its own.
    pub(crate) global_queue_interval: u32,
    /// Polls between two looks at timers and I/O.
    pub(crate) event_interval: u32,
    pub(crate) max_io_events: usize,
    pub(crate) lifo_slot: bool,
    /// Whether a task's panic ends a current-thread runtime.
    pub(crate) panics_shut_down: bool,
    pub(crate) seeds: SeedSource,
    pub(crate) on_thread_start: Callback,
    pub(crate) on_thread_stop: Callback,
    pub(crate) on_thread_park: Callback,
    pub(crate) on_thread_unpark: Callback,
}
