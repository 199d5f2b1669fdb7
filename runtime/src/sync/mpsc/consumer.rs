//! The receiving side of the queue of blocks.

use std::ptr::NonNull;
use std::task::Waker;

use super::block::{Block, Look, Slot};
use super::queue::Queue;

/// Where the receiver is. Each method is given the one queue that it belongs to.
pub(super) struct Consumer<T> {
    /// The position that is received next.
    head: u64,
    /// The block of the last position received, or of `head`.
    current: NonNull<Block<T>>,
    /// The first block of the chain.
    oldest: NonNull<Block<T>>,
    /// The end, if it was the receiver who sealed the queue: positions claimed later count not.
    end: Option<u64>,
    /// Whether a waker was left in the queue that may still be there.
    has_waited: bool,
}

impl<T> Consumer<T> {
    pub(super) fn new(first: NonNull<Block<T>>) -> Self {
        Consumer {
            head: 0,
            current: first,
            oldest: first,
            end: None,
            has_waited: false,
        }
    }

    /// Looks at the head of the queue.
    #[inline]
    pub(super) fn look(&mut self, queue: &Queue<T>) -> Look {
        if !self.current().holds(self.head) {
            match self.current().next() {
                None => return Look::Nothing,
                Some(next) => self.turn_to(next, queue),
            }
        }
        self.slot().look()
    }

    /// Takes the message at the head.
    ///
    /// # Safety
    ///
    /// [`look`](Self::look) has answered that there is one.
    #[inline]
    pub(super) unsafe fn take(&mut self) -> T {
        // SAFETY: the caller's word; the head moves on.
        let value = unsafe { self.slot().take() };
        self.head += 1;
        self.has_waited = false;
        value
    }

    /// Messages that are there or are being written.
    pub(super) fn len(&self, queue: &Queue<T>) -> usize {
        let end = self.end.unwrap_or_else(|| queue.claimed());
        (end - self.head) as usize
    }

    /// Seals the queue.
    pub(super) fn seal(&mut self, queue: &Queue<T>) {
        let end = queue.seal();
        self.end.get_or_insert(end);
    }

    /// Lets `waker` be woken when something comes to the head, where nothing was. Answers `false` if
    /// something is there now.
    #[cold]
    pub(super) fn wait(&mut self, queue: &Queue<T>, waker: &Waker) -> bool {
        let mut former = self.stop_waiting(queue);
        let current = former.take_if(|former| former.will_wake(waker));
        let current = current.unwrap_or_else(|| waker.clone());
        if !self.current().holds(self.head) {
            let next = self.current().next_or_grow();
            self.turn_to(next, queue);
        }
        // SAFETY: the receiver does not wait, so the waker is its own.
        unsafe { queue.replace_waker(Some(current)) };
        self.has_waited = true;
        self.slot().wait()
    }

    /// Takes back the waker that was left in the queue, if it is still there.
    pub(super) fn stop_waiting(&mut self, queue: &Queue<T>) -> Option<Waker> {
        if self.has_waited {
            self.slot().stop_waiting();
            self.has_waited = false;
        }
        // SAFETY: the slot is empty again, or whoever has filled it is done with the waker.
        unsafe { queue.replace_waker(None) }
    }

    /// Frees all blocks.
    ///
    /// # Safety
    ///
    /// Nobody else uses the queue any more. What is in it was taken.
    pub(super) unsafe fn free_blocks(&mut self) {
        let mut block = Some(self.oldest);
        while let Some(this) = block {
            // SAFETY: the chain is ours, and each block is freed once.
            unsafe {
                block = this.as_ref().next();
                Block::free(this);
            }
        }
    }

    fn turn_to(&mut self, next: NonNull<Block<T>>, queue: &Queue<T>) {
        self.current = next;
        while self.oldest != self.current {
            // SAFETY: only the receiver takes blocks out of the chain.
            let oldest = unsafe { self.oldest.as_ref() };
            if !oldest.is_forsaken(self.head) {
                return;
            }
            let left = self.oldest;
            self.oldest = oldest.next().expect("the current block is behind it");
            // SAFETY: its messages were taken, and nobody looks at it any more (README).
            unsafe { queue.reuse(left) };
        }
    }

    fn current(&self) -> &Block<T> {
        // SAFETY: only the receiver takes blocks out of the chain, and not this one.
        unsafe { self.current.as_ref() }
    }

    fn slot(&self) -> &Slot<T> {
        self.current().slot(self.head)
    }
}
