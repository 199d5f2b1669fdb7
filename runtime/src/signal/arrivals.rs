//! How often one signal has arrived, and who waits for the next time.
//!
//! A listener remembers up to which arrival it has heard. It waits in four steps, two of them under
//! the lock, as the waits of the reactor do:
//!
//! | listener | arrival |
//! |---|---|
//! | W1: leaves its waker, under the lock | E1: counts, in the signal handler |
//! | W2: looks at the count | E2: takes the wakers, under the lock |
//!
//! If E2 comes first, then E1 came before it, and W2 sees the count. Wakers are user code: they come in
//! cloned and go out to be woken or dropped once the lock is free.

use std::io;
use std::task::Waker;

use libc::c_int;
use slab::Slab;

use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

/// One more than the highest number of a signal, on any system.
pub(super) const SIGNALS: usize = 128;

#[derive(Default)]
pub(super) struct Arrivals {
    count: AtomicUsize,
    /// The count that the listeners were told of last.
    told: AtomicUsize,
    /// The highest count that they were told of or have looked up. Who listens next begins there: what has arrived since is for
    /// him, as nobody else has heard of it.
    delivered: AtomicUsize,
    listeners: Mutex<Listeners>,
}

#[derive(Default)]
struct Listeners {
    /// The signal handler calls us.
    is_caught: bool,
    /// Each listener that has waited once. `None` from its wake to its next wait.
    wakers: Slab<Option<Waker>>,
}

/// A listener's place among those that wait.
#[derive(Debug)]
pub(super) struct Place(usize);

impl Arrivals {
    /// Sees to it that each arrival of `signal` is counted, by a handler that then does `and`.
    ///
    /// The handler stays for good: what the signal did before would not come back either.
    pub(super) fn catch(
        &'static self,
        signal: c_int,
        and: impl Fn() + Send + Sync + 'static,
    ) -> io::Result<()> {
        let mut listeners = self.listeners.lock();
        if listeners.is_caught {
            return Ok(());
        }
        let arrive = move || {
            self.arrive();
            and();
        };
        // SAFETY: the action changes an atomic and rings the bell, which signal handlers may.
        unsafe { signal_hook_registry::register(signal, arrive)? };
        listeners.is_caught = true;
        Ok(())
    }

    fn arrive(&self) {
        // Release: what was done before the signal was sent is seen by whoever hears of it; pairs with
        // `count`.
        self.count.fetch_add(1, Ordering::Release);
    }

    /// The number of arrivals, modulo the word.
    pub(super) fn count(&self) -> usize {
        // Acquire: pairs with the Release in `arrive`.
        self.count.load(Ordering::Acquire)
    }

    /// Up to which arrival somebody has heard, or nobody will.
    pub(super) fn delivered(&self) -> usize {
        // Relaxed: as two threads that listen at the same time cannot tell who was first.
        self.delivered.load(Ordering::Relaxed)
    }

    /// Notes that somebody has heard up to `count`.
    pub(super) fn deliver(&self, count: usize) {
        let advance = |before: usize| {
            let ahead = count.wrapping_sub(before);
            (0 < ahead && ahead <= usize::MAX / 2).then_some(count)
        };
        let relaxed = Ordering::Relaxed;
        let _ = self.delivered.fetch_update(relaxed, relaxed, advance);
    }

    /// Leaves a waker for the next arrival.
    pub(super) fn wait(&self, place: &mut Option<Place>, waker: &Waker) {
        if place.as_ref().is_some_and(|place| self.has(place, waker)) {
            return;
        }
        let waker = Some(waker.clone());
        let mut listeners = self.listeners.lock();
        let displaced = match place {
            Some(place) => std::mem::replace(&mut listeners.wakers[place.0], waker),
            None => {
                *place = Some(Place(listeners.wakers.insert(waker)));
                None
            }
        };
        drop(listeners);
        drop(displaced);
    }

    fn has(&self, place: &Place, waker: &Waker) -> bool {
        let listeners = self.listeners.lock();
        let kept = listeners.wakers[place.0].as_ref();
        kept.is_some_and(|kept| kept.will_wake(waker))
    }

    pub(super) fn leave(&self, place: Place) {
        let waker = self.listeners.lock().wakers.remove(place.0);
        drop(waker);
    }

    /// Takes the wakers of all who wait, if there has been an arrival.
    pub(super) fn tell(&self, woken: &mut Vec<Waker>) {
        let count = self.count();
        self.deliver(count);
        // Relaxed: who finds the same count has been overtaken by one who tells of it, or has told.
        if self.told.swap(count, Ordering::Relaxed) != count {
            self.take_wakers(woken);
        }
    }

    /// Takes the wakers of all who wait.
    pub(super) fn take_wakers(&self, woken: &mut Vec<Waker>) {
        let mut listeners = self.listeners.lock();
        let wakers = listeners.wakers.iter_mut();
        woken.extend(wakers.filter_map(|(_, waker)| waker.take()));
    }
}
