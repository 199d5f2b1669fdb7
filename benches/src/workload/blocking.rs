//! The pool for blocking calls.

use std::time::Duration;

use super::timed_in_task;
use crate::UnderTest;

pub(super) const CLOSURES: u32 = 1_000;

/// Hands closures that do nothing to the pool, then awaits each.
pub(super) fn spawn_blocking<R: UnderTest>(runtime: &R) -> Duration {
    timed_in_task(runtime, async || {
        let handles: Vec<_> = (0..CLOSURES).map(|_| R::spawn_blocking(|| {})).collect();
        for handle in handles {
            handle.await;
        }
    })
}
