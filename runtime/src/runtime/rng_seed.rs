//! What the random choices of a runtime begin with.

/// A seed for [`Builder::rng_seed`](super::Builder::rng_seed): a number, or whatever is told by bytes.
///
/// # Examples
///
/// ```
/// use runtime::runtime::{Builder, RngSeed};
///
/// let of_this_test = RngSeed::from_bytes(b"clients reconnect");
/// let rt = Builder::new_current_thread().rng_seed(of_this_test).build().unwrap();
/// # drop(rt);
/// ```
#[derive(Clone, Debug)]
pub struct RngSeed(pub(super) u64);

impl RngSeed {
    /// Makes a seed of all of `bytes`, in whatever number. The same bytes make the same seed.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::runtime::RngSeed;
    ///
    /// let seed = |bytes| format!("{:?}", RngSeed::from_bytes(bytes));
    /// assert_eq!(seed(b"one"), seed(b"one"));
    /// assert_ne!(seed(b"one"), seed(b"other"));
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Self {
        // FNV-1a: https://datatracker.ietf.org/doc/html/draft-eastlake-fnv
        let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        RngSeed(hash)
    }
}

impl From<u64> for RngSeed {
    fn from(seed: u64) -> Self {
        RngSeed(seed)
    }
}
