//! A future that has a guard for as long as it runs.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::shutdown::Guard;

pin_project! {
    /// Has room for the future once, where an async function that takes one has it twice.
    pub(super) struct Guarded<F> {
        // Before the guard, which says that it is gone.
        #[pin]
        future: F,
        guard: Option<Guard>,
    }
}

impl<F> Guarded<F> {
    /// Of a future that drops what it has as it ends.
    pub(super) fn new(future: F, guard: Guard) -> Self {
        Guarded {
            future,
            guard: Some(guard),
        }
    }
}

impl<F: Future> Future for Guarded<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let output = ready!(this.future.poll(cx));
        *this.guard = None;
        Poll::Ready(output)
    }
}
