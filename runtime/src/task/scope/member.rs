//! The future of a task in a scope.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::handle::ScopedOutput;
use super::shared::Membership;
use crate::primitive::sync::Arc;

pin_project! {
    /// Runs a future, keeps its outcome for the handle, and leaves the scope when it is dropped.
    ///
    /// The order of the fields is that of their drops, also when one of them panics: when the
    /// place goes, the future and this hold on the outcome have gone.
    pub(super) struct Member<F: Future> {
        #[pin]
        future: F,
        outcome: Arc<ScopedOutput<F::Output>>,
        place: Membership,
    }
}

impl<F: Future> Member<F> {
    pub(super) fn new(future: F, outcome: Arc<ScopedOutput<F::Output>>, place: Membership) -> Self {
        Member {
            future,
            outcome,
            place,
        }
    }
}

impl<F: Future> Future for Member<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let future = this.future;
        let outcome = match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(polled) => Ok(ready!(polled)),
            Err(payload) => Err(payload),
        };
        this.outcome.set(outcome);
        Poll::Ready(())
    }
}
