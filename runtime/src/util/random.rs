//! Seeded random numbers: every choice the runtime makes by chance comes from here.
//!
//! The generator is Marsaglia's xorshift32 ("Xorshift RNGs", Journal of Statistical Software 8(14),
//! 2003); seeds are spread by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// Gives each worker a seed of its own, all derived from one.
#[derive(Debug)]
pub(crate) struct SeedSource {
    next: AtomicU64,
}

impl SeedSource {
    /// The same `seed` gives the same sequence of seeds.
    pub(crate) fn new(seed: u64) -> Self {
        SeedSource {
            next: AtomicU64::new(seed),
        }
    }

    /// A source that differs from run to run.
    pub(crate) fn from_entropy() -> Self {
        SeedSource::new(RandomState::new().hash_one(0))
    }

    pub(crate) fn next_seed(&self) -> u64 {
        const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.next.fetch_add(GOLDEN_GAMMA, Ordering::Relaxed);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A generator for one thread.
#[derive(Debug)]
pub(crate) struct Random {
    state: Cell<u32>,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let folded = (seed ^ (seed >> 32)) as u32;
        Random {
            state: Cell::new(folded.max(1)),
        }
    }

    /// A number below `bound`, which is not zero (Lemire's multiplication, slightly biased).
    pub(crate) fn below(&self, bound: u32) -> u32 {
        debug_assert_ne!(bound, 0);
        ((u64::from(self.next()) * u64::from(bound)) >> 32) as u32
    }

    fn next(&self) -> u32 {
        let mut x = self.state.get();
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        self.state.set(x);
        x
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{Random, SeedSource};

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = || {
            let random = Random::new(SeedSource::new(7).next_seed());
            (0..32).map(|_| random.below(10)).collect::<Vec<_>>()
        };
        assert_eq!(draw(), draw());
    }

    #[test]
    fn numbers_stay_below_the_bound_and_reach_every_value() {
        let random = Random::new(0);
        let mut seen = [false; 7];
        for _ in 0..1_000 {
            seen[random.below(7) as usize] = true;
        }
        assert_eq!(seen, [true; 7]);
    }
}
