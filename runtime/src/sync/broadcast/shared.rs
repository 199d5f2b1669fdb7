//! The ring, and who writes and reads it.
//!
//! The tail's lock orders senders, subscriptions and waiting; receiving a value that is there does
//! without it (see [`slot`](super::slot)).
//!
//! - **Sending** holds the lock from reading the tail to waking. So values are numbered without a gap, each counts exactly the
//!   receivers that were subscribed then, and a receiver that finds under the lock that
//!   nothing was sent is in the queue before anything is.
//! - **Receiving** first tries the slot of its next value. If that has another value, the tail tells
//!   under the lock which it is: nothing was sent yet, or the receiver lags, or, if the
//!   value came in between, to try again.
//! - **Dropping a receiver** takes it off the count under the lock. It has then to pass what was
//!   sent before, as if it had received it: that counts it. What is sent later does not.
//!
//! Under the lock a slot is taken hold of if it is free, and never waited for: what holds it may be a receiver that clones
//! the value, and a clone is user code, which may want the lock.

use std::fmt;

use crossbeam_utils::CachePadded;

use super::error::{SendError, TryRecvError};
use super::sender_count::SenderCount;
use super::slot::{Held, Patience, Slot};
use crate::sync::wait_list::WaitList;
use crate::util::panic::contain;

/// Enough for everybody; the count does not overflow.
const MOST_RECEIVERS: usize = usize::MAX >> 2;

pub(super) struct Channel<T> {
    /// As many as a power of two.
    slots: Box<[Slot<T>]>,
    /// With the receivers that wait for a value. Apart from what receivers read all the time.
    pub(super) tail: CachePadded<WaitList<Tail, ()>>,
    /// Senders that wait for the last receiver to go. Its lock is taken before the tail's.
    pub(super) lonely: WaitList<(), ()>,
    pub(super) senders: SenderCount,
}

/// Where the ring ends, and who is there.
#[derive(Debug)]
pub(super) struct Tail {
    /// The number of the value that is sent next.
    pub(super) position: u64,
    pub(super) receivers: usize,
    /// No value will come.
    pub(super) is_closed: bool,
}

impl<T> Channel<T> {
    /// A ring for one sender and no receiver.
    #[track_caller]
    pub(super) fn new(capacity: usize) -> Self {
        assert!(
            capacity > 0,
            "a broadcast channel holds at least one value: give it a capacity above zero"
        );
        assert!(
            capacity <= usize::MAX / 2,
            "a broadcast channel cannot hold as much: give it a capacity of at most usize::MAX / 2"
        );
        let capacity = capacity.next_power_of_two() as u64;
        Channel {
            slots: (0..capacity)
                .map(|index| Slot::new(index.wrapping_sub(capacity)))
                .collect(),
            tail: CachePadded::new(WaitList::new(Tail {
                position: 0,
                receivers: 0,
                is_closed: false,
            })),
            lonely: WaitList::new(()),
            senders: SenderCount::new(),
        }
    }

    fn capacity(&self) -> u64 {
        self.slots.len() as u64
    }

    #[inline]
    fn slot(&self, position: u64) -> &Slot<T> {
        &self.slots[position as usize & (self.slots.len() - 1)]
    }

    /// The slot of the value, if that is there.
    #[inline]
    pub(super) fn hold(&self, position: u64) -> Option<Held<'_, T>> {
        self.slot(position).hold(position)
    }

    /// Answers how many receivers the value is for.
    pub(super) fn send(&self, value: T) -> Result<usize, SendError<T>> {
        let mut patience = Patience::default();
        let (mut tail, former) = loop {
            let tail = self.tail.lock();
            if tail.receivers == 0 {
                return Err(SendError(value));
            }
            let last_round = tail.position.wrapping_sub(self.capacity());
            if let Some(former) = self.slot(last_round).try_hold(last_round) {
                break (tail, former);
            }
            // It is being cloned, which is user code and may want the lock.
            drop(tail);
            patience.wait();
        };
        let (position, receivers) = (tail.position, tail.receivers);
        let missed = former.replace(position, value, receivers);
        tail.position += 1;
        tail.wake_all(());
        // Here its drop may do and panic as it likes.
        drop(missed);
        Ok(receivers)
    }

    /// Says why the value of the position was not in its slot; if it came since, says nothing. Lets a
    /// receiver that lags go on with the oldest value.
    pub(super) fn explain(&self, tail: &Tail, next: &mut u64) -> Result<(), TryRecvError> {
        match (tail.position - *next).checked_sub(self.capacity()) {
            Some(missed) if missed > 0 => {
                *next += missed;
                Err(TryRecvError::Lagged(missed))
            }
            None if tail.position == *next && tail.is_closed => Err(TryRecvError::Closed),
            None if tail.position == *next => Err(TryRecvError::Empty),
            _ => Ok(()),
        }
    }

    /// Counts a receiver in; answers where it begins.
    pub(super) fn add_receiver(&self) -> u64 {
        let mut tail = self.tail.lock();
        assert!(tail.receivers < MOST_RECEIVERS, "too many receivers");
        tail.receivers += 1;
        tail.position
    }

    /// Counts a receiver out, which passes what it has not received.
    pub(super) fn remove_receiver(&self, next: u64) {
        let (end, is_last) = {
            let mut tail = self.tail.lock();
            tail.receivers -= 1;
            (tail.position, tail.receivers == 0)
        };
        self.pass(next, end);
        if is_last {
            self.lonely.lock().wake_all(());
        }
    }

    fn pass(&self, mut next: u64, end: u64) {
        while next < end {
            if let Some(held) = self.hold(next) {
                next += 1;
                let unseen_by_others = held.pass();
                contain(|| drop(unseen_by_others));
            } else {
                // What was overwritten has passed; the error says no more.
                let _ = self.explain(&self.tail.lock(), &mut next);
            }
        }
    }

    /// How many of the values in the ring somebody has still to see.
    pub(super) fn unseen(&self) -> usize {
        let end = self.tail.lock().position;
        let start = end.saturating_sub(self.capacity());
        // Whoever has seen a value has seen those before it.
        let (mut seen, mut unseen) = (start, end);
        while seen < unseen {
            let middle = seen + (unseen - seen) / 2;
            match self.slot(middle).is_seen() {
                true => seen = middle + 1,
                false => unseen = middle,
            }
        }
        (end - seen) as usize
    }

    pub(super) fn has_unseen(&self) -> bool {
        let end = self.tail.lock().position;
        end > 0 && !self.slot(end - 1).is_seen()
    }

    /// Counts a sender out; the last one closes the channel.
    pub(super) fn remove_sender(&self) {
        if self.senders.remove() {
            let mut tail = self.tail.lock();
            tail.is_closed = true;
            tail.wake_all(());
        }
    }
}

impl<T> fmt::Debug for Channel<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sink is user code: not under the lock.
        let (sent, receivers, closed) = {
            let tail = self.tail.lock();
            (tail.position, tail.receivers, tail.is_closed)
        };
        f.debug_struct("Channel")
            .field("capacity", &self.slots.len())
            .field("sent", &sent)
            .field("receivers", &receivers)
            .field("closed", &closed)
            .finish_non_exhaustive()
    }
}
