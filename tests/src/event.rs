//! Something that happens once, and that a future waits for.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

/// A future that is ready once [`set`](Event::set) was called. One of its clones may be awaited.
#[derive(Clone, Debug, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_set: bool,
    waker: Option<Waker>,
}

impl Event {
    /// An event that has not happened.
    #[must_use]
    pub fn new() -> Self {
        Event::default()
    }

    /// Lets it happen, and wakes who waits.
    ///
    /// # Panics
    ///
    /// If the waker does.
    pub fn set(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Blocks until somebody awaits it. It must not have happened yet.
    #[track_caller]
    pub fn until_awaited(&self) {
        crate::wait::until("somebody awaits the event", || {
            self.0.lock().unwrap().waker.is_some()
        });
    }
}

impl Future for Event {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}
