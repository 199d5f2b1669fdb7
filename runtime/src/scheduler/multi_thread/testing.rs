//! A scheduler without threads, for tests that play its threads themselves.

use std::time::Duration;

use super::bench::ThreadSettings;
use super::launch::prepare;
use super::shared::Shared;
use crate::blocking;
use crate::primitive::sync::Arc;
use crate::scheduler::{BlockingPool, Config};
use crate::util::latch::Latch;
use crate::util::thread_builder::ThreadName;

pub(super) fn without_threads(workers: usize, max_spares: usize) -> Arc<Shared> {
    let name: ThreadName = Arc::new(String::new);
    let settings = ThreadSettings {
        workers,
        max_spares,
        keep_alive: Duration::ZERO,
        thread_name: name.clone(),
        spare_name: name.clone(),
        stack_size: None,
    };
    let blocking = BlockingPool::new(blocking::Config::new(name));
    let running = Arc::new(Latch::new(0));
    prepare(settings, Config::plain(), blocking, running).expect("descriptors can be had")
}
