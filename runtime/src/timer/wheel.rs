//! The wheel: which slot an entry lies in, which slot comes next, what in it is due.

use std::ptr::NonNull;

use super::due::Due;
use super::entry::{Entry, NO_SLOT, with};
use super::list::List;

/// A slot of level 0 spans 2^14 ns: fine enough to keep apart what a 200 us sleep tells apart.
const GRAIN_BITS: u32 = 14;
const LEVEL_BITS: u32 = 6;
const LEVELS: usize = 8;
const SLOTS: usize = 1 << LEVEL_BITS;

/// The slot number of entries that are due and wait to be popped.
const DUE: u16 = (LEVELS * SLOTS) as u16;

/// A hierarchical timing wheel over intrusive entries; times are in nanoseconds.
///
/// Invariant: an entry of a level above 0 differs from `elapsed` in that level's digit and, but for
/// the topmost level, in no higher one. So the entries of one level are all due before those of the
/// next, and advancing `elapsed` up to the start of the first occupied slot keeps every entry in
/// its place.
#[derive(Debug)]
pub(crate) struct Wheel {
    /// The present as far as the wheel has been told: it never goes back.
    elapsed: u64,
    /// For each level, which slots hold an entry.
    occupied: [u64; LEVELS],
    slots: Box<[Slot]>,
    due: Due,
}

// SAFETY: the pointers are followed only through `&mut Wheel` or on behalf of a caller of an unsafe
// method, who promises that the entries may be touched by whoever has the wheel to itself.
unsafe impl Send for Wheel {}

#[derive(Debug, Default)]
struct Slot {
    entries: List,
    /// No entry here is due before; meaningless if there is none. Not moved by a removal.
    earliest: u64,
}

#[derive(Clone, Copy, Debug)]
struct SlotIndex {
    level: usize,
    /// Which of the level's slots.
    digit: usize,
}

impl SlotIndex {
    /// Where an entry lies that is due at `due`, which is not before `elapsed`.
    #[inline]
    fn of(elapsed: u64, due: u64) -> Self {
        const GRAIN: u64 = (1 << GRAIN_BITS) - 1;
        let highest_differing_bit = ((elapsed ^ due) | GRAIN).ilog2();
        let level = (highest_differing_bit.saturating_sub(GRAIN_BITS) / LEVEL_BITS) as usize;
        let level = level.min(LEVELS - 1);
        let digit = (due >> shift_of(level)) as usize % SLOTS;
        SlotIndex { level, digit }
    }

    #[inline]
    fn index(self) -> usize {
        self.level * SLOTS + self.digit
    }
}

#[inline]
const fn shift_of(level: usize) -> u32 {
    GRAIN_BITS + LEVEL_BITS * level as u32
}

impl Wheel {
    pub(crate) fn new(now: u64) -> Self {
        let slots = std::iter::repeat_with(Slot::default);
        Wheel {
            elapsed: now,
            occupied: [0; LEVELS],
            slots: slots.take(LEVELS * SLOTS).collect(),
            due: Due::default(),
        }
    }

    /// Adds an entry; it is popped once its deadline has come, at once if that is past.
    ///
    /// # Safety
    ///
    /// `entry` is in no wheel. It stays live and in place until it is popped or removed, and is
    /// touched meanwhile only by whoever has this wheel to itself.
    #[inline]
    pub(crate) unsafe fn insert(&mut self, entry: NonNull<Entry>) {
        // SAFETY: the caller's promise.
        unsafe { self.place(entry) };
    }

    /// Takes an entry out before it is popped.
    ///
    /// # Safety
    ///
    /// `entry` is in this wheel.
    #[inline]
    pub(crate) unsafe fn remove(&mut self, entry: NonNull<Entry>) {
        // SAFETY: the caller's promise; an entry's slot number is that of the list it is in.
        unsafe {
            let slot = with(entry, |links| std::mem::replace(&mut links.slot, NO_SLOT));
            debug_assert_ne!(slot, NO_SLOT, "the entry is in no wheel");
            if slot == DUE {
                return self.due.remove(entry);
            }
            let slot = usize::from(slot);
            let entries = &mut self.slots[slot].entries;
            entries.remove(entry);
            if entries.is_empty() {
                self.occupied[slot / SLOTS] &= !(1 << (slot % SLOTS));
            }
        }
    }

    /// Takes out one entry whose deadline is `now` or earlier, as long as there is one.
    ///
    /// Entries come in the order of their deadlines, those of one deadline as they were inserted.
    /// Only one that is inserted when it is due already comes after those found due before it. A
    /// `now` before the latest one given is harmless.
    pub(crate) fn pop_due(&mut self, now: u64) -> Option<NonNull<Entry>> {
        let now = now.max(self.elapsed);
        if self.due.is_empty() {
            self.collect_due(now);
        }
        // SAFETY: the entries of a wheel are live and its own.
        unsafe {
            let entry = self.due.pop()?;
            with(entry, |links| links.slot = NO_SLOT);
            Some(entry)
        }
    }

