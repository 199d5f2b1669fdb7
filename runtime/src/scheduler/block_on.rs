//! Blocks a thread that runs no tasks on one future.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::coop;
use crate::park::Parker;
use crate::primitive::sync::Arc;

thread_local! {
    /// One parker a thread, kept from call to call.
    static PARKER: Arc<Parker> = new_parker();
}

/// This thread's parker. A thread that is about to end gets a fresh one.
pub(super) fn parker() -> Arc<Parker> {
    PARKER.try_with(Arc::clone).unwrap_or_else(|_| new_parker())
}

fn new_parker() -> Arc<Parker> {
    let parker = Parker::new();
    parker.bind();
    Arc::new(parker)
}

/// Polls `future` until it is ready, sleeping in between; other threads drive what it waits for.
pub(crate) fn block_on_here<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let parker = parker();
    let waker = Waker::from(parker.clone());
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = coop::with_budget(|| future.as_mut().poll(&mut cx)) {
            return output;
        }
        parker.park();
    }
}
