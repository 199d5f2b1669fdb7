//! How a pool makes its threads, and whom it tells of their beginning and end.

use std::fmt;
use std::time::Duration;

use crate::primitive::sync::Arc;
use crate::primitive::thread::Builder;
use crate::util::panic::contain;
use crate::util::thread_builder::thread_builder;

/// The name of a thread that the user's function gives none.
const DEFAULT_NAME: &str = "rt-blocking";

/// Called on a pool thread: user code, which may panic.
pub(crate) type Hook = Arc<dyn Fn() + Send + Sync>;

/// The settings of a pool.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) max_threads: usize,
    /// How long a thread without work stays.
    pub(crate) keep_alive: Duration,
    /// Called once for each thread. Linux shows the first 15 bytes.
    pub(crate) thread_name: Arc<dyn Fn() -> String + Send + Sync>,
    /// In bytes.
    pub(crate) stack_size: Option<usize>,
    pub(crate) on_start: Option<Hook>,
    pub(crate) on_stop: Option<Hook>,
}

impl Config {
    /// The defaults: at most 512 threads, which stay for 10 seconds.
    pub(crate) fn new(thread_name: Arc<dyn Fn() -> String + Send + Sync>) -> Self {
        Config {
            max_threads: 512,
            keep_alive: Duration::from_secs(10),
            thread_name,
            stack_size: None,
            on_start: None,
            on_stop: None,
        }
    }

    pub(super) fn greet(&self) {
        call(self.on_start.as_ref());
    }

    pub(super) fn bid_farewell(&self) {
        call(self.on_stop.as_ref());
    }

    pub(super) fn thread_builder(&self) -> Builder {
        thread_builder(&*self.thread_name, DEFAULT_NAME, self.stack_size)
    }
}

fn call(hook: Option<&Hook>) {
    if let Some(hook) = hook {
        contain(|| hook());
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("max_threads", &self.max_threads)
            .field("keep_alive", &self.keep_alive)
            .field("stack_size", &self.stack_size)
            .finish_non_exhaustive()
    }
}
