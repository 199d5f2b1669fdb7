//! Room for a waker that one end of a channel leaves for the other.

use std::fmt;
use std::mem::MaybeUninit;
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;

/// The channel's state says whether a waker is in it, and to whom it belongs.
pub(super) struct WakerSlot(UnsafeCell<MaybeUninit<Waker>>);

impl WakerSlot {
    #[inline]
    pub(super) fn new() -> Self {
        WakerSlot(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// # Safety
    ///
    /// The slot is empty and the caller's.
    #[inline]
    pub(super) unsafe fn put(&self, waker: Waker) {
        // SAFETY: nobody else reads or writes it.
        self.0.with_mut(|slot| unsafe { (*slot).write(waker) });
    }

    /// # Safety
    ///
    /// The slot is full and the caller's, and it takes the waker only once. Others may look at it
    /// meanwhile by [`will_wake`](Self::will_wake): nothing is written.
    #[inline]
    pub(super) unsafe fn take(&self) -> Waker {
        // SAFETY: the caller's promise.
        self.0.with(|slot| unsafe { (*slot).assume_init_read() })
    }

    /// # Safety
    ///
    /// The slot was filled, and nobody fills it meanwhile. That its waker is taken
    /// meanwhile does no harm: it stays readable, and is only compared.
    #[inline]
    pub(super) unsafe fn will_wake(&self, waker: &Waker) -> bool {
        // SAFETY: the caller's promise.
        self.0
            .with(|slot| unsafe { (*slot).assume_init_ref() }.will_wake(waker))
    }
}

impl fmt::Debug for WakerSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WakerSlot")
    }
}
