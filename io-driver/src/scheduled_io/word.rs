//! The readiness word: flags, reasons to end and the tick in one atomic.
//!
//! | bits | what | set by | cleared by |
//! |---|---|---|---|
//! | 0..8 | flags of [`Ready`] | the driver | whoever saw the operation block, if the tick is still the same |
//! | 8 | `SHUT_DOWN` | the driver's shutdown | nobody |
//! | 9 | `DEREGISTERED` | `deregister` | nobody |
//! | the highest `TICK_BITS` | the tick | the driver, one more with each event | nobody; falls over to 0 |
//!
//! With 48 bits the tick takes 8 years to come round at a million events a second on one source.
//!
//! Who waits and who wakes meet at the lock of `Waiters`, which orders them. The word's
//! own ordering serves the clearing: the Acquire of `look` keeps the operation behind
//! the reading of its tick.

use crate::primitive::{AtomicU64, Ordering};
use crate::{Closed, Ready, ReadyEvent};

/// Few under loom, so that its models run into the wrap.
const TICK_BITS: u32 = if cfg!(runtime_loom) { 2 } else { 48 };
const TICK_SHIFT: u32 = u64::BITS - TICK_BITS;
const ONE_TICK: u64 = 1 << TICK_SHIFT;

const FLAGS: u64 = 0xff;
const SHUT_DOWN: u64 = 1 << 8;
const DEREGISTERED: u64 = 1 << 9;

/// What a waiter hears: what is ready, or that nothing ever will be.
pub(crate) type Answer = Result<ReadyEvent, Closed>;

pub(super) struct Word(AtomicU64);

/// One reading of the word.
#[derive(Clone, Copy)]
pub(super) struct Snapshot(u64);

impl Word {
    pub(super) fn new() -> Word {
        Word(AtomicU64::new(0))
    }

    #[inline]
    pub(super) fn look(&self) -> Snapshot {
        // Acquire: pairs with the Release in `update`, and whatever the caller
        // does next stays behind it.
        Snapshot(self.0.load(Ordering::Acquire))
    }

    /// Adds an event's flags under a new tick.
    pub(super) fn transition_to_ready(&self, ready: Ready) -> Snapshot {
        // The tick is on top: when it wraps, the carry falls off and touches nothing.
        self.update(|word| Some((word | ready.bits()).wrapping_add(ONE_TICK)))
    }

    /// Takes flags away that an event has told of, if no other event has come since.
    pub(super) fn transition_to_unready(&self, event: ReadyEvent, stale: Ready) {
        let flags = stale.bits();
        self.update(|word| (Snapshot(word).tick() == event.tick).then_some(word & !flags));
    }

    /// Adds flags that no event told of; the tick stays.
    pub(super) fn assume_ready(&self, ready: Ready) {
        self.update(|word| Some(word | ready.bits()));
    }

    /// Makes every answer from now on an error.
    pub(super) fn transition_to_closed(&self, closed: Closed) -> Snapshot {
        let reason = if closed.is_shutdown() {
            SHUT_DOWN
        } else {
            DEREGISTERED
        };
        self.update(|word| Some(word | reason))
    }

    /// Returns the word as it is afterwards.
    #[inline]
    fn update(&self, change: impl Fn(u64) -> Option<u64>) -> Snapshot {
        let mut current = self.0.load(Ordering::Acquire);
        while let Some(next) = change(current) {
            // AcqRel: pairs with `look` and with the other changes of the word.
            match self
                .0
                .compare_exchange_weak(current, next, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return Snapshot(next),
                Err(changed) => current = changed,
            }
        }
        Snapshot(current)
    }
}

impl Snapshot {
    /// Returns what a waiter for `mask` is to hear, or `None` if it has to wait.
    #[inline]
    pub(super) fn answer(self, mask: Ready) -> Option<Answer> {
        if self.0 & (mask.bits() | SHUT_DOWN | DEREGISTERED) == 0 {
            return None;
        }
        Some(match self.closed() {
            Some(closed) => Err(closed),
            None => Ok(self.event(mask)),
        })
    }

    /// As [`answer`](Self::answer), but nothing that was told with a `refused` event is news: only a
    /// later event brings it up again.
    #[inline]
    pub(super) fn news(self, mask: Ready, refused: Option<ReadyEvent>) -> Option<Answer> {
        match refused {
            Some(event) if event.tick == self.tick() => self.answer(mask - event.ready),
            _ => self.answer(mask),
        }
    }

    fn closed(self) -> Option<Closed> {
        if self.0 & SHUT_DOWN != 0 {
            Some(Closed::SHUTDOWN)
        } else if self.0 & DEREGISTERED != 0 {
            Some(Closed::DEREGISTERED)
        } else {
            None
        }
    }

    #[inline]
    fn event(self, mask: Ready) -> ReadyEvent {
        ReadyEvent {
            tick: self.tick(),
            ready: self.ready() & mask,
            asked: mask,
        }
    }

    pub(super) fn ready(self) -> Ready {
        Ready::from_bits(self.0 & FLAGS)
    }

    fn tick(self) -> u64 {
        self.0 >> TICK_SHIFT
    }
}
