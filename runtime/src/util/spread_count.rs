//! A count that many threads add to and hardly anybody reads: each thread mostly writes a cache line of its own.
//!
//! Any thread adds, to the line that the address of one of its thread-locals falls to. Threads that fall to the same
//! one share it, which costs time and no count.

use std::ptr;

use crossbeam_utils::CachePadded;

use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// Lines, as a power of two.
const BITS: u32 = 3;

thread_local! {
    /// Only its address matters.
    static HERE: u8 = const { 0 };
}

#[derive(Debug)]
pub(crate) struct SpreadCount([CachePadded<AtomicU64>; 1 << BITS]);

impl SpreadCount {
    pub(crate) fn new() -> Self {
        SpreadCount(std::array::from_fn(|_| CachePadded::new(AtomicU64::new(0))))
    }

    #[inline]
    pub(crate) fn increment(&self) {
        self.0[line_of_this_thread()].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn total(&self) -> u64 {
        let lines = self.0.iter();
        lines.map(|line| line.load(Ordering::Relaxed)).sum()
    }
}

/// Fibonacci hashing: the addresses lie a stack apart, so that their low bits are alike.
#[inline]
fn line_of_this_thread() -> usize {
    let address = HERE.with(|here| ptr::from_ref(here).addr()) as u64;
    let hash = address.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (hash >> (u64::BITS - BITS)) as usize
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use std::thread;

    use super::SpreadCount;

    #[test]
    fn what_many_threads_add_is_all_there() {
        let count = SpreadCount::new();
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| (0..1_000).for_each(|_| count.increment()));
            }
        });
        assert_eq!(count.total(), 20_000);
    }
}
