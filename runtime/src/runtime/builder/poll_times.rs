//! Whether polls are timed, and how their times are told apart.

use std::time::Duration;

use super::Builder;
use crate::scheduler::{HistogramConfiguration, HistogramScale, LogHistogram, Scale};

#[derive(Clone, Debug)]
pub(super) struct PollTimeSettings {
    enabled: bool,
    configuration: HistogramConfiguration,
    /// In the words that are deprecated, which go first.
    in_old_words: Option<OldWords>,
}

#[derive(Clone, Copy, Debug)]
struct OldWords {
    scale: HistogramScale,
    resolution: Duration,
    buckets: usize,
}

const RESOLUTION: Duration = Duration::from_micros(100);
const BUCKETS: usize = 10;

impl PollTimeSettings {
    pub(super) fn new() -> Self {
        PollTimeSettings {
            enabled: false,
            configuration: HistogramConfiguration::linear(RESOLUTION, BUCKETS),
            in_old_words: None,
        }
    }

    pub(super) fn scale(&self) -> Option<Scale> {
        let configuration = match self.in_old_words {
            Some(words) => words.configuration(),
            None => self.configuration.clone(),
        };
        self.enabled.then_some(configuration.scale)
    }

    fn in_old_words(&mut self) -> &mut OldWords {
        self.in_old_words.get_or_insert(OldWords {
            scale: HistogramScale::Linear,
            resolution: RESOLUTION,
            buckets: BUCKETS,
        })
    }
}

impl OldWords {
    fn configuration(self) -> HistogramConfiguration {
        match self.scale {
            HistogramScale::Linear => HistogramConfiguration::linear(self.resolution, self.buckets),
            HistogramScale::Log => {
                let first_ns = u64::try_from(self.resolution.as_nanos()).unwrap_or(u64::MAX);
                HistogramConfiguration::log(LogHistogram::doubling(first_ns, self.buckets))
            }
        }
    }
}

/// # Times of polls
impl Builder {
    /// Times each poll of a task, for
    /// [`RuntimeMetrics::poll_time_histogram_bucket_count`](crate::runtime::RuntimeMetrics::poll_time_histogram_bucket_count).
    ///
    /// It costs two looks at the clock for each poll.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_current_thread().enable_metrics_poll_time_histogram().build().unwrap();
    /// rt.block_on(rt.spawn(async {})).unwrap();
    /// let metrics = rt.metrics();
    /// for bucket in 0..metrics.poll_time_histogram_num_buckets() {
    ///     let count = metrics.poll_time_histogram_bucket_count(0, bucket);
    ///     println!("{count} polls took {:?}", metrics.poll_time_histogram_bucket_range(bucket));
    /// }
    /// ```
    pub fn enable_metrics_poll_time_histogram(&mut self) -> &mut Self {
        self.poll_times.enabled = true;
        self
    }

    /// Sets which times of polls are told apart; ten steps of 100 microseconds without it.
    pub fn metrics_poll_time_histogram_configuration(
        &mut self,
        configuration: HistogramConfiguration,
    ) -> &mut Self {
        self.poll_times.configuration = configuration;
        self
    }

    /// The name that tokio gave [`enable_metrics_poll_time_histogram`](Self::enable_metrics_poll_time_histogram) before.
    #[deprecated(note = "it is called `enable_metrics_poll_time_histogram` now")]
    #[doc(hidden)]
    pub fn enable_metrics_poll_count_histogram(&mut self) -> &mut Self {
        self.enable_metrics_poll_time_histogram()
    }

    /// Sets how the width of buckets grows.
    #[deprecated(note = "use `metrics_poll_time_histogram_configuration`")]
    #[doc(hidden)]
    pub fn metrics_poll_count_histogram_scale(&mut self, scale: HistogramScale) -> &mut Self {
        self.poll_times.in_old_words().scale = scale;
        self
    }

    /// Sets the width of the first bucket.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[deprecated(note = "use `metrics_poll_time_histogram_configuration`")]
    #[doc(hidden)]
    #[track_caller]
    pub fn metrics_poll_count_histogram_resolution(&mut self, resolution: Duration) -> &mut Self {
        assert!(
            !resolution.is_zero(),
            "give the buckets a width of 1 ns at least"
        );
        self.poll_times.in_old_words().resolution = resolution;
        self
    }

    /// Sets the number of buckets.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[deprecated(note = "use `metrics_poll_time_histogram_configuration`")]
    #[doc(hidden)]
    #[track_caller]
    pub fn metrics_poll_count_histogram_buckets(&mut self, buckets: usize) -> &mut Self {
        assert!(buckets > 0, "a histogram has 1 bucket at least");
        self.poll_times.in_old_words().buckets = buckets;
        self
    }
}
