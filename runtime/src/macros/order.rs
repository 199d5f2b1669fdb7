//! In which order a combinator polls its branches.

use crate::util::random;

/// Gives each poll its order.
pub trait Order {
    /// The branches as this poll goes through them, each of them once.
    fn round(&mut self) -> impl Iterator<Item = usize>;
}

/// As they are written: `biased;`.
#[derive(Debug)]
pub struct InOrder<const BRANCHES: usize>;

impl<const BRANCHES: usize> Order for InOrder<BRANCHES> {
    #[inline]
    fn round(&mut self) -> impl Iterator<Item = usize> {
        0..BRANCHES
    }
}

/// From one that is drawn anew each time: who is always ready wins no more often than the others.
#[derive(Debug)]
pub struct AtRandom<const BRANCHES: usize>;

impl<const BRANCHES: usize> Order for AtRandom<BRANCHES> {
    #[inline]
    fn round(&mut self) -> impl Iterator<Item = usize> {
        around::<BRANCHES>(random::below(BRANCHES as u32) as usize)
    }
}

/// From the one behind the last start: who spends the whole budget does so once a round.
#[derive(Debug)]
pub struct InTurn<const BRANCHES: usize> {
    first: usize,
}

impl<const BRANCHES: usize> InTurn<BRANCHES> {
    /// Starts with the first branch.
    #[expect(clippy::new_without_default, reason = "only macros make one")]
    #[inline]
    pub fn new() -> Self {
        InTurn { first: 0 }
    }
}

impl<const BRANCHES: usize> Order for InTurn<BRANCHES> {
    #[inline]
    fn round(&mut self) -> impl Iterator<Item = usize> {
        let first = self.first;
        self.first = (first + 1) % BRANCHES;
        around::<BRANCHES>(first)
    }
}

/// A number below `bound`, from where [`AtRandom`] has its own.
pub fn draw(bound: u32) -> u32 {
    random::below(bound)
}

#[inline]
fn around<const BRANCHES: usize>(first: usize) -> impl Iterator<Item = usize> {
    (0..BRANCHES).map(move |step| (first + step) % BRANCHES)
}

#[cfg(test)]
mod tests {
    use super::{AtRandom, InOrder, InTurn, Order};

    #[test]
    fn in_order_is_the_same_each_time() {
        let mut order = InOrder::<3>;
        for _ in 0..2 {
            assert!(order.round().eq([0, 1, 2]));
        }
    }

    #[test]
    fn in_turn_each_branch_comes_first_once() {
        let mut order = InTurn::<3>::new();
        for expected in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 1, 2]] {
            assert!(order.round().eq(expected));
        }
    }

    #[test]
    fn at_random_every_branch_comes_first_at_times_and_each_comes_once() {
        let mut first = [false; 5];
        for _ in 0..1_000 {
            let mut round: Vec<usize> = AtRandom::<5>.round().collect();
            first[round[0]] = true;
            round.sort_unstable();
            assert_eq!(round, [0, 1, 2, 3, 4]);
        }
        assert_eq!(first, [true; 5]);
    }
}
