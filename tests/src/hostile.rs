//! Wakers whose clone, wake or drop does what it likes: it panics, or calls back.

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

type OnAct = Box<dyn Fn(Act) + Send + Sync>;

const VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// A waker that calls `on_act` with whatever is done with it or a clone of it. It owns what `on_act` captures.
#[must_use]
pub fn waker_that(on_act: impl Fn(Act) + Send + Sync + 'static) -> Waker {
    let shared: Arc<OnAct> = Arc::new(Box::new(on_act));
    // SAFETY: the functions of the table treat the pointer as one reference of the `Arc`.
    unsafe { Waker::new(Arc::into_raw(shared).cast(), &VTABLE) }
}

/// A waker that owns `value`: the drop of its last clone drops that.
#[must_use]
pub fn waker_that_owns<T: Send + Sync + 'static>(value: T) -> Waker {
    waker_that(move |_| {
        let _ = &value;
    })
}

/// A waker that panics when `panics` is done with it. `used` counts how often it was woken or, if its clone
/// panics, cloned.
#[must_use]
pub fn waker(panics: Act, used: &Counter) -> Waker {
    let used = used.clone();
    waker_that(move |act| {
        if act == Act::Wake || act == panics && act == Act::Clone {
            used.raise();
        }
        if act == panics && !std::thread::panicking() {
            panic!("the waker panics on {act:?}");
        }
    })
}

unsafe fn clone(shared: *const ()) -> RawWaker {
    // SAFETY: a waker holds a reference.
    unsafe {
        (*shared.cast::<OnAct>())(Act::Clone);
        Arc::increment_strong_count(shared.cast::<OnAct>());
    }
    RawWaker::new(shared, &VTABLE)
}

unsafe fn wake(shared: *const ()) {
    // SAFETY: the waker gives its reference up.
    let shared = unsafe { Arc::from_raw(shared.cast::<OnAct>()) };
    shared(Act::Wake);
}

unsafe fn wake_by_ref(shared: *const ()) {
    // SAFETY: a waker holds a reference.
    (unsafe { &*shared.cast::<OnAct>() })(Act::Wake);
}

unsafe fn drop_waker(shared: *const ()) {
    // SAFETY: the waker gives its reference up.
    let shared = unsafe { Arc::from_raw(shared.cast::<OnAct>()) };
    shared(Act::Drop);
}

/// Polls `future` once with a waker that is never dropped: its drop may panic.
pub fn poll_with<F: Future>(future: Pin<&mut F>, waker: Waker) -> Poll<F::Output> {
    let waker = std::mem::ManuallyDrop::new(waker);
    future.poll(&mut Context::from_waker(&waker))
}
