//! Who waits for a registration's readiness: a slot for each direction and a list beside them.
//!
//! All of it stands behind one lock. A waker's clone, drop and wake are user code, which may panic
//! or come back here: no function of this file runs any. Wakers come in cloned already and go out
//! to be dropped or woken after unlocking.

use std::mem;
use std::task::Waker;

use slab::Slab;

use super::word::{Answer, Snapshot};
use crate::{Direction, Interest, Ready};

/// Whose waker a slot holds. A reader and a receiver share one: the last of them has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Waits until there is something to read.
    Reader,
    /// As the reader, and for an error alone, too.
    Receiver,
    /// Waits until there is room to write.
    Writer,
}

impl Slot {
    /// What ends its wait.
    #[inline]
    pub(crate) const fn mask(self) -> Ready {
        match self {
            Slot::Reader => Ready::that_satisfies(Interest::READABLE),
            Slot::Receiver => Ready::that_satisfies(Interest::READABLE.add(Interest::ERROR)),
            Slot::Writer => Ready::that_satisfies(Interest::WRITABLE),
        }
    }
}

impl From<Direction> for Slot {
    #[inline]
    fn from(direction: Direction) -> Slot {
        match direction {
            Direction::Read => Slot::Reader,
            Direction::Write => Slot::Writer,
        }
    }
}

/// The waiters of one registration.
#[derive(Default)]
pub(super) struct Waiters {
    reader: Option<Waker>,
    writer: Option<Waker>,
    /// Whether the one in the reader's place is a [`Slot::Receiver`].
    reader_receives: bool,
    /// Boxed when the first future waits: most sources are only polled, and pay 8 bytes.
    list: Option<Box<Slab<Waiter>>>,
}

struct Waiter {
    interest: Interest,
    state: State,
}

enum State {
    Waiting(Waker),
    Notified(Answer),
}

/// A place in the list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key(usize);

/// How a listed waiter stands when its future is polled again.
pub(super) enum Standing {
    Notified(Answer),
    Waiting,
    WaitingWithAnotherWaker,
}

impl Waiters {
    pub(super) fn slot_holds(&self, slot: Slot, waker: &Waker) -> bool {
        let (kept, is_same) = match slot {
            Slot::Writer => (&self.writer, true),
            Slot::Reader | Slot::Receiver => (&self.reader, slot == self.readers_slot()),
        };
        is_same && kept.as_ref().is_some_and(|kept| kept.will_wake(waker))
    }

    /// Returns the waker that was there before.
    #[must_use]
    pub(super) fn fill_slot(&mut self, slot: Slot, waker: Waker) -> Option<Waker> {
        if slot == Slot::Writer {
            return self.writer.replace(waker);
        }
        self.reader_receives = slot == Slot::Receiver;
        self.reader.replace(waker)
    }

    fn readers_slot(&self) -> Slot {
        match self.reader_receives {
            true => Slot::Receiver,
            false => Slot::Reader,
        }
    }

    pub(super) fn join(&mut self, interest: Interest, waker: Waker) -> Key {
        let list = self
            .list
            .get_or_insert_with(|| Box::new(Slab::with_capacity(1)));
        Key(list.insert(Waiter {
            interest,
            state: State::Waiting(waker),
        }))
    }

    pub(super) fn standing(&mut self, key: Key, waker: &Waker) -> Standing {
        match &self.listed(key).state {
            State::Notified(answer) => Standing::Notified(*answer),
            State::Waiting(kept) if kept.will_wake(waker) => Standing::Waiting,
            State::Waiting(_) => Standing::WaitingWithAnotherWaker,
        }
    }

    /// Lets a waiter wait with another waker; returns the one that is not needed, and the answer
    /// if there is one already.
    #[must_use]
    pub(super) fn replace_waker(&mut self, key: Key, waker: Waker) -> (Waker, Option<Answer>) {
        match &mut self.listed(key).state {
            State::Notified(answer) => (waker, Some(*answer)),
            State::Waiting(kept) => (mem::replace(kept, waker), None),
        }
    }

    /// Takes a waiter off the list; returns its waker if it was not notified.
    #[must_use]
    pub(super) fn leave(&mut self, key: Key) -> Option<Waker> {
        match self.list_mut().remove(key.0).state {
            State::Waiting(waker) => Some(waker),
            State::Notified(_) => None,
        }
    }

    /// Tells all who wait for some of `arrived`, and moves their wakers to `woken`.
    pub(super) fn notify(&mut self, arrived: Ready, now: Snapshot, woken: &mut Vec<Waker>) {
        if arrived.intersects(self.readers_slot().mask()) {
            woken.extend(self.reader.take());
        }
        if arrived.intersects(Slot::Writer.mask()) {
            woken.extend(self.writer.take());
        }
        if let Some(list) = &mut self.list {
            let listed = list.iter_mut().map(|(_, waiter)| waiter);
            woken.extend(listed.filter_map(|waiter| waiter.notify(arrived, now)));
        }
    }

    /// Empties the slots and gives up the wakers of the list's leaked futures.
    #[must_use]
    pub(super) fn take_all(&mut self) -> Vec<Waker> {
        let listed = self
            .list
            .take()
            .into_iter()
            .flat_map(|list| list.into_iter());
        let listed = listed.filter_map(|(_, waiter)| match waiter.state {
            State::Waiting(waker) => Some(waker),
            State::Notified(_) => None,
        });
        let slots = self.reader.take().into_iter().chain(self.writer.take());
        slots.chain(listed).collect()
    }

    fn listed(&mut self, key: Key) -> &mut Waiter {
        self.list_mut()
            .get_mut(key.0)
            .expect("a waiter is listed until its future leaves")
    }

    fn list_mut(&mut self) -> &mut Slab<Waiter> {
        self.list.as_mut().expect("a key is handed out by a list")
    }

    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        let listed = self.list.as_ref().map_or(0, |list| list.len());
        usize::from(self.reader.is_some()) + usize::from(self.writer.is_some()) + listed
    }
}

impl Waiter {
    fn notify(&mut self, arrived: Ready, now: Snapshot) -> Option<Waker> {
        let mask = Ready::that_satisfies(self.interest);
        if !arrived.intersects(mask) {
            return None;
        }
        let answer = now.answer(mask)?;
        match mem::replace(&mut self.state, State::Notified(answer)) {
            State::Waiting(waker) => Some(waker),
            earlier @ State::Notified(_) => {
                self.state = earlier;
                None
            }
        }
    }
}
