//! Timers that never fire.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::timed_in_task;
use crate::UnderTest;
use crate::under_test::TaskHandle;

pub(super) const TIMEOUTS: u32 = 10_000;
pub(super) const SLEEPERS: u32 = 100_000;

const FAR: Duration = Duration::from_secs(10);

/// A timeout around a future that is soon ready.
pub(super) fn timeout_cancelled<R: UnderTest>(runtime: &R) -> Duration {
    timed_in_task(runtime, async || {
        for _ in 0..TIMEOUTS {
            let outcome = R::timeout(FAR, R::yield_now()).await;
            outcome.expect("yielding takes no ten seconds");
        }
    })
}

/// Many tasks fall asleep, are aborted, and are joined.
pub(super) fn sleepers<R: UnderTest>(runtime: &R) -> Duration {
    timed_in_task(runtime, async || {
        let asleep = Arc::new(AtomicU32::new(0));
        let handles: Vec<_> = (0..SLEEPERS)
            .map(|_| {
                let asleep = asleep.clone();
                R::spawn(async move {
                    asleep.fetch_add(1, Ordering::Relaxed);
                    R::sleep(FAR).await;
                })
            })
            .collect();
        while asleep.load(Ordering::Relaxed) < SLEEPERS {
            R::yield_now().await;
        }
        let cancelled: Vec<_> = handles.into_iter().map(TaskHandle::cancel).collect();
        for gone in cancelled {
            gone.await;
        }
    })
}
