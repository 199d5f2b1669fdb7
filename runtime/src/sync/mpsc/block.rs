//! A block of slots, each for one message, and the links between blocks.
//!
//! The states of a slot:
//!
//! | state | meaning | set by |
//! |---|---|---|
//! | `EMPTY` | nothing yet | whoever hangs the block into the chain; the receiver, on changing its waker |
//! | `AWAITED` | the receiver's waker is in the queue | the receiver, from `EMPTY` |
//! | `CALLING` | the sender takes that waker | the slot's sender, from `AWAITED` |
//! | `FULL` | a message | the slot's sender |
//! | `CLOSED` | no message comes any more, here or behind | whoever seals the queue |
//!
//! The receiver's waker belongs to the slot's sender in `CALLING`, a moment without user code, and to
//! the receiver in each other state but `AWAITED`, in which nobody touches it.

use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};

use super::patience::Patience;
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// Slots of a block. The models cross from block to block early.
pub(super) const SLOTS: u64 = if cfg!(runtime_loom) { 2 } else { 32 };

const EMPTY: u32 = 0;
const AWAITED: u32 = 1;
const CALLING: u32 = 2;
const FULL: u32 = 3;
const CLOSED: u32 = 4;

/// A place in the chain of blocks. Who may follow which link, and when a block may be reused, is
/// told in the README.
pub(super) struct Block<T> {
    /// Written while nobody else uses the block.
    seat: UnsafeCell<ChainLinks<T>>,
    next: AtomicPtr<Block<T>>,
    /// Above zero once the hint has left the block: no position above it is looked for from here.
    watermark: AtomicU64,
    slots: [Slot<T>; SLOTS as usize],
}

/// What a block knows of its place in the chain.
struct ChainLinks<T> {
    /// The position of the first slot.
    start: u64,
    previous: *const Block<T>,
}

pub(super) struct Slot<T> {
    state: AtomicU32,
    value: UnsafeCell<MaybeUninit<T>>,
}

/// What the receiver finds in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Nothing,
    Message,
    Closed,
}

/// What is put into a slot.
#[derive(Debug)]
pub(super) enum Filling<T> {
    Message(T),
    Closed,
}

impl<T> Block<T> {
    /// Allocates a block that is the first of a chain, without a detour over the stack.
    pub(super) fn allocate() -> NonNull<Block<T>> {
        let block = Box::into_raw(Box::<Block<T>>::new_uninit()).cast::<Block<T>>();
        // SAFETY: the memory is ours, and each field is written without being read.
        unsafe {
            let seat = ChainLinks {
                start: 0,
                previous: ptr::null(),
            };
            (&raw mut (*block).seat).write(UnsafeCell::new(seat));
            (&raw mut (*block).next).write(AtomicPtr::new(ptr::null_mut()));
            (&raw mut (*block).watermark).write(AtomicU64::new(0));
            let slots = (&raw mut (*block).slots).cast::<Slot<T>>();
            for index in 0..SLOTS as usize {
                let slot = slots.add(index);
                (&raw mut (*slot).state).write(AtomicU32::new(EMPTY));
                (&raw mut (*slot).value).write(UnsafeCell::new(MaybeUninit::uninit()));
            }
            NonNull::new_unchecked(block)
        }
    }

    /// # Safety
    ///
    /// Nobody else uses the block any more, and no link to it is followed any more.
    pub(super) unsafe fn free(block: NonNull<Block<T>>) {
        // SAFETY: blocks come from `allocate`; the rest is the caller's word.
        drop(unsafe { Box::from_raw(block.as_ptr()) });
    }

    #[inline]
    pub(super) fn holds(&self, position: u64) -> bool {
        position.wrapping_sub(self.start()) < SLOTS
    }

    #[inline]
    pub(super) fn slot(&self, position: u64) -> &Slot<T> {
        &self.slots[(position % SLOTS) as usize]
    }

    pub(super) fn is_behind(&self, position: u64) -> bool {
        position < self.start()
    }

    #[inline]
    fn start(&self) -> u64 {
        // SAFETY: the block is in use, so nobody writes.
        self.seat.with(|seat| unsafe { (*seat).start })
    }

    /// # Safety
    ///
    /// The position looked for is not received before the answer is put down.
    pub(super) unsafe fn previous(&self) -> &Block<T> {
        // SAFETY: nobody writes; blocks from that of an unreceived position on stay in the chain.
        self.seat.with(|seat| unsafe { &*(*seat).previous })
    }

    #[inline]
    pub(super) fn next(&self) -> Option<NonNull<Block<T>>> {
        // Acquire: pairs with the Release of hang_in().
        NonNull::new(self.next.load(Ordering::Acquire))
    }

    /// The next block; a fresh one is hung in if there is none.
    pub(super) fn next_or_grow(&self) -> NonNull<Block<T>> {
        if let Some(next) = self.next() {
            return next;
        }
        let fresh = Block::allocate();
        // SAFETY: nobody knows the fresh block.
        unsafe { self.hang_in(fresh) }.unwrap_or_else(|found| {
            // SAFETY: as above.
            unsafe { Block::free(fresh) };
            found
        })
    }

