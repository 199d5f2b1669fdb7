//! Buckets whose width follows the times that they take.
//!
//! All times of a kind are cut into pieces: up to `2^precision` each is a piece of its own; from there on each power of two,
//! up to the next, is cut into `2^precision` pieces of one width. So no piece is wider than `2^-precision` of where it
//! begins. (These are the H2 histograms of <https://iop.systems/blog/h2-histogram/>.) A bucket is a piece, but for the
//! first and the last, which take all that is shorter or longer.

use std::error::Error;
use std::fmt;
use std::ops::Range;
use std::time::Duration;

use super::nanos;

const MAX_PRECISION: u32 = 10;

/// A histogram whose buckets are the wider the longer the times that go there.
///
/// No bucket but the first and the last is wider than a share of the times in it, which is the
/// [precision](LogHistogramBuilder::precision_exact).
///
/// # Examples
///
/// ```
/// use runtime::runtime::LogHistogram;
///
/// let minute = LogHistogram::default().max_value();
/// assert!(minute >= 60_000_000_000); // what is longer is in the last bucket
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogHistogram {
    precision: u32,
    /// The piece that the first bucket ends with, and the one that the last begins with.
    first: u32,
    last: u32,
}

impl LogHistogram {
    /// Starts with buckets from 100 nanoseconds to a minute, none of which is wider than a quarter of its times.
    pub fn builder() -> LogHistogramBuilder {
        LogHistogramBuilder::default()
    }

    /// Returns the number of nanoseconds from which on all times are in one bucket, the last.
    pub fn max_value(&self) -> u64 {
        start_of(self.last, self.precision)
    }

    /// Each bucket is twice as wide as all before it; the first ends with `first_ns`, rounded up to a power of two.
    pub(crate) fn doubling(first_ns: u64, buckets: usize) -> Self {
        let first = first_ns.next_power_of_two().ilog2();
        LogHistogram {
            precision: 0,
            first,
            last: first
                + u32::try_from(buckets - 1)
                    .unwrap_or(u64::BITS)
                    .min(u64::BITS - first),
        }
    }

    pub(super) fn buckets(&self) -> usize {
        (self.last - self.first) as usize + 1
    }

    #[inline]
    pub(super) fn bucket_of(&self, ns: u64) -> usize {
        (piece_of(ns, self.precision).clamp(self.first, self.last) - self.first) as usize
    }

    pub(super) fn range(&self, bucket: usize) -> Range<u64> {
        let piece = self.first + bucket as u32;
        let start = match bucket {
            0 => 0,
            _ => start_of(piece, self.precision),
        };
        match piece == self.last {
            true => start..u64::MAX,
            false => start..start_of(piece + 1, self.precision),
        }
    }
}

impl Default for LogHistogram {
    fn default() -> Self {
        LogHistogram::builder().build()
    }
}

impl From<LogHistogramBuilder> for LogHistogram {
    fn from(builder: LogHistogramBuilder) -> Self {
        builder.build()
    }
}

/// By how many bits the times of a piece that `ns` is in differ.
fn width_bits(ns: u64, precision: u32) -> u32 {
    ns.checked_ilog2().unwrap_or(0).saturating_sub(precision)
}

fn piece_of(ns: u64, precision: u32) -> u32 {
    let bits = width_bits(ns, precision);
    // What is left has `precision` + 1 bits.
    (bits << precision) + (ns >> bits) as u32
}

fn start_of(piece: u32, precision: u32) -> u64 {
    let bits = (piece >> precision).saturating_sub(1);
    let start = u128::from(piece - (bits << precision)) << bits;
    u64::try_from(start).unwrap_or(u64::MAX)
}

/// Settings of a [`LogHistogram`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use runtime::runtime::LogHistogram;
///
/// let histogram = LogHistogram::builder()
///     .min_value(Duration::from_micros(1))
///     .max_value(Duration::from_secs(1))
///     .max_error(0.1)
///     .max_buckets(500)?;
/// assert!(histogram.max_value() >= 1_000_000_000);
/// # Ok::<(), runtime::runtime::InvalidHistogramConfiguration>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LogHistogramBuilder {
    min_ns: u64,
    max_ns: u64,
    precision: u32,
}

