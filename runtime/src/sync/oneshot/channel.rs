//! What the two ends share: one allocation, freed by the end that is gone last.
//!
//! [`State`](super::state) orders everything. What each end may touch:
//!
//! - **The value** is the sender's until it is `COMPLETE`, the receiver's afterwards. Sending
//!   and closing are ordered by the word: whichever comes second sees the other, so that exactly one
//!   end has the value. A sender that finds `CLOSED` never sets `COMPLETE` and takes its value back.
//! - **The receiver's waker** is the receiver's as long as it does not wait. While it waits nobody
//!   touches the slot, but the receiver compares. Completing a channel whose receiver waits gives it to the
//!   sender, who takes it before it is gone; closing gives it back to the receiver for good.
//! - **The sender's waker** is the same with the ends exchanged: closing gives it to the receiver.
//! - **The allocation** belongs to both. An end that sees the other gone frees it; an end that does not
//!   says that it is gone and looks once more, in one step. So a sender that nobody waits for ends
//!   with one read-modify-write, which says all three at once, and the receiver that sees
//!   it needs none.
//!
//! An end that waits stores its waker, sets `*_WAITS` and learns by the same step whether what it
//! waits for came before; the other end does its deed and learns by the same step whether
//! somebody waits. Both change one word, so one of them is second and acts.
//!
//! Wakers are user code: their clone, wake and drop may panic or come back to this very
//! channel. A waker is cloned before anything has changed, and woken or dropped when the word says what is true;
//! where an end still has something to do, a panic is kept from spoiling that.

use std::fmt;
use std::mem::MaybeUninit;
use std::ptr::NonNull;
use std::task::{Poll, Waker};

use super::state::{Completed, End, Snapshot, State};
use super::waker_slot::WakerSlot;
use crate::primitive::cell::UnsafeCell;
use crate::util::panic::contain;

pub(super) struct Channel<T> {
    state: State,
    value: UnsafeCell<MaybeUninit<T>>,
    receiver_waker: WakerSlot,
    sender_waker: WakerSlot,
}

impl<T> Channel<T> {
    /// A channel for one sender and one receiver. The last to go frees it.
    pub(super) fn allocate() -> NonNull<Self> {
        NonNull::from(Box::leak(Box::new(Channel {
            state: State::new(),
            value: UnsafeCell::new(MaybeUninit::uninit()),
            receiver_waker: WakerSlot::new(),
            sender_waker: WakerSlot::new(),
        })))
    }

    pub(super) fn snapshot(&self) -> Snapshot {
        self.state.load()
    }

    /// Waits until it is over for `end`, which is the caller; answers with what was seen then.
    ///
    /// # Safety
    ///
    /// The caller is `end`, which is one thread at a time and not gone.
    #[inline]
    pub(super) unsafe fn poll_over(&self, end: End, waker: &Waker) -> Poll<Snapshot> {
        let seen = self.state.load();
        if seen.is_over_for(end) {
            return Poll::Ready(seen);
        }
        // SAFETY: the caller waits, so the slot was filled, and only the caller fills it.
        if seen.waits(end) && unsafe { self.slot(end).will_wake(waker) } {
            return Poll::Pending;
        }
        // SAFETY: the caller's promise.
        unsafe { self.leave_waker(end, seen, waker.clone()) }
    }

    /// # Safety
    ///
    /// As of [`poll_over`](Self::poll_over).
    unsafe fn leave_waker(&self, end: End, seen: Snapshot, waker: Waker) -> Poll<Snapshot> {
        let slot = self.slot(end);
        let mut _former = None;
        if seen.waits(end) {
            // SAFETY: the caller's promise.
            _former = match unsafe { self.take_back_waker(end) } {
                Ok(former) => Some(former),
                Err(over) => return Poll::Ready(over),
            };
        }
        // SAFETY: this end does not wait, so the slot is its own and empty.
        unsafe { slot.put(waker) };
        let before = self.state.transition_to_waiting(end);
        if before.is_over_for(end) {
            // SAFETY: it was over before anybody could see that this end waits.
            drop(unsafe { slot.take() });
            return Poll::Ready(before);
        }
        Poll::Pending
    }

    /// Takes the waker of `end`, which waits, out of its slot, or answers that it is over.
    ///
    /// # Safety
    ///
    /// As of [`poll_over`](Self::poll_over).
    unsafe fn take_back_waker(&self, end: End) -> Result<Waker, Snapshot> {
        let before = self.state.transition_to_not_waiting(end);
        if before.is_over_for(end) {
            return Err(before);
        }
        // SAFETY: this end waited until now, and the other has not seen it.
        Ok(unsafe { self.slot(end).take() })
    }