    /// Makes `block`, which has empty slots, the next one, or answers with the one that is.
    ///
    /// # Safety
    ///
    /// Nobody else uses `block`.
    pub(super) unsafe fn hang_in(
        &self,
        block: NonNull<Block<T>>,
    ) -> Result<NonNull<Block<T>>, NonNull<Block<T>>> {
        let seat = ChainLinks {
            start: self.start() + SLOTS,
            previous: self,
        };
        // SAFETY: the block is live, and by the caller's word nobody reads.
        unsafe { block.as_ref().seat.with_mut(|old| *old = seat) };
        // Release: publishes the block. Acquire: the other one is used.
        match self.next.compare_exchange(
            ptr::null_mut(),
            block.as_ptr(),
            Ordering::Release,
            Ordering::Acquire,
        ) {
            Ok(_) => Ok(block),
            Err(found) => Err(NonNull::new(found).expect("it was not null")),
        }
    }

    /// Makes the block as new.
    ///
    /// # Safety
    ///
    /// As for [`free`](Self::free); each message was taken.
    pub(super) unsafe fn renew(block: NonNull<Block<T>>) {
        // SAFETY: the block is live until it is freed.
        let block = unsafe { block.as_ref() };
        for slot in &block.slots {
            slot.state.store(EMPTY, Ordering::Relaxed);
        }
        block.next.store(ptr::null_mut(), Ordering::Relaxed);
        block.watermark.store(0, Ordering::Relaxed);
    }

    /// Notes that the hint has left the block; `watermark` is above zero.
    pub(super) fn retire(&self, watermark: u64) {
        // Release: whoever reuses the block has seen this one leave it.
        self.watermark.store(watermark, Ordering::Release);
    }

    /// Whether nobody looks at the block any more once all before `head` was received.
    pub(super) fn is_forsaken(&self, head: u64) -> bool {
        // Acquire: pairs with retire().
        let watermark = self.watermark.load(Ordering::Acquire);
        watermark != 0 && watermark < head
    }
}

impl<T> Slot<T> {
    /// Fills the slot. If the receiver waits here, its waker is taken with `take_waker` before it
    /// can see the slot full, and is to be woken.
    ///
    /// # Safety
    ///
    /// The position is the caller's, who fills it once.
    #[inline]
    pub(super) unsafe fn fill<W>(
        &self,
        filling: Filling<T>,
        take_waker: impl FnOnce() -> Option<W>,
    ) -> Option<W> {
        let filled = match filling {
            Filling::Message(value) => {
                // SAFETY: the slot is the caller's until it is full.
                self.value.with_mut(|slot| unsafe { (*slot).write(value) });
                FULL
            }
            Filling::Closed => CLOSED,
        };
        // Release: publishes the message; pairs with look().
        match self.exchange(EMPTY, filled, Ordering::Release) {
            true => None,
            false => self.fill_awaited(filled, take_waker),
        }
    }

    #[cold]
    fn fill_awaited<W>(&self, filled: u32, take_waker: impl FnOnce() -> Option<W>) -> Option<W> {
        loop {
            // Acquire: pairs with wait(), which publishes the waker.
            if self.exchange(AWAITED, CALLING, Ordering::Acquire) {
                let waker = take_waker();
                // Release: publishes the message, and that the waker is gone.
                self.state.store(filled, Ordering::Release);
                return waker;
            }
            // The receiver is about to change its waker. Release: as in fill().
            if self.exchange(EMPTY, filled, Ordering::Release) {
                return None;
            }
        }
    }

    #[inline]
    pub(super) fn look(&self) -> Look {
        // Acquire: pairs with the Release of fill().
        match self.state.load(Ordering::Acquire) {
            FULL => Look::Message,
            CLOSED => Look::Closed,
            _ => Look::Nothing,
        }
    }

    /// Takes the message out.
    ///
    /// # Safety
    ///
    /// The receiver has found a message here, and takes it once.
    #[inline]
    pub(super) unsafe fn take(&self) -> T {
        // SAFETY: the caller's word; the slot's sender has left it.
        self.value
            .with(|slot| unsafe { (*slot).assume_init_read() })
    }

    /// For the receiver, after it has left its waker in the queue. Whether it waits now.
    pub(super) fn wait(&self) -> bool {
        // Release: publishes the waker; pairs with the Acquire of fill_awaited().
        self.exchange(EMPTY, AWAITED, Ordering::Release)
    }

    /// For the receiver: gets its waker back, unless the slot's sender has taken it.
    pub(super) fn stop_waiting(&self) {
        let mut patience = Patience::default();
        // Relaxed: nobody has touched the waker.
        while !self.exchange(AWAITED, EMPTY, Ordering::Relaxed) {
            // Acquire: the sender is done with the waker.
            if self.state.load(Ordering::Acquire) != CALLING {
                return;
            }
            patience.wait();
        }
    }

    #[inline]
    fn exchange(&self, from: u32, to: u32, success: Ordering) -> bool {
        self.state
            .compare_exchange(from, to, success, Ordering::Relaxed)
            .is_ok()
    }
}
