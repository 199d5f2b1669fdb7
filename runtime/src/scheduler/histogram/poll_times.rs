//! How long the polls of a worker take, sorted into buckets.

use super::Scale;
use crate::clock;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug)]
pub(in crate::scheduler) struct PollTimes {
    scale: Scale,
    counts: Box<[AtomicU64]>,
}

impl PollTimes {
    pub(in crate::scheduler) fn new(scale: Scale) -> Self {
        PollTimes {
            counts: (0..scale.buckets()).map(|_| AtomicU64::new(0)).collect(),
            scale,
        }
    }

    /// Runs `poll` and counts how long it took.
    pub(in crate::scheduler) fn measure(&self, poll: impl FnOnce()) {
        let start = clock::system_now_ns();
        poll();
        let bucket = self
            .scale
            .bucket_of(clock::system_now_ns().saturating_sub(start));
        // The poll may have lost its seat to another thread, which counts here, too.
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
    }

    pub(in crate::scheduler) fn count(&self, bucket: usize) -> u64 {
        self.counts[bucket].load(Ordering::Relaxed)
    }
}