    /// Ends the sender, with a value or without. Gives the value back if it came too late.
    ///
    /// # Safety
    ///
    /// The caller is the sender, and it is used up.
    pub(super) unsafe fn complete(this: NonNull<Self>, value: Option<T>) -> Result<(), Option<T>> {
        // SAFETY: the sender is not gone.
        let channel = unsafe { this.as_ref() };
        if channel.state.load().waits(End::Sender) {
            // SAFETY: the caller is the sender. If it is over, its waker is the receiver's.
            discard(unsafe { channel.take_back_waker(End::Sender) }.ok());
        }
        let with_value = value.is_some();
        if let Some(value) = value {
            // SAFETY: the value is the sender's until the channel is complete.
            channel
                .value
                .with_mut(|slot| unsafe { (*slot).write(value) });
        }
        match channel.state.transition_to_complete(with_value) {
            Completed::Unawaited => Ok(()),
            Completed::Awaited => {
                // SAFETY: the receiver waited, and its waker is now the sender's.
                let waker = unsafe { channel.receiver_waker.take() };
                // SAFETY: the sender ends here.
                unsafe { Self::leave(this, End::Sender) };
                contain(|| waker.wake());
                Ok(())
            }
            Completed::Refused => {
                // SAFETY: it is not complete, so the value is still the sender's.
                let value = with_value.then(|| unsafe { channel.take_value() });
                // SAFETY: the sender ends here.
                unsafe { Self::leave(this, End::Sender) };
                Err(value)
            }
        }
    }

    /// Closes the channel for the receiver; answers with what it was just before.
    ///
    /// # Safety
    ///
    /// The caller is the receiver.
    pub(super) unsafe fn close(&self) -> Snapshot {
        let before = self.state.transition_to_closed();
        if before.is_over_for(End::Receiver) {
            return before;
        }
        let take = |end| {
            // SAFETY: the channel was open and incomplete until now: both wakers are the receiver's.
            before.waits(end).then(|| unsafe { self.slot(end).take() })
        };
        let (own_waker, sender_waker) = (take(End::Receiver), take(End::Sender));
        discard(own_waker);
        if let Some(waker) = sender_waker {
            contain(|| waker.wake());
        }
        before
    }

    /// Ends the receiver, for which it is over; `seen` says with what. Answers with the value, if any.
    ///
    /// # Safety
    ///
    /// The caller is the receiver, and it is used up. It has seen `seen`.
    #[inline]
    pub(super) unsafe fn receive(this: NonNull<Self>, seen: Snapshot) -> Option<T> {
        // SAFETY: the receiver is not gone; a value is its own.
        let value = seen
            .has_value()
            .then(|| unsafe { this.as_ref().take_value() });
        if seen.is_gone(End::Sender) {
            // SAFETY: the sender is gone, and the receiver ends here.
            unsafe { Self::free(this) };
        } else {
            // SAFETY: the receiver ends here.
            unsafe { Self::leave(this, End::Receiver) };
        }
        value
    }

    /// # Safety
    ///
    /// `end` is used up; what was its own in the channel was taken.
    unsafe fn leave(this: NonNull<Self>, end: End) {
        // SAFETY: the caller is not gone.
        let before = unsafe { this.as_ref() }.state.transition_to_gone(end);
        if before.is_gone(end.other()) {
            // SAFETY: both are gone.
            unsafe { Self::free(this) };
        }
    }

    /// # Safety
    ///
    /// Both ends are gone.
    unsafe fn free(this: NonNull<Self>) {
        // SAFETY: it was made by `allocate`, and nobody else frees it.
        drop(unsafe { Box::from_raw(this.as_ptr()) });
    }

    /// # Safety
    ///
    /// There is a value, and it is the caller's.
    unsafe fn take_value(&self) -> T {
        // SAFETY: the caller's promise.
        self.value
            .with(|slot| unsafe { (*slot).assume_init_read() })
    }

    fn slot(&self, end: End) -> &WakerSlot {
        match end {
            End::Sender => &self.sender_waker,
            End::Receiver => &self.receiver_waker,
        }
    }
}

/// Drops a waker whose end goes on, whatever that drop does.
fn discard(waker: Option<Waker>) {
    if let Some(waker) = waker {
        contain(|| drop(waker));
    }
}

impl<T> fmt::Debug for Channel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.snapshot().fmt(f)
    }
}
