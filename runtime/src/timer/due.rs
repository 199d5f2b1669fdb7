//! The entries that were found due and wait to be popped, in the order of their deadlines.

use std::cmp::Reverse;
use std::ptr::NonNull;

use super::entry::{Entry, with};
use crate::util::prefetch::prefetch;

/// Room for so many is kept when all have been popped.
const KEPT_CAPACITY: usize = 256;

/// The entry that is popped after so many more is fetched into the cache meanwhile.
const PREFETCHED: usize = 4;

/// Entries that have left their slot, in the opposite order of their deadlines: popping is from the
/// end. A sorted vector, because linking entries in order would touch the memory of each once more.
///
/// They come in batches: a further one is found when the one before has been popped.
#[derive(Debug, Default)]
pub(super) struct Due {
    /// The last one is none that was removed.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    deadline: u64,
    /// The place among those found, also noted in the entry: breaks ties, and finds it again.
    number: u32,
    /// `None` once it has been removed.
    entry: Option<NonNull<Entry>>,
}

impl Due {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The entry that is popped next.
    #[inline]
    pub(super) fn first(&self) -> Option<NonNull<Entry>> {
        self.waiting.last()?.entry
    }

    /// Notes an entry of the batch that is being collected.
    ///
    /// # Safety
    ///
    /// The entry is live and in no list; the caller has it to itself until it is popped or removed.
    #[inline]
    pub(super) unsafe fn push(&mut self, entry: NonNull<Entry>, deadline: u64) {
        // More than 2^32 entries do not fit into the memory of any machine.
        let number = self.waiting.len() as u32;
        // SAFETY: the caller's promise.
        unsafe { with(entry, |links| links.number = number) };
        self.waiting.push(Waiting {
            deadline,
            number,
            entry: Some(entry),
        });
    }

    /// Puts the batch that has been collected in order. Those of one deadline come as they were found.
    #[inline]
    pub(super) fn sort(&mut self) {
        if self.waiting.len() > 1 {
            self.waiting.sort_unstable_by_key(|it| Reverse(it.key()));
        }
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Option<NonNull<Entry>> {
        let entry = self.waiting.pop()?.entry;
        self.forget_removed();
        if let Some(soon) = self
            .waiting
            .iter()
            .rev()
            .nth(PREFETCHED)
            .and_then(|it| it.entry)
        {
            prefetch(soon);
        }
        entry
    }

    /// # Safety
    ///
    /// `entry` is one of these.
    #[cold]
    pub(super) unsafe fn remove(&mut self, entry: NonNull<Entry>) {
        // SAFETY: the caller's promise.
        let key = unsafe { with(entry, |links| (links.deadline, links.number)) };
        let place = self.waiting.binary_search_by(|it| key.cmp(&it.key()));
        let place = place.expect("a due entry waits under its deadline and number");
        self.waiting[place].entry = None;
        self.forget_removed();
    }

    pub(super) fn clear(&mut self) {
        self.waiting = Vec::new();
    }

    /// Keeps the last one alive, and gives memory back after a large batch.
    #[inline]
    fn forget_removed(&mut self) {
        while self.waiting.last().is_some_and(|it| it.entry.is_none()) {
            self.waiting.pop();
        }
        if self.waiting.is_empty() && self.waiting.capacity() > KEPT_CAPACITY {
            self.waiting = Vec::new();
        }
    }
}

impl Waiting {
    #[inline]
    fn key(&self) -> (u64, u32) {
        (self.deadline, self.number)
    }
}
