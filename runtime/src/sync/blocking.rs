//! The `blocking_*` methods: a thread outside async code waits for one of our futures.

use std::pin::pin;
use std::task::{Context, Poll, Wake, Waker};

use crate::coop;
use crate::current;
use crate::park::{self, Parker};
use crate::primitive::sync::Arc;

/// Polls `future` on this thread until it is ready; the thread sleeps meanwhile.
///
/// `instead` says what async code has in place of the method that calls this, such as
/// "`recv().await`".
///
/// # Panics
///
/// If this thread runs async code.
#[track_caller]
pub(crate) fn block_on<F: Future>(instead: &str, future: F) -> F::Output {
    refuse_async_code(instead);
    let mut future = pin!(future);
    let parker = park::lend();
    let waker = Waker::from(parker.clone());
    let mut cx = Context::from_waker(&waker);
    loop {
        // Without a budget: nothing else waits for its turn here.
        let polled = coop::with_unconstrained(|| future.as_mut().poll(&mut cx));
        if let Poll::Ready(output) = polled {
            return output;
        }
        parker.park();
    }
}

/// The waker of a thread that blocks on a future, here or in a `block_on` of a runtime.
impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        coop::note_wake(Arc::as_ptr(self).cast());
        self.unpark();
    }
}

/// Panics if blocking this thread would keep async code from going on; see [`block_on`].
#[track_caller]
fn refuse_async_code(instead: &str) {
    assert!(
        !current::is_driving(),
        "this thread already runs async code, and blocking it would stop that: use {instead}, \
         or do it on a thread of `spawn_blocking`"
    );
}
