//! The sending side of the queue of blocks: positions are claimed, filled, and sealed off.

use std::ptr::NonNull;
use std::task::Waker;

use crossbeam_utils::CachePadded;

use super::block::{Block, Filling, SLOTS};
use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicPtr, AtomicU64, Ordering};
use crate::util::panic::contain;

/// In the tail: no position is handed out any more.
const SEALED: u64 = 1;
/// In the tail: one position.
const POSITION: u64 = 2;

/// A queue of any number of senders and one receiver.
pub(super) struct Queue<T> {
    ends: CachePadded<Ends<T>>,
    /// The receiver's, while it waits; who may touch it is told in `block.rs`.
    waker: UnsafeCell<Option<Waker>>,
}

/// What senders share.
struct Ends<T> {
    /// The position that is claimed next, and `SEALED`.
    tail: AtomicU64,
    /// A block near the tail. It moves forward only.
    hint: AtomicPtr<Block<T>>,
}

impl<T> Queue<T> {
    /// A queue whose only block is `first`.
    pub(super) fn new(first: NonNull<Block<T>>) -> Self {
        Queue {
            ends: CachePadded::new(Ends {
                tail: AtomicU64::new(0),
                hint: AtomicPtr::new(first.as_ptr()),
            }),
            waker: UnsafeCell::new(None),
        }
    }

    /// Sends a message, or gives it back if the queue is sealed.
    #[inline]
    pub(super) fn push(&self, value: T) -> Result<(), T> {
        // AcqRel: pairs with the one in move_hint().
        let tail = self.ends.tail.fetch_add(POSITION, Ordering::AcqRel);
        if tail & SEALED != 0 {
            return Err(value);
        }
        self.fill(tail / POSITION, Filling::Message(value));
        Ok(())
    }

    /// Lets nothing in any more; answers with the position of the end. The receiver is woken if it
    /// waits there. Until then each position before the end gets its message.
    pub(super) fn seal(&self) -> u64 {
        // AcqRel: as in push(). What was sent before is before the end.
        let tail = self.ends.tail.fetch_or(SEALED, Ordering::AcqRel);
        let end = tail / POSITION;
        if tail & SEALED == 0 {
            self.fill(end, Filling::Closed);
        }
        end
    }

    pub(super) fn is_sealed(&self) -> bool {
        self.ends.tail.load(Ordering::Acquire) & SEALED != 0
    }

    /// The number of positions claimed so far, in vain or not.
    pub(super) fn claimed(&self) -> u64 {
        self.ends.tail.load(Ordering::Acquire) / POSITION
    }

    /// The receiver's waker.
    ///
    /// # Safety
    ///
    /// By the states of the slot that the receiver is at, the waker is the caller's.
    pub(super) unsafe fn replace_waker(&self, waker: Option<Waker>) -> Option<Waker> {
        // SAFETY: the caller's word.
        self.waker
            .with_mut(|old| std::mem::replace(unsafe { &mut *old }, waker))
    }

    /// For the receiver: hangs a block that nobody uses behind the tail, or frees it if enough
    /// are there.
    ///
    /// # Safety
    ///
    /// As for [`Block::renew`].
    pub(super) unsafe fn reuse(&self, block: NonNull<Block<T>>) {
        let mut last = self.hint();
        for _ in 0..spare_blocks::<T>() {
            // SAFETY: only the receiver takes blocks out of the chain, and what the hint has
            // not left stays in.
            let behind = unsafe { last.as_ref() };
            last = match behind.next() {
                Some(next) => next,
                // SAFETY: the caller's word.
                None => match unsafe {
                    Block::renew(block);
                    behind.hang_in(block)
                } {
                    Ok(_) => return,
                    Err(found) => found,
                },
            };
        }
        // SAFETY: the caller's word.
        unsafe { Block::free(block) };
    }

    fn hint(&self) -> NonNull<Block<T>> {
        // Acquire: pairs with the Release of move_hint().
        let hint = self.ends.hint.load(Ordering::Acquire);
        NonNull::new(hint).expect("there is always a block")
    }

    /// For the one whose position it is.
    #[inline]
    fn fill(&self, position: u64, filling: Filling<T>) {
        let hint = self.hint();
        // SAFETY: the position was claimed before the hint was read, and is not received yet: the block
        // is in the chain (README).
        let mut block = unsafe { hint.as_ref() };
        if !block.holds(position) {
            block = self.walk(block, position);
        }
        // SAFETY: a position is handed out once.
        let waker = unsafe {
            block.slot(position).fill(filling, || {
                // SAFETY: the slot is in `CALLING`.
                self.replace_waker(None)
            })
        };
        if let Some(waker) = waker {
            contain(|| waker.wake());
        }
    }

    /// Finds the block of a position from the block `hint`, where it is not.
    #[cold]
    fn walk<'a>(&'a self, hint: &'a Block<T>, position: u64) -> &'a Block<T> {
        let mut block = hint;
        if block.is_behind(position) {
            while !block.holds(position) {
                // SAFETY: the position is not received before it is filled.
                block = unsafe { block.previous() };
            }
            return block;
        }
        while !block.holds(position) {
            // SAFETY: what is behind a block of the chain is in the chain.
            block = unsafe { block.next_or_grow().as_ref() };
        }
        self.move_hint(hint, block);
        block
    }

    /// Moves the hint forward, and tells the blocks that it has left when they are free.
    fn move_hint(&self, from: &Block<T>, to: &Block<T>) {
        let pointer = |block| std::ptr::from_ref::<Block<T>>(block).cast_mut();
        // Release: publishes the blocks up to `to`.
        let moved = self.ends.hint.compare_exchange(
            pointer(from),
            pointer(to),
            Ordering::AcqRel,
            Ordering::Relaxed,
        );
        if moved.is_err() {
            // Somebody else has moved it.
            return;
        }
        // AcqRel: who claims a position after this finds the hint moved.
        let watermark = self.ends.tail.fetch_add(0, Ordering::AcqRel) / POSITION;
        let mut left = from;
        while !std::ptr::eq(left, to) {
            let next = left.next().expect("the hint has moved along the chain");
            left.retire(watermark);
            // SAFETY: `to` is not received yet, and this is not behind it.
            left = unsafe { next.as_ref() };
        }
    }
}

/// Blocks that may wait behind the tail: four, but no more than 4 KiB if that is less.
const fn spare_blocks<T>() -> usize {
    let fitting = 4096 / size_of::<Block<T>>();
    match fitting {
        0 => 1,
        1..4 => fitting,
        _ => 4,
    }
}

const _: () = assert!(SLOTS.is_power_of_two());
