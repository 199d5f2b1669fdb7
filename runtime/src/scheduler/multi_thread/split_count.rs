//! A reference count that its owner changes without read-modify-writes.
//!
//! The owner, one thread at a time, keeps a part of the count to itself; everybody else shares an
//! atomic one. Either part alone means nothing (a reference may be taken on one side and given back
//! on the other), and while the count is *open* nobody asks whether it is zero.
//! [`SplitCount::close`], called when the last owner has gone, adds the parts up; from then on
//! there is the atomic one only.
//!
//! Each part has a cache line to itself: what others give back does not take the owner's away.

use crossbeam_utils::CachePadded;

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

/// Added to the shared part while the count is open, so that it is never near zero.
const OPEN: usize = 1 << (usize::BITS - 2);

#[derive(Debug)]
pub(super) struct SplitCount {
    shared: CachePadded<AtomicUsize>,
    own: CachePadded<AtomicUsize>,
}

impl SplitCount {
    /// An open count of no references.
    pub(super) fn new() -> Self {
        SplitCount {
            shared: CachePadded::new(AtomicUsize::new(OPEN)),
            own: CachePadded::new(AtomicUsize::new(0)),
        }
    }

    /// For the owner.
    #[inline]
    pub(super) fn increment_own(&self) {
        // Relaxed: nobody else writes it; close() comes after the owner has gone.
        let next = self.own.load(Ordering::Relaxed).wrapping_add(1);
        self.own.store(next, Ordering::Relaxed);
    }

    /// For the owner. The count is open then, so this is never the last reference.
    #[inline]
    pub(super) fn decrement_own(&self) {
        let next = self.own.load(Ordering::Relaxed).wrapping_sub(1);
        self.own.store(next, Ordering::Relaxed);
    }

    /// For anybody else; `true` if the count was closed and zero.
    pub(super) fn increment(&self) -> bool {
        // Relaxed: the caller holds what is counted by other means.
        self.shared.fetch_add(1, Ordering::Relaxed) == 0
    }

    /// For anybody else; `true` if the count is closed and this was the last reference.
    pub(super) fn decrement(&self) -> bool {
        // AcqRel: the last one comes after all that the others did.
        self.shared.fetch_sub(1, Ordering::AcqRel) == 1
    }

    /// Adds up, once, after the last owner has gone; `true` if there are no references.
    pub(super) fn close(&self) -> bool {
        let change = self.own.load(Ordering::Relaxed).wrapping_sub(OPEN);
        let before = self.shared.fetch_add(change, Ordering::AcqRel);
        before.wrapping_add(change) == 0
    }
}

#[cfg(all(test, runtime_loom))]
mod loom_models {
    use super::SplitCount;
    use crate::primitive::sync::Arc;

    #[test]
    fn loom_exactly_one_end_is_the_last() {
        loom::model(|| {
            let count = Arc::new(SplitCount::new());
            // The owner takes two, and gives one back itself.
            count.increment_own();
            count.increment_own();
            count.decrement_own();
            let other = {
                let count = count.clone();
                loom::thread::spawn(move || count.decrement())
            };
            let third = {
                let count = count.clone();
                loom::thread::spawn(move || {
                    let first = count.increment();
                    let last = count.decrement();
                    (first, last)
                })
            };
            let closed_empty = count.close();
            let other = other.join().expect("it ends");
            let (revived, third) = third.join().expect("it ends");
            let ends = [closed_empty, other, third]
                .map(usize::from)
                .iter()
                .sum::<usize>();
            assert_eq!(ends, 1 + usize::from(revived));
        });
    }
}
