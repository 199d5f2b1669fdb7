//! What a timer lends to the wheel it is in.

use std::marker::PhantomPinned;
use std::ptr::NonNull;

use crate::primitive::cell::UnsafeCell;

/// The place of a timer in a [`Wheel`](super::Wheel), embedded in the timer itself.
///
/// The wheel that an entry is in owns its contents: they are read and changed only by whoever has
/// that wheel to itself. Outside a wheel they belong to the owner of the entry.
#[derive(Debug)]
pub(crate) struct Entry {
    links: UnsafeCell<Links>,
    _pinned: PhantomPinned,
}

/// The contents of an [`Entry`].
#[derive(Debug)]
pub(super) struct Links {
    /// The neighbours in a circular list; dangling outside one.
    pub(super) prev: NonNull<Entry>,
    pub(super) next: NonNull<Entry>,
    /// Nanoseconds on the scale of the wheel.
    pub(super) deadline: u64,
    pub(super) slot: u16,
    /// The place among those found due; meaningless elsewhere.
    pub(super) number: u32,
}

/// The slot of an entry that is in no wheel.
pub(super) const NO_SLOT: u16 = u16::MAX;

impl Entry {
    pub(crate) fn new(deadline: u64) -> Self {
        Entry {
            links: UnsafeCell::new(Links {
                prev: NonNull::dangling(),
                next: NonNull::dangling(),
                deadline,
                slot: NO_SLOT,
                number: 0,
            }),
            _pinned: PhantomPinned,
        }
    }

    /// Moves the deadline of an entry that is in no wheel.
    ///
    /// # Safety
    ///
    /// The entry is live, in no wheel, and touched by no other thread.
    pub(crate) unsafe fn set_deadline(entry: NonNull<Entry>, deadline: u64) {
        // SAFETY: the caller's promise.
        unsafe {
            with(entry, |links| {
                debug_assert_eq!(
                    links.slot, NO_SLOT,
                    "the wheel would look in the wrong slot"
                );
                links.deadline = deadline;
            });
        }
    }

    /// # Safety
    ///
    /// The entry is live, and nobody changes the wheel it is in, or the entry itself, meanwhile.
    pub(crate) unsafe fn deadline(entry: NonNull<Entry>) -> u64 {
        // SAFETY: the caller's promise.
        unsafe { look(entry, |links| links.deadline) }
    }
}

/// Lends the contents of `entry` to `f`, which touches no other entry meanwhile.
///
/// # Safety
///
/// The entry is live, and the caller has the wheel it is in, or the entry itself, to itself.
#[inline]
pub(super) unsafe fn with<R>(entry: NonNull<Entry>, f: impl FnOnce(&mut Links) -> R) -> R {
    // SAFETY: the caller's promise; `f` cannot reach this entry a second time.
    unsafe { entry.as_ref().links.with_mut(|links| f(&mut *links)) }
}

/// Shows the contents of `entry` to `f`.
///
/// # Safety
///
/// The entry is live, and nobody changes the wheel it is in, or the entry itself, meanwhile.
#[inline]
pub(super) unsafe fn look<R>(entry: NonNull<Entry>, f: impl FnOnce(&Links) -> R) -> R {
    // SAFETY: the caller's promise.
    unsafe { entry.as_ref().links.with(|links| f(&*links)) }
}