    /// When [`pop_due`](Self::pop_due) will next find an entry: exact, unless the entry that it
    /// names has been removed, and then too early.
    pub(crate) fn next_due(&self) -> Option<u64> {
        if let Some(entry) = self.due.first() {
            // SAFETY: the entries of a wheel are live and its own.
            return Some(unsafe { Entry::deadline(entry) });
        }
        let (place, _) = self.first_occupied()?;
        Some(self.slots[place.index()].earliest)
    }

    /// The entry that is popped next. Looks through the slot it lies in: of few entries if it is due
    /// soon, of more if it is not.
    pub(crate) fn first(&self) -> Option<NonNull<Entry>> {
        if let Some(entry) = self.due.first() {
            return Some(entry);
        }
        let (place, _) = self.first_occupied()?;
        let slot = &self.slots[place.index()];
        // SAFETY: the entries of a wheel are live and its own, and it is borrowed.
        unsafe {
            let mut entries = slot.entries.iter();
            let mut first = entries.next()?;
            for entry in entries {
                // Nothing in the slot comes before this one.
                if Entry::deadline(first) == slot.earliest {
                    break;
                }
                if Entry::deadline(entry) < Entry::deadline(first) {
                    first = entry;
                }
            }
            Some(first)
        }
    }

    /// Lets go of all entries at once. They are in no wheel any more, without being told.
    pub(crate) fn clear(&mut self) {
        self.occupied = [0; LEVELS];
        self.slots.fill_with(Slot::default);
        self.due.clear();
    }

    /// The occupied slot that comes first, and the moment at which it starts.
    #[inline]
    fn first_occupied(&self) -> Option<(SlotIndex, u64)> {
        let level = self.occupied.iter().position(|&slots| slots != 0)?;
        let present = self.elapsed >> shift_of(level);
        // Only the topmost level ever wraps around.
        let ahead = self.occupied[level].rotate_right((present % SLOTS as u64) as u32);
        let position = present + u64::from(ahead.trailing_zeros());
        let digit = position as usize % SLOTS;
        Some((SlotIndex { level, digit }, position << shift_of(level)))
    }

    /// Opens slots in their order until some entry in one is due, or none has started by `now`.
    fn collect_due(&mut self, now: u64) {
        while let Some((place, start)) = self.first_occupied() {
            if start > now {
                break;
            }
            // SAFETY: the slot is occupied, and starts by `now`.
            unsafe { self.open(place, start, now) };
            if !self.due.is_empty() {
                return;
            }
            if place.level == 0 {
                // Entries that stay at level 0 lie in the slot of the present: later ones wait too.
                break;
            }
        }
        self.elapsed = now;
    }

    /// Moves the entries of a slot to the due ones, as far as they are due, and the others down.
    ///
    /// # Safety
    ///
    /// `place` is the first occupied slot; `start`, where it starts, is not after `now`.
    unsafe fn open(&mut self, place: SlotIndex, start: u64, now: u64) {
        self.elapsed = self.elapsed.max(start);
        self.occupied[place.level] &= !(1 << place.digit);
        let entries = std::mem::take(&mut self.slots[place.index()].entries);
        // SAFETY: the entries of a wheel are live and its own; a drained one is in no list.
        unsafe {
            for entry in entries.drain() {
                let deadline = Entry::deadline(entry);
                if deadline <= now {
                    with(entry, |links| links.slot = DUE);
                    self.due.push(entry, deadline);
                } else {
                    self.place(entry);
                }
            }
            self.due.sort();
        }
    }

    /// # Safety
    ///
    /// `entry` is in no list; the rest is as for [`insert`](Self::insert).
    #[inline]
    unsafe fn place(&mut self, entry: NonNull<Entry>) {
        const HORIZON: u64 = (SLOTS as u64 - 1) << shift_of(LEVELS - 1);
        // SAFETY: the caller's promise.
        unsafe {
            let deadline = Entry::deadline(entry);
            // A deadline beyond the horizon is looked at again when the horizon is reached.
            let due = deadline.min(self.elapsed.saturating_add(HORIZON));
            let place = SlotIndex::of(self.elapsed, due.max(self.elapsed));
            with(entry, |links| links.slot = place.index() as u16);
            let slot = &mut self.slots[place.index()];
            if slot.entries.is_empty() {
                self.occupied[place.level] |= 1 << place.digit;
                slot.earliest = due;
            } else {
                slot.earliest = slot.earliest.min(due);
            }
            slot.entries.push_back(entry);
        }
    }
}

impl Drop for Wheel {
    fn drop(&mut self) {
        debug_assert!(self.next_due().is_none(), "an entry outlives its wheel");
    }
}
