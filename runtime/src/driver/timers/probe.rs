//! What the tests of timers watch with: wakers that count, a hook that remembers.

use std::task::{RawWaker, RawWakerVTable, Waker};

use super::{Timers, Unpark};
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Counts how often its wakers are woken and how many of them there are.
#[derive(Debug)]
pub(super) struct Bell {
    rings: AtomicUsize,
    wakers: AtomicUsize,
}

impl Bell {
    /// Leaked, so that a waker used after its end is an error of count and no other.
    pub(super) fn new() -> &'static Bell {
        Box::leak(Box::new(Bell {
            rings: AtomicUsize::new(0),
            wakers: AtomicUsize::new(0),
        }))
    }

    pub(super) fn waker(&'static self) -> Waker {
        self.wakers.fetch_add(1, Ordering::SeqCst);
        // SAFETY: the functions keep the contract of a waker, whose data is never freed.
        unsafe { Waker::from_raw(self.raw()) }
    }

    pub(super) fn rings(&self) -> usize {
        self.rings.load(Ordering::SeqCst)
    }

    pub(super) fn wakers(&self) -> usize {
        self.wakers.load(Ordering::SeqCst)
    }

    fn raw(&'static self) -> RawWaker {
        RawWaker::new(std::ptr::from_ref(self).cast(), &VTABLE)
    }
}

static VTABLE: RawWakerVTable = RawWakerVTable::new(
    |data| {
        bell(data).wakers.fetch_add(1, Ordering::SeqCst);
        bell(data).raw()
    },
    |data| {
        bell(data).rings.fetch_add(1, Ordering::SeqCst);
        bell(data).wakers.fetch_sub(1, Ordering::SeqCst);
    },
    |data| {
        bell(data).rings.fetch_add(1, Ordering::SeqCst);
    },
    |data| {
        bell(data).wakers.fetch_sub(1, Ordering::SeqCst);
    },
);

fn bell(data: *const ()) -> &'static Bell {
    // SAFETY: only the functions of `VTABLE` come here, with what `raw` has put in.
    unsafe { &*data.cast::<Bell>() }
}

/// Remembers the last deadline it was told of; zero before.
#[derive(Clone, Debug)]
pub(super) struct Told(pub(super) Arc<AtomicU64>);

impl Told {
    pub(super) fn new() -> Self {
        Told(Arc::new(AtomicU64::new(0)))
    }

    pub(super) fn take(&self) -> u64 {
        self.0.swap(0, Ordering::SeqCst)
    }
}

impl Unpark for Told {
    fn timer_became_earliest(&self, deadline_ns: u64) {
        self.0.store(deadline_ns, Ordering::SeqCst);
    }
}

pub(super) fn timers() -> (Arc<Timers>, Told) {
    let told = Told::new();
    let timers = Timers::of_worker(told.clone());
    (Arc::new(timers), told)
}
