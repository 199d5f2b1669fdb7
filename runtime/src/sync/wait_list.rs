//! A fair queue of futures that wait for something.
//!
//! A [`WaitList`] holds the queue and, behind the same lock, what its primitive must change
//! together with it. A future that waits has a [`Place`] inside itself, so waiting allocates
//! nothing. A place is in one of three states:
//!
//! | state | enrolled | has a waker | who ends it |
//! |---|---|---|---|
//! | outside | no | no | its owner: [`enqueue`](Locked::enqueue) |
//! | queued | yes | yes | whoever pops it, or its owner: [`leave`](Locked::leave) |
//! | popped | yes | no | its owner: [`leave`](Locked::leave) |
//!
//! "Enrolled" is the owner's own mark, which it reads without the lock; the waker, the value and
//! the links are read and written under the lock alone. A pop takes the waker and may leave an
//! answer in the value in the same critical section, so an owner that is dropped finds, under the
//! lock, either that it was never served or what it was given and has to pass on. There
//! is no third case, which is what makes waiting cancel-safe.
//!
//! No user code runs under the lock: wakers are cloned before it is taken; they are woken and dropped after
//! it is free.

use std::fmt;
use std::marker::PhantomPinned;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::Waker;

use crate::primitive::cell::UnsafeCell;
use crate::primitive::const_unless_model;
use crate::primitive::sync::{Mutex, MutexGuard};
use crate::util::list::{Links, List, Node};
use crate::util::say::abort_saying;
use crate::util::wake_list::WakeList;

/// The queue, and the state `S` that changes together with it.
pub(crate) struct WaitList<S, T> {
    inner: Mutex<Inner<S, T>>,
}

struct Inner<S, T> {
    state: S,
    queue: List<Waiter<T>>,
    /// The ticket of the next place that is enqueued.
    next_ticket: u64,
}

/// A future's place in a queue, with the value `T` that it and its primitive exchange.
pub(crate) struct Place<T> {
    /// The list that the place must leave, if any.
    home: Option<NonNull<()>>,
    waiter: UnsafeCell<Waiter<T>>,
    _pinned: PhantomPinned,
}

struct Waiter<T> {
    links: Links<Waiter<T>>,
    /// There exactly while the waiter is queued.
    waker: Option<Waker>,
    ticket: u64,
    value: T,
}

/// A locked list. It lives for a moment and no user code runs meanwhile.
pub(crate) struct Locked<'a, S, T> {
    list: &'a WaitList<S, T>,
    inner: MutexGuard<'a, Inner<S, T>>,
}

/// What a place takes along when it leaves.
#[derive(Debug)]
pub(crate) struct Left<T> {
    pub(crate) value: T,
    /// There if nobody had popped the place. To be dropped after unlocking.
    pub(crate) unserved: Option<Waker>,
}

// SAFETY: the links name places whose waiters are only touched under the lock.
unsafe impl<S: Send, T: Send> Send for Inner<S, T> {}
// SAFETY: the waiter is touched under the list's lock alone, `home` by the owner alone.
unsafe impl<T: Send> Send for Place<T> {}
// SAFETY: as above; a shared place offers nothing but `home`.
unsafe impl<T: Send> Sync for Place<T> {}

// No user code runs under the lock, so no panic leaves the list half changed.
impl<S, T> UnwindSafe for WaitList<S, T> {}
impl<S, T> RefUnwindSafe for WaitList<S, T> {}

// SAFETY: the field is used for nothing else.
unsafe impl<T> Node for Waiter<T> {
    unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>> {
        // SAFETY: the caller's node is live.
        unsafe { NonNull::new_unchecked(&raw mut (*node.as_ptr()).links) }
    }
}

impl<S, T: Copy> WaitList<S, T> {
    const_unless_model! {
        pub(crate) const fn new(state: S) -> Self {
            WaitList {
                inner: Mutex::new(Inner {
                    state,
                    queue: List::new(),
                    next_ticket: 0,
                }),
            }
        }
    }