impl Default for LogHistogramBuilder {
    fn default() -> Self {
        LogHistogramBuilder {
            min_ns: 100,
            max_ns: 60_000_000_000,
            precision: 2,
        }
    }
}

impl LogHistogramBuilder {
    /// Lets no bucket be wider than this share of its times, a quarter at most. Less than 1 in 1,024 counts as that.
    ///
    /// # Panics
    ///
    /// Unless it lies between 0 and 1.
    #[track_caller]
    pub fn max_error(mut self, max_error: f64) -> Self {
        assert!(
            max_error > 0.0 && max_error < 1.0,
            "max_error must be greater than 0 and less than 1, not {max_error}"
        );
        let is_enough = |precision: &u32| 0.5_f64.powi(*precision as i32) <= max_error;
        self.precision = (2..MAX_PRECISION).find(is_enough).unwrap_or(MAX_PRECISION);
        self
    }

    /// Lets no bucket be wider than `2^-p` of its times. With 0 each is twice as wide as the one before.
    ///
    /// # Panics
    ///
    /// If it is greater than 10.
    #[track_caller]
    pub fn precision_exact(mut self, p: u32) -> Self {
        assert!(
            p <= MAX_PRECISION,
            "precision must be <= {MAX_PRECISION}, not {p}"
        );
        self.precision = p;
        self
    }

    /// Sets up to which time all go to the first bucket, which ends there or before.
    pub fn min_value(mut self, duration: Duration) -> Self {
        self.min_ns = nanos(duration);
        self
    }

    /// Sets from which time on all may go to the last bucket, which begins there or later.
    ///
    /// # Panics
    ///
    /// If it is zero.
    #[track_caller]
    pub fn max_value(mut self, duration: Duration) -> Self {
        assert!(!duration.is_zero(), "max_value must be greater than 0");
        self.max_ns = nanos(duration);
        self
    }

    /// Makes the histogram, if it needs no more buckets than this.
    ///
    /// # Errors
    ///
    /// Fails with the number of buckets that it needs.
    pub fn max_buckets(
        &mut self,
        max_buckets: usize,
    ) -> Result<LogHistogram, InvalidHistogramConfiguration> {
        let histogram = self.build();
        match histogram.buckets() {
            buckets if buckets > max_buckets => {
                Err(InvalidHistogramConfiguration::TooManyBuckets {
                    required_bucket_count: buckets,
                })
            }
            _ => Ok(histogram),
        }
    }

    /// Makes the histogram.
    pub fn build(&self) -> LogHistogram {
        let piece_of = |ns| piece_of(ns, self.precision);
        // The piece before that of the shortest time, and the first that begins at the longest or later.
        let first = piece_of(self.min_ns).saturating_sub(1);
        let last = (piece_of(self.max_ns - 1) + 1).min(piece_of(u64::MAX));
        LogHistogram {
            precision: self.precision,
            first,
            last: last.max(first + 1),
        }
    }
}

/// Says why there is no such histogram.
///
/// # Examples
///
/// ```
/// use runtime::runtime::{InvalidHistogramConfiguration, LogHistogram};
///
/// let Err(InvalidHistogramConfiguration::TooManyBuckets { required_bucket_count }) =
///     LogHistogram::builder().max_buckets(10)
/// else {
///     panic!("ten buckets are few");
/// };
/// assert_eq!(required_bucket_count, 119);
/// ```
#[derive(Debug)]
pub enum InvalidHistogramConfiguration {
    /// It needs more buckets than it may have.
    TooManyBuckets {
        /// So many.
        required_bucket_count: usize,
    },
}

impl fmt::Display for InvalidHistogramConfiguration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidHistogramConfiguration::TooManyBuckets {
            required_bucket_count: needed,
        } = self;
        write!(
            f,
            "this histogram needs {needed} buckets: let it have as many, or tell fewer times apart"
        )
    }
}

impl Error for InvalidHistogramConfiguration {}
