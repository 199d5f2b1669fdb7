//! A first-in-first-out list of entries whose head is one word, so that a wheel of 512 stays small.

use std::ptr::NonNull;

use super::entry::{Entry, look, with};

/// The entries of one slot, linked in a circle: the last is the predecessor of the first.
#[derive(Debug, Default)]
pub(super) struct List {
    first: Option<NonNull<Entry>>,
}

impl List {
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    /// # Safety
    ///
    /// `entry` is in no list and stays live and in place until it is removed; the caller has it and
    /// all entries of this list to itself.
    #[inline]
    pub(super) unsafe fn push_back(&mut self, entry: NonNull<Entry>) {
        // SAFETY: the caller's promise; each entry is borrowed alone.
        unsafe {
            let Some(first) = self.first else {
                self.first = Some(entry);
                return join(entry, entry);
            };
            let last = with(first, |links| links.prev);
            join(last, entry);
            join(entry, first);
        }
    }

    /// # Safety
    ///
    /// `entry` is in this list, and the caller has all entries of it to itself.
    #[inline]
    pub(super) unsafe fn remove(&mut self, entry: NonNull<Entry>) {
        // SAFETY: the caller's promise; each entry is borrowed alone.
        unsafe {
            let (prev, next) = with(entry, |links| (links.prev, links.next));
            if next == entry {
                self.first = None;
                return;
            }
            join(prev, next);
            if self.first == Some(entry) {
                self.first = Some(next);
            }
        }
    }

    /// The entries in their order. Each may be put into another list once it has been handed out.
    ///
    /// # Safety
    ///
    /// The caller has all entries of this list to itself until the last has been handed out.
    #[inline]
    pub(super) unsafe fn drain(self) -> impl Iterator<Item = NonNull<Entry>> {
        // SAFETY: the caller's promise; links are read before their entry is handed out.
        let last = self
            .first
            .map(|first| unsafe { look(first, |links| links.prev) });
        let mut rest = self.first;
        std::iter::from_fn(move || {
            let entry = rest?;
            // SAFETY: as above.
            let next = || unsafe { look(entry, |links| links.next) };
            rest = (rest != last).then(next);
            Some(entry)
        })
    }

    /// The entries in their order.
    ///
    /// # Safety
    ///
    /// Nobody changes this list or its entries while the iterator is in use.
    pub(super) unsafe fn iter(&self) -> impl Iterator<Item = NonNull<Entry>> {
        let list = List { first: self.first };
        // SAFETY: the caller's promise; what is handed out stays in its list.
        unsafe { list.drain() }
    }
}

/// # Safety
///
/// Both are live, and the caller has them to itself.
#[inline]
unsafe fn join(left: NonNull<Entry>, right: NonNull<Entry>) {
    // SAFETY: the caller's promise; one borrow ends before the other begins.
    unsafe {
        with(left, |links| links.next = right);
        with(right, |links| links.prev = left);
    }
}