    pub(crate) fn lock(&self) -> Locked<'_, S, T> {
        Locked {
            list: self,
            inner: self.inner.lock(),
        }
    }

    fn address(&self) -> NonNull<()> {
        NonNull::from(self).cast()
    }
}

impl<T: Copy> Place<T> {
    pub(crate) fn new(value: T) -> Self {
        Place {
            home: None,
            waiter: UnsafeCell::new(Waiter {
                links: Links::new(),
                waker: None,
                ticket: 0,
                value,
            }),
            _pinned: PhantomPinned,
        }
    }

    /// Whether the place was enqueued and has not left since.
    pub(crate) fn is_enrolled(&self) -> bool {
        self.home.is_some()
    }

    fn waiter(&self) -> NonNull<Waiter<T>> {
        let waiter = self.waiter.with_mut(|waiter| waiter);
        // SAFETY: a pointer to a field is not null.
        unsafe { NonNull::new_unchecked(waiter) }
    }

    fn set_home(self: Pin<&mut Self>, home: Option<NonNull<()>>) {
        // SAFETY: nothing is moved, and `home` is not pinned.
        unsafe { self.get_unchecked_mut() }.home = home;
    }
}

impl<S, T: Copy> Locked<'_, S, T> {
    /// Puts a place that is outside at the end of the queue.
    ///
    /// # Safety
    ///
    /// The list stays where it is until the place has left it.
    pub(crate) unsafe fn enqueue(&mut self, place: Pin<&mut Place<T>>, waker: Waker) {
        assert!(!place.is_enrolled(), "a place is in one queue at a time");
        let waiter = place.waiter();
        // SAFETY: the place is outside, so nobody else knows it. It is pinned, and it stays valid
        // until it has left: its drop makes sure of that.
        unsafe {
            (*waiter.as_ptr()).waker = Some(waker);
            (*waiter.as_ptr()).ticket = self.inner.next_ticket;
            self.inner.queue.push_back(waiter);
        }
        self.inner.next_ticket += 1;
        place.set_home(Some(self.list.address()));
    }

    /// Lets the place be queued with this waker: at the end, unless it is queued already. Answers with
    /// a waker that is not needed, to be dropped after unlocking.
    ///
    /// # Safety
    ///
    /// As of [`enqueue`](Self::enqueue).
    pub(crate) unsafe fn enqueue_or_renew(
        &mut self,
        mut place: Pin<&mut Place<T>>,
        waker: Waker,
    ) -> Option<Waker> {
        if place.is_enrolled() {
            if self.is_queued(&place) {
                return Some(self.renew_waker(&place, waker));
            }
            // It was popped and has therefore no waker.
            self.leave(place.as_mut());
        }
        // SAFETY: the caller's promise.
        unsafe { self.enqueue(place, waker) };
        None
    }

    /// What the place and its primitive exchange.
    ///
    /// # Panics
    ///
    /// If the place is not enrolled here; so do the methods below.
    pub(crate) fn value(&mut self, place: &Place<T>) -> &mut T {
        &mut self.waiter_of(place).value
    }

    /// Whether nobody has popped the place yet.
    pub(crate) fn is_queued(&mut self, place: &Place<T>) -> bool {
        self.waiter_of(place).waker.is_some()
    }

    /// Whether the place is queued and `waker` is the one that will be woken.
    pub(crate) fn will_wake(&mut self, place: &Place<T>, waker: &Waker) -> bool {
        let current = &self.waiter_of(place).waker;
        current
            .as_ref()
            .is_some_and(|current| current.will_wake(waker))
    }

    /// Lets `waker` be the one that is woken if the place is queued; answers with the one of the two that
    /// is not needed, to be dropped after unlocking.
    pub(crate) fn renew_waker(&mut self, place: &Place<T>, waker: Waker) -> Waker {
        match &mut self.waiter_of(place).waker {
            Some(current) if !current.will_wake(&waker) => std::mem::replace(current, waker),
            _ => waker,
        }
    }

    /// Takes the place out of the queue, if it is still there, and of the list.
    pub(crate) fn leave(&mut self, place: Pin<&mut Place<T>>) -> Left<T> {
        let waiter = self.waiter_of(&place);
        let left = Left {
            value: waiter.value,
            unserved: waiter.waker.take(),
        };
        if left.unserved.is_some() {
            // SAFETY: it has a waker and is therefore in the queue of this list.
            unsafe { self.inner.queue.remove(place.waiter()) };
        }
        place.set_home(None);
        left
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.inner.queue.front().is_none()
    }

    /// The value of the place that has waited longest.
    pub(crate) fn front(&mut self) -> Option<&mut T> {
        let front = self.inner.queue.front()?;
        // SAFETY: what is in the queue is live, and the lock is held.
        Some(unsafe { &mut (*front.as_ptr()).value })
    }

    /// Pops the place that has waited longest; `answer` is left in its value.
    pub(crate) fn pop_front(&mut self, answer: T) -> Option<Waker> {
        let front = self.inner.queue.front()?;
        Some(self.pop(front, answer))
    }

    /// Pops the place that came last; `answer` is left in its value.
    pub(crate) fn pop_back(&mut self, answer: T) -> Option<Waker> {
        let back = self.inner.queue.back()?;
        Some(self.pop(back, answer))
    }

    /// Pops with `answer` whoever is queued now, and wakes them after unlocking. Who comes later, even
    /// while they are woken, stays in the queue.
    pub(crate) fn wake_all(self, answer: T) {
        let limit = self.inner.next_ticket;
        self.wake_each(|locked| {
            let front = locked.inner.queue.front()?;
            // SAFETY: what is in the queue is live, and the lock is held.
            let ticket = unsafe { (*front.as_ptr()).ticket };
            (ticket < limit).then(|| locked.pop(front, answer))
        });
    }

    /// Wakes whom `next` pops, until it answers `None`. They are woken in batches: the lock is free
    /// meanwhile and is taken again for the next batch.
    pub(crate) fn wake_each(mut self, mut next: impl FnMut(&mut Self) -> Option<Waker>) {
        let mut batch = WakeList::new();
        let list = self.list;
        loop {
            while !batch.is_full() {
                match next(&mut self) {
                    Some(waker) => batch.push(waker),
                    None => {
                        drop(self);
                        return batch.wake_all();
                    }
                }
            }
            drop(self);
            batch.wake_all();
            self = list.lock();
        }
    }

    fn pop(&mut self, waiter: NonNull<Waiter<T>>, answer: T) -> Waker {
        // SAFETY: the caller found it in the queue; what is there is live, and the lock is held.
        unsafe {
            self.inner.queue.remove(waiter);
            (*waiter.as_ptr()).value = answer;
            let waker = (*waiter.as_ptr()).waker.take();
            waker.expect("a queued waiter has a waker")
        }
    }

    fn waiter_of(&mut self, place: &Place<T>) -> &mut Waiter<T> {
        let home = Some(self.list.address());
        assert!(place.home == home, "the place is enrolled in another list");
        // SAFETY: its list is this one, and the lock is held.
        unsafe { &mut *place.waiter().as_ptr() }
    }
}

impl<S, T> Deref for Locked<'_, S, T> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.inner.state
    }
}

impl<S, T> DerefMut for Locked<'_, S, T> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.inner.state
    }
}

impl<T> Drop for Place<T> {
    fn drop(&mut self) {
        if self.home.is_some() {
            // The queue would keep a pointer to what is about to be freed.
            abort_saying([
                "runtime: internal error: a future is dropped in the queue; please report it\n",
            ]);
        }
    }
}

impl<S: fmt::Debug, T> fmt::Debug for WaitList<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitList").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Place<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("enrolled", &self.home.is_some())
            .finish_non_exhaustive()
    }
}

impl<S: fmt::Debug, T> fmt::Debug for Locked<'_, S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locked")
            .field("state", &self.inner.state)
            .field("waiting", &self.inner.queue.len())
            .finish()
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests;
