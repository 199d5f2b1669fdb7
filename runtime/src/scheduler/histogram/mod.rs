//! How times are sorted into buckets, and how many are in each.

mod log;
mod poll_times;

use std::ops::Range;
use std::time::Duration;

pub use log::{InvalidHistogramConfiguration, LogHistogram, LogHistogramBuilder};
pub(super) use poll_times::PollTimes;

/// Which times a histogram of polls tells apart.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use runtime::runtime::{Builder, HistogramConfiguration, LogHistogram};
///
/// let to_a_second = LogHistogram::builder().max_value(Duration::from_secs(1));
/// let rt = Builder::new_current_thread()
///     .enable_metrics_poll_time_histogram()
///     .metrics_poll_time_histogram_configuration(HistogramConfiguration::log(to_a_second))
///     .build()
///     .unwrap();
/// # drop(rt);
/// ```
#[derive(Clone, Debug)]
pub struct HistogramConfiguration {
    pub(crate) scale: Scale,
}

impl HistogramConfiguration {
    /// Makes buckets of the same width, the last of which takes all that is longer.
    ///
    /// # Panics
    ///
    /// If there are no buckets, or if they have no width.
    #[track_caller]
    pub fn linear(bucket_width: Duration, num_buckets: usize) -> Self {
        let width_ns = nanos(bucket_width);
        assert!(width_ns > 0, "give the buckets a width of 1 ns at least");
        assert!(num_buckets > 0, "a histogram has 1 bucket at least");
        HistogramConfiguration {
            scale: Scale::Linear {
                width_ns,
                buckets: num_buckets,
            },
        }
    }

    /// Makes buckets that are the wider the longer the times: see [`LogHistogram`].
    pub fn log(configuration: impl Into<LogHistogram>) -> Self {
        HistogramConfiguration {
            scale: Scale::Log(configuration.into()),
        }
    }
}

/// How the width of buckets grows, for the deprecated settings of a [`Builder`](crate::runtime::Builder).
///
/// # Examples
///
/// ```
/// # #![allow(deprecated)]
/// use std::time::Duration;
/// use runtime::runtime::{Builder, HistogramScale};
///
/// let rt = Builder::new_current_thread()
///     .enable_metrics_poll_time_histogram()
///     .metrics_poll_count_histogram_scale(HistogramScale::Log)
///     .metrics_poll_count_histogram_resolution(Duration::from_micros(1))
///     .build()
///     .unwrap();
/// assert_eq!(rt.metrics().poll_time_histogram_bucket_range(0).end, Duration::from_nanos(1_024));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistogramScale {
    /// It does not.
    Linear,
    /// Each is twice as wide as the one before.
    Log,
}

/// Which bucket a time goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    Linear { width_ns: u64, buckets: usize },
    Log(LogHistogram),
}

impl Scale {
    pub(crate) fn buckets(&self) -> usize {
        match self {
            Scale::Linear { buckets, .. } => *buckets,
            Scale::Log(log) => log.buckets(),
        }
    }

    #[inline]
    fn bucket_of(&self, ns: u64) -> usize {
        match self {
            Scale::Linear { width_ns, buckets } => {
                let last = *buckets as u64 - 1;
                (ns / width_ns).min(last) as usize
            }
            Scale::Log(log) => log.bucket_of(ns),
        }
    }

    /// The last one ends with the longest time that can be told.
    pub(crate) fn range(&self, bucket: usize) -> Range<Duration> {
        let range = match self {
            Scale::Linear { width_ns, buckets } => {
                let start = width_ns.saturating_mul(bucket as u64);
                match bucket + 1 == *buckets {
                    true => start..u64::MAX,
                    false => start..start.saturating_add(*width_ns),
                }
            }
            Scale::Log(log) => log.range(bucket),
        };
        Duration::from_nanos(range.start)..Duration::from_nanos(range.end)
    }
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{HistogramConfiguration, LogHistogram, Scale};

    /// Each bucket begins where the one before ends, and takes what lies in it.
    fn assert_gapless(scale: &Scale) {
        let mut end = Duration::ZERO;
        for bucket in 0..scale.buckets() {
            let range = scale.range(bucket);
            assert_eq!(range.start, end, "{bucket} of {scale:?}");
            assert!(range.start < range.end, "{bucket} of {scale:?}");
            end = range.end;
            let (first, last) = (super::nanos(range.start), super::nanos(range.end) - 1);
            for ns in [first, first + (last - first) / 2, last] {
                assert_eq!(scale.bucket_of(ns), bucket, "{ns} ns of {scale:?}");
            }
        }
        assert_eq!(end, Duration::from_nanos(u64::MAX));
        assert_eq!(scale.bucket_of(u64::MAX), scale.buckets() - 1);
    }

    #[test]
    fn buckets_have_no_gaps() {
        assert_gapless(&HistogramConfiguration::linear(Duration::from_micros(100), 10).scale);
        assert_gapless(&HistogramConfiguration::linear(Duration::MAX, 1).scale);
        assert_gapless(&HistogramConfiguration::linear(Duration::from_nanos(1), 1).scale);
        assert_gapless(&Scale::Log(LogHistogram::default()));
        for precision in 0..=10 {
            for (min, max) in [(0, 1), (1, 100), (100, 5_000), (1_000, 1), (77, u64::MAX)] {
                let log = LogHistogram::builder()
                    .precision_exact(precision)
                    .min_value(Duration::from_nanos(min))
                    .max_value(Duration::from_nanos(max));
                assert_gapless(&Scale::Log(log.build()));
            }
        }
        for (first_ns, buckets) in [(1, 1), (1, 10), (100_000, 10), (1 << 60, 9)] {
            assert_gapless(&Scale::Log(LogHistogram::doubling(first_ns, buckets)));
        }
    }
}
