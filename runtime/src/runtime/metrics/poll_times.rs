//! How long polls take.

use std::ops::Range;
use std::time::Duration;

use super::RuntimeMetrics;

/// # Times of polls
///
/// They are counted if [`Builder::enable_metrics_poll_time_histogram`](crate::runtime::Builder::enable_metrics_poll_time_histogram)
/// was called; else there are no buckets.
impl RuntimeMetrics {
    /// Returns whether polls are timed.
    pub fn poll_time_histogram_enabled(&self) -> bool {
        self.handle.config().poll_times.is_some()
    }

    /// Returns how many buckets there are, one for each range of times that is told apart.
    pub fn poll_time_histogram_num_buckets(&self) -> usize {
        let scale = self.handle.config().poll_times.as_ref();
        scale.map_or(0, |scale| scale.buckets())
    }

    /// Returns which times are in a bucket. The last one has no end: it says `u64::MAX` nanoseconds.
    ///
    /// # Panics
    ///
    /// If polls are timed and there is no such bucket.
    #[track_caller]
    pub fn poll_time_histogram_bucket_range(&self, bucket: usize) -> Range<Duration> {
        match &self.handle.config().poll_times {
            Some(scale) => {
                self.check_bucket(bucket);
                scale.range(bucket)
            }
            None => Duration::ZERO..Duration::ZERO,
        }
    }

    /// Returns how many polls of a worker have taken a time that is in this bucket.
    ///
    /// # Panics
    ///
    /// If there is no such worker, or if polls are timed and there is no such bucket.
    #[track_caller]
    pub fn poll_time_histogram_bucket_count(&self, worker: usize, bucket: usize) -> u64 {
        let stats = self.stats(worker);
        if self.poll_time_histogram_enabled() {
            self.check_bucket(bucket);
        }
        stats.polls_in(bucket)
    }

    #[track_caller]
    fn check_bucket(&self, bucket: usize) {
        let buckets = self.poll_time_histogram_num_buckets();
        assert!(
            bucket < buckets,
            "there is no bucket {bucket}: they are numbered from 0 to {}",
            buckets - 1
        );
    }
}
