//! The place for the waker of whoever awaits a task.
//!
//! `JOIN_WAKER` in the state word says who may use it: the join handle while it is clear, and then
//! the place is empty but for the moment before it is lent; both, to read, while it is set; and
//! the completing thread alone, to take, once the task is complete with the flag set. That thread
//! only reads the place, too (the join handle may be comparing wakers), and what it has read out
//! is never looked at again.

use std::mem::ManuallyDrop;
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;

pub(super) struct JoinWaker(UnsafeCell<ManuallyDrop<Option<Waker>>>);

impl JoinWaker {
    pub(super) fn new() -> Self {
        JoinWaker(UnsafeCell::new(ManuallyDrop::new(None)))
    }

    /// # Safety
    ///
    /// The place is the join handle's, and empty.
    pub(super) unsafe fn put(&self, waker: Waker) {
        // SAFETY: the caller's promise.
        self.0
            .with_mut(|place| unsafe { *place = ManuallyDrop::new(Some(waker)) });
    }

    /// # Safety
    ///
    /// The place is the join handle's: it is not lent, or lent back.
    pub(super) unsafe fn take(&self) -> Option<Waker> {
        // SAFETY: the caller's promise.
        self.0.with_mut(|place| unsafe { (*place).take() })
    }

    /// # Safety
    ///
    /// The caller has completed the task while the waker was lent; it calls this once.
    pub(super) unsafe fn take_lent(&self) -> Option<Waker> {
        // SAFETY: the caller's promise; nobody drops what stays in the place.
        let copy = self.0.with(|place| unsafe { place.read() });
        ManuallyDrop::into_inner(copy)
    }

    /// # Safety
    ///
    /// The caller is the join handle.
    pub(super) unsafe fn will_wake(&self, waker: &Waker) -> bool {
        self.0.with(|place| {
            // SAFETY: while it is lent nobody writes, and only the join handle lends it back.
            let lent = unsafe { (*place).as_ref() };
            lent.is_some_and(|lent| lent.will_wake(waker))
        })
    }
}
