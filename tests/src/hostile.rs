//! Wakers whose clone, wake or drop panics.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use crate::count::Counter;

/// What is done with a waker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It is cloned.
    Clone,
    /// It is woken, by value or by reference.
    Wake,
    /// It is dropped.
    Drop,
}

struct Shared {
    panics: Act,
    /// How often it was woken or, if its clone panics, cloned.
    used: Counter,
}

impl Shared {
    fn act(&self, what: Act) {
        if what != Act::Drop {
            self.used.raise();
        }
        if what == self.panics && !std::thread::panicking() {
            panic!("the waker panics on {what:?}");
        }
    }
}

const VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// A waker that panics when `panics` is done with it. `used` counts how often it was woken or, if its clone
/// panics, cloned.
#[must_use]
pub fn waker(panics: Act, used: &Counter) -> Waker {
    let shared = Arc::new(Shared {
        panics,
        used: used.clone(),
    });
    // SAFETY: the functions of the table treat the pointer as one reference of the `Arc`.
    unsafe { Waker::new(Arc::into_raw(shared).cast(), &VTABLE) }
}

unsafe fn clone(shared: *const ()) -> RawWaker {
    // SAFETY: a waker holds a reference.
    unsafe {
        let borrowed = &*shared.cast::<Shared>();
        if borrowed.panics == Act::Clone {
            borrowed.act(Act::Clone);
        }
        Arc::increment_strong_count(shared.cast::<Shared>());
    }
    RawWaker::new(shared, &VTABLE)
}

unsafe fn wake(shared: *const ()) {
    // SAFETY: the waker gives its reference up.
    let shared = unsafe { Arc::from_raw(shared.cast::<Shared>()) };
    shared.act(Act::Wake);
}

unsafe fn wake_by_ref(shared: *const ()) {
    // SAFETY: a waker holds a reference.
    unsafe { &*shared.cast::<Shared>() }.act(Act::Wake);
}

unsafe fn drop_waker(shared: *const ()) {
    // SAFETY: the waker gives its reference up.
    let shared = unsafe { Arc::from_raw(shared.cast::<Shared>()) };
    shared.act(Act::Drop);
}

/// Polls `future` once with a waker that is never dropped: its drop may panic.
pub fn poll_with<F: Future>(future: Pin<&mut F>, waker: Waker) -> Poll<F::Output> {
    let waker = std::mem::ManuallyDrop::new(waker);
    future.poll(&mut Context::from_waker(&waker))
}
