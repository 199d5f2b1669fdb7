//! Seeded random numbers: every choice the runtime makes by chance comes from here.
//!
//! The generator is Marsaglia's xorshift32 ("Xorshift RNGs", Journal of Statistical Software 8(14),
//! 2003); seeds are spread by the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// Gives each worker, and each thread that enters a runtime, a seed of its own, all derived from one.
#[derive(Debug)]
pub(crate) struct SeedSource {
    seed: u64,
    entered: AtomicU64,
}

/// What a worker draws numbers for. Those of tasks must not depend on how often it has searched.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Stealing,
    Tasks,
}

impl SeedSource {
    /// The same `seed` gives the same seeds.
    pub(crate) fn new(seed: u64) -> Self {
        SeedSource {
            seed,
            entered: AtomicU64::new(0),
        }
    }

    /// A source that differs from run to run.
    pub(crate) fn from_entropy() -> Self {
        SeedSource::new(entropy())
    }

    /// The seed of the worker with that index, in whichever order the workers start.
    pub(crate) fn of_worker(&self, index: usize, purpose: Purpose) -> u64 {
        let odd = u64::from(matches!(purpose, Purpose::Tasks));
        self.numbered(index as u64 * 2 + odd)
    }

    /// The seed of a thread for the next stay in `block_on`.
    pub(crate) fn of_next_stay(&self) -> u64 {
        const BEHIND_ALL_WORKERS: u64 = 1 << 32;
        self.numbered(BEHIND_ALL_WORKERS + self.entered.fetch_add(1, Ordering::Relaxed))
    }

    fn numbered(&self, number: u64) -> u64 {
        const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.seed.wrapping_add(number.wrapping_mul(GOLDEN_GAMMA));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn entropy() -> u64 {
    RandomState::new().hash_one(0)
}

/// A generator for one thread.
#[derive(Debug)]
pub(crate) struct Random {
    /// Zero until there is a seed.
    state: Cell<u32>,
}

thread_local! {
    /// Draws for the code that this thread polls.
    static OF_TASKS: Random = const { Random { state: Cell::new(0) } };
}

/// A number below `bound`, which is not zero, for the task that this thread polls. It follows from
/// the seed of the runtime whose thread this is; elsewhere it differs from run to run.
#[cfg(feature = "macros")]
#[inline]
pub(crate) fn below(bound: u32) -> u32 {
    OF_TASKS.with(|random| {
        if random.state.get() == 0 {
            random.state.set(fold(entropy()));
        }
        random.below(bound)
    })
}

/// Lets [`below`] start from `seed` on this thread until the guard is dropped.
pub(crate) fn seed_tasks(seed: u64) -> Seeded {
    Seeded {
        before: OF_TASKS.with(|random| random.state.replace(fold(seed))),
    }
}

/// Puts the numbers for tasks back to where they were before [`seed_tasks`].
#[derive(Debug)]
#[must_use = "dropping it takes the seed away"]
pub(crate) struct Seeded {
    before: u32,
}

impl Drop for Seeded {
    fn drop(&mut self) {
        OF_TASKS.with(|random| random.state.set(self.before));
    }
}

/// A state for a generator: any but zero, where it would stay.
fn fold(seed: u64) -> u32 {
    ((seed ^ (seed >> 32)) as u32).max(1)
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random {
            state: Cell::new(fold(seed)),
        }
    }

    /// A number below `bound`, which is not zero (Lemire's multiplication, slightly biased).
    #[inline]
    pub(crate) fn below(&self, bound: u32) -> u32 {
        debug_assert_ne!(bound, 0);
        ((u64::from(self.next()) * u64::from(bound)) >> 32) as u32
    }

    #[inline]
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
    use super::{Purpose, Random, SeedSource};

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        let draw = || {
            let random = Random::new(SeedSource::new(7).of_next_stay());
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

    #[test]
    fn no_two_users_of_a_source_get_the_same_seed() {
        let source = SeedSource::new(7);
        let mut seeds: Vec<u64> = (0..100)
            .flat_map(|index| {
                [Purpose::Stealing, Purpose::Tasks].map(|purpose| source.of_worker(index, purpose))
            })
            .chain((0..100).map(|_| source.of_next_stay()))
            .collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 300);
    }

    #[cfg(feature = "macros")]
    #[test]
    fn numbers_for_tasks_follow_the_seed_and_go_on_as_before_without_it() {
        use super::{below, seed_tasks};

        let draw = || (0..32).map(|_| below(1_000)).collect::<Vec<_>>();
        let outer = seed_tasks(1);
        let whole = [draw(), draw()];
        drop(outer);

        let _outer = seed_tasks(1);
        let first = draw();
        let seeded: Vec<_> = (0..2)
            .map(|_| {
                let _inner = seed_tasks(2);
                draw()
            })
            .collect();
        assert_eq!(seeded[0], seeded[1]);
        assert_eq!(whole, [first, draw()]);
    }
}
