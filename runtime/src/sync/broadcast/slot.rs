//! A place in the ring: one value, and how many receivers have still to see it.
//!
//! `T` need not be `Sync`, so two receivers must not clone one value at the same time: whoever touches a
//! value *holds* its slot. The stamp says which value is in it and whether somebody holds it:
//!
//! | stamp | says | who changes it, and to what |
//! |---|---|---|
//! | `2 p` | value number `p`, free | a receiver whose next is `p`, or the sender of `p + capacity`: to `2 p + 1` |
//! | `2 p + 1` | value number `p`, held | who holds it: to `2 p`, or to `2 (p + capacity)` with the new value |
//!
//! Taking hold is one exchange, which at once asks whether the slot has the right value; letting
//! go is a plain store, since nobody else writes a stamp that is held. A receipt costs no more than that: the
//! number of receivers that have not seen the value is changed only by who holds the slot, and needs no
//! step of its own.
//!
//! The price of the plain store is that it wakes nobody. Who finds a slot held spins, then yields the
//! thread, then naps. It waits for one clone of a value: `Clone` is all that is called while a slot is held. Values are
//! dropped by who has let go. A slot that is held keeps back the receivers that are at the same value and a sender that
//! has come round the whole ring, and nobody else.

use std::fmt;
use std::hint::spin_loop;
use std::panic::RefUnwindSafe;
use std::time::Duration;

use crate::primitive::cell::UnsafeCell;
use crate::primitive::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use crate::primitive::thread;

const HELD: u64 = 1;

pub(super) struct Slot<T> {
    stamp: AtomicU64,
    /// Receivers that have still to see the value, which is there while there are any. Written by
    /// who holds the slot, read by anybody.
    unseen: AtomicUsize,
    value: UnsafeCell<Option<T>>,
}

// SAFETY: the value is touched by who holds the slot, one thread at a time.
unsafe impl<T: Send> Sync for Slot<T> {}

// A clone that panics leaves the value as it was, and who has seen it counted.
impl<T> RefUnwindSafe for Slot<T> {}

/// Access to a slot; lets go when dropped.
pub(super) struct Held<'a, T> {
    slot: &'a Slot<T>,
    /// The stamp to leave behind.
    stamp: u64,
}

impl<T> Slot<T> {
    /// An empty slot, where everybody has seen the value of the position.
    pub(super) fn new(position: u64) -> Self {
        Slot {
            stamp: AtomicU64::new(free_stamp(position)),
            unseen: AtomicUsize::new(0),
            value: UnsafeCell::new(None),
        }
    }

    /// Takes hold of the slot if it has the value of this position; waits for who holds it.
    #[inline]
    pub(super) fn hold(&self, position: u64) -> Option<Held<'_, T>> {
        let free = free_stamp(position);
        match self.exchange(free) {
            Ok(held) => Some(held),
            Err(found) if found == free | HELD => self.hold_slow(free),
            Err(_) => None,
        }
    }

    /// Takes hold of the slot if it has the value of this position and nobody holds it.
    #[inline]
    pub(super) fn try_hold(&self, position: u64) -> Option<Held<'_, T>> {
        self.exchange(free_stamp(position)).ok()
    }

    #[cold]
    fn hold_slow(&self, free: u64) -> Option<Held<'_, T>> {
        let mut patience = Patience::default();
        loop {
            patience.wait();
            match self.exchange(free) {
                Ok(held) => return Some(held),
                Err(found) if found == free | HELD => {}
                Err(_) => return None,
            }
        }
    }

    #[inline]
    fn exchange(&self, free: u64) -> Result<Held<'_, T>, u64> {
        // Acquire: pairs with the Release of who held it before.
        self.stamp
            .compare_exchange(free, free | HELD, Ordering::Acquire, Ordering::Relaxed)
            .map(|stamp| Held { slot: self, stamp })
    }

    /// Whether all receivers have seen the value. It may have changed since.
    pub(super) fn is_seen(&self) -> bool {
        self.unseen.load(Ordering::Relaxed) == 0
    }
}

impl<T> Held<'_, T> {
    /// Puts the value of a later position in, for so many receivers; answers with one that some have missed.
    pub(super) fn replace(mut self, position: u64, value: T, receivers: usize) -> Option<T> {
        self.slot.unseen.store(receivers, Ordering::Relaxed);
        self.stamp = free_stamp(position);
        self.with_value(|slot| slot.replace(value))
    }

    /// Counts one receiver as having seen the value; answers with it if that was the last.
    pub(super) fn pass(self) -> Option<T> {
        match self.count_down() {
            0 => self.with_value(Option::take),
            _ => None,
        }
    }

    /// The value for one receiver. The last receiver gets the value itself.
    ///
    /// A receiver for which the clone panics has seen the value.
    #[inline]
    pub(super) fn read(self) -> T
    where
        T: Clone,
    {
        let value = match self.count_down() {
            0 => self.with_value(Option::take),
            _ => self.with_value(|slot| slot.clone()),
        };
        value.expect("a value stays until all have seen it")
    }

    /// How many are left.
    #[inline]
    fn count_down(&self) -> usize {
        let unseen = self.slot.unseen.load(Ordering::Relaxed) - 1;
        self.slot.unseen.store(unseen, Ordering::Relaxed);
        unseen
    }

    #[inline]
    fn with_value<R>(&self, f: impl FnOnce(&mut Option<T>) -> R) -> R {
        // SAFETY: the slot is held, by this thread alone.
        self.slot.value.with_mut(|value| f(unsafe { &mut *value }))
    }
}

impl<T> Drop for Held<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // Release: publishes the value and the count; pairs with try_hold().
        self.slot.stamp.store(self.stamp, Ordering::Release);
    }
}

#[inline]
fn free_stamp(position: u64) -> u64 {
    position << 1
}

/// How long somebody has waited for a held slot, and what to do meanwhile.
#[derive(Default)]
pub(super) struct Patience(u32);

impl Patience {
    /// Clones of small values are over within this.
    const SPINS: u32 = 100;
    const YIELDS: u32 = 50;
    /// A clone that takes longer than all of that is not prolonged much by this.
    const NAP: Duration = Duration::from_micros(50);

    pub(super) fn wait(&mut self) {
        self.0 = self.0.saturating_add(1);
        if cfg!(runtime_loom) {
            thread::yield_now();
        } else if self.0 <= Self::SPINS {
            spin_loop();
        } else if self.0 <= Self::SPINS + Self::YIELDS {
            thread::yield_now();
        } else {
            std::thread::sleep(Self::NAP);
        }
    }
}

impl<T> fmt::Debug for Slot<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot")
            .field("stamp", &self.stamp)
            .field("unseen", &self.unseen)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Held<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.slot.fmt(f)
    }
}
