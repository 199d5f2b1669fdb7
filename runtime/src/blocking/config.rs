//! How a pool makes its threads, and whom it tells of their beginning and end.

use std::fmt;
use std::time::Duration;

use crate::primitive::thread::Builder;
use crate::util::callback::Callback;
use crate::util::thread_builder::{ThreadName, thread_builder};

/// The name of a thread that the user's function gives none.
const DEFAULT_NAME: &str = "rt-blocking";

/// The settings of a pool.
#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) max_threads: usize,
    /// How long a thread without work stays.
    pub(crate) keep_alive: Duration,
    pub(crate) thread_name: ThreadName,
    /// In bytes.
    pub(crate) stack_size: Option<usize>,
    pub(crate) on_start: Callback,
    pub(crate) on_stop: Callback,
}

impl Config {
    /// The defaults: at most 512 threads, which stay for 10 seconds.
    pub(crate) fn new(thread_name: ThreadName) -> Self {
        Config {
            max_threads: 512,
            keep_alive: Duration::from_secs(10),
            thread_name,
            stack_size: None,
            on_start: Callback::default(),
            on_stop: Callback::default(),
        }
    }

    pub(super) fn greet(&self) {
        self.on_start.call();
    }

    pub(super) fn bid_farewell(&self) {
        self.on_stop.call();
    }

    pub(super) fn thread_builder(&self) -> Builder {
        thread_builder(&*self.thread_name, DEFAULT_NAME, self.stack_size)
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
