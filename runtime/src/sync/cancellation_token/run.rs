//! Runs a future until a token is cancelled.

use std::borrow::Borrow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::CancellationToken;
use super::wait::Cancelled;

pin_project! {
    /// Has room for the other future once, where an async function that takes one has it twice.
    pub(super) struct RunUntilCancelled<T, F>
    where
        T: Borrow<CancellationToken>,
    {
        // Until it has ended: then it is dropped, whenever this one is.
        #[pin]
        future: Option<F>,
        #[pin]
        cancelled: Cancelled<T>,
        is_begun: bool,
    }
}

impl<T: Borrow<CancellationToken>, F> RunUntilCancelled<T, F> {
    pub(super) fn new(token: T, future: F) -> Self {
        RunUntilCancelled {
            future: Some(future),
            cancelled: Cancelled::new(token),
            is_begun: false,
        }
    }
}

impl<T: Borrow<CancellationToken>, F: Future> Future for RunUntilCancelled<T, F> {
    type Output = Option<F::Output>;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<F::Output>> {
        let mut this = self.project();
        let mut output = None;
        let begins = !std::mem::replace(this.is_begun, true);
        if !begins || !this.cancelled.token().is_cancelled() {
            let Some(future) = this.future.as_mut().as_pin_mut() else {
                panic!("a future that runs until a cancellation is not polled after it was ready");
            };
            match future.poll(cx) {
                Poll::Ready(ready) => output = Some(ready),
                Poll::Pending => ready!(this.cancelled.poll(cx)),
            }
        }
        this.future.set(None);
        Poll::Ready(output)
    }
}
