//! Polls by hand, with no runtime around.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Polls once, with a waker that does nothing.
pub(crate) fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The output of a future that is ready at its first poll.
#[track_caller]
pub(crate) fn output_of<F: Future>(future: F) -> F::Output {
    match poll(pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

/// What happened, in order.
#[derive(Debug, Default)]
pub(crate) struct Log(RefCell<Vec<&'static str>>);

impl Log {
    pub(crate) fn note(&self, event: &'static str) {
        self.0.borrow_mut().push(event);
    }

    /// Hands out what was noted since the last call.
    pub(crate) fn take(&self) -> Vec<&'static str> {
        self.0.take()
    }

    /// Notes `name` at each poll, and is ready at the one of number `polls`; notes being dropped.
    pub(crate) fn future<'a>(&'a self, name: &'static str, polls: usize) -> impl Future + use<'a> {
        let left = Cell::new(polls);
        let dropped = NoteDrop { log: self, name };
        poll_fn(move |_| {
            let NoteDrop { log, name } = &dropped;
            log.note(name);
            left.set(
                left.get()
                    .checked_sub(1)
                    .expect("it is polled after its end"),
            );
            if left.get() == 0 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
    }
}

struct NoteDrop<'a> {
    log: &'a Log,
    name: &'static str,
}

impl Drop for NoteDrop<'_> {
    fn drop(&mut self) {
        self.log.note(match self.name {
            "a" => "drop a",
            "b" => "drop b",
            "c" => "drop c",
            _ => "drop",
        });
    }
}
