//! Exact percentiles: the samples of a few seconds fit into memory, so they
//! are all kept and sorted.

use std::fmt;
use std::time::Duration;

/// Every latency seen, in rising order.
#[derive(Debug)]
pub(crate) struct Latencies(Vec<Duration>);

impl Latencies {
    pub(crate) fn new(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        Self(samples)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The smallest sample that at least `per_mille` thousandths of all samples do not exceed.
    fn at(&self, per_mille: usize) -> Duration {
        let rank = (self.0.len() * per_mille).div_ceil(1000);
        self.0
            .get(rank.saturating_sub(1))
            .copied()
            .unwrap_or_default()
    }
}

impl fmt::Display for Latencies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99, p999) = (self.at(500), self.at(990), self.at(999));
        write!(
            f,
            "p50 {p50:.2?}, p99 {p99:.2?}, p99.9 {p999:.2?}, max {:.2?}",
            self.at(1000)
        )
    }
}
