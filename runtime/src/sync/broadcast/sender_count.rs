//! Counts the senders, strong and weak.

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

#[derive(Debug)]
pub(super) struct SenderCount {
    strong: AtomicUsize,
    weak: AtomicUsize,
}

impl SenderCount {
    /// One strong sender.
    pub(super) fn new() -> Self {
        SenderCount {
            strong: AtomicUsize::new(1),
            weak: AtomicUsize::new(0),
        }
    }

    pub(super) fn strong(&self) -> usize {
        // Acquire: who sees that none is left sees what they did; pairs with remove().
        self.strong.load(Ordering::Acquire)
    }

    /// For somebody who has one already.
    pub(super) fn add(&self) {
        self.strong.fetch_add(1, Ordering::Relaxed);
    }

    /// Adds one unless none is left.
    pub(super) fn try_add(&self) -> bool {
        let one_more = |strong: usize| (strong > 0).then_some(strong + 1);
        self.strong
            .fetch_update(Ordering::Acquire, Ordering::Relaxed, one_more)
            .is_ok()
    }

    /// Whether it was the last.
    #[must_use]
    pub(super) fn remove(&self) -> bool {
        // AcqRel: what any sender did is before the end.
        self.strong.fetch_sub(1, Ordering::AcqRel) == 1
    }

    pub(super) fn weak(&self) -> usize {
        self.weak.load(Ordering::Relaxed)
    }

    pub(super) fn add_weak(&self) {
        self.weak.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn remove_weak(&self) {
        self.weak.fetch_sub(1, Ordering::Relaxed);
    }
}
