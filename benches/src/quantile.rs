//! Order statistics.

/// Answers the median.
pub(crate) fn median(samples: &[f64]) -> f64 {
    quantile(samples, 0.5)
}

/// Answers the value below which the given part of the samples lies, between two if need be.
///
/// # Panics
///
/// Panics without samples.
pub(crate) fn quantile(samples: &[f64], part: f64) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1).expect("there are samples");
    let position = part * last as f64;
    let (below, above) = (position.floor(), position.ceil());
    let (below_value, above_value) = (sorted[below as usize], sorted[above as usize]);
    below_value + (above_value - below_value) * (position - below)
}

/// Divides the samples of the same round by each other.
pub(crate) fn quotients(dividends: &[f64], divisors: &[f64]) -> Vec<f64> {
    dividends.iter().zip(divisors).map(|(a, b)| a / b).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_an_outlier() {
        assert_eq!(median(&[3.0, 1.0, 900.0]), 3.0);
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(median(&[1.0, 2.0]), 1.5);
    }

    #[test]
    fn quantiles_reach_both_ends() {
        let samples = [4.0, 2.0, 3.0, 1.0, 5.0];
        assert_eq!(quantile(&samples, 0.0), 1.0);
        assert_eq!(quantile(&samples, 0.25), 2.0);
        assert_eq!(quantile(&samples, 1.0), 5.0);
    }

    #[test]
    fn quotients_pair_what_belongs_to_one_round() {
        assert_eq!(quotients(&[1.0, 8.0], &[2.0, 2.0]), [0.5, 4.0]);
    }
}
