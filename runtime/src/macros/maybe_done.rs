//! A future with a place for its output.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

pin_project! {
    /// A future or, once it has ended, what is kept of its output.
    ///
    /// The layout has a tag of its own: without one, the tag could lie inside the future, where a
    /// reference that the future holds to itself must be the only one.
    #[derive(Debug)]
    #[project = Projected]
    #[project_replace = Replaced]
    #[repr(C)]
    pub enum MaybeDone<F, T> {
        Pending { #[pin] future: F },
        Done { output: T },
        Taken,
    }
}

/// Makes room for an output beside `future`.
#[inline]
pub fn maybe_done<F: IntoFuture, T>(future: F) -> MaybeDone<F::IntoFuture, T> {
    MaybeDone::Pending {
        future: future.into_future(),
    }
}

impl<F, T> MaybeDone<F, T> {
    /// Polls the future unless it has ended, and keeps its output.
    #[inline]
    pub fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()>
    where
        F: Future<Output = T>,
    {
        if let Projected::Pending { future } = self.as_mut().project() {
            let output = ready!(future.poll(cx));
            self.set(MaybeDone::Done { output });
        }
        Poll::Ready(())
    }

    /// As [`poll`](Self::poll), but keeps only a success.
    #[inline]
    pub fn try_poll<E>(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), E>>
    where
        F: Future<Output = Result<T, E>>,
    {
        if let Projected::Pending { future } = self.as_mut().project() {
            let output = ready!(future.poll(cx))?;
            self.set(MaybeDone::Done { output });
        }
        Poll::Ready(Ok(()))
    }

    /// Moves the output out.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[inline]
    pub fn take_output(self: Pin<&mut Self>) -> T {
        match self.project_replace(MaybeDone::Taken) {
            Replaced::Done { output } => output,
            _ => panic!("an output is taken once, when the future has ended"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::future::{poll_fn, ready};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::maybe_done;

    #[test]
    fn a_future_that_has_ended_is_dropped_and_not_polled_again() {
        let polls = Cell::new(0);
        let dropped = Cell::new(false);
        let guard = OnDrop(&dropped);
        let mut slot = pin!(maybe_done(poll_fn(move |_| {
            let _held = &guard;
            polls.set(polls.get() + 1);
            if polls.get() == 1 {
                Poll::Pending
            } else {
                assert_eq!(polls.get(), 2, "it is polled after its end");
                Poll::Ready("output")
            }
        })));
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(slot.as_mut().poll(cx).is_pending());
        assert!(!dropped.get());
        for _ in 0..2 {
            assert!(slot.as_mut().poll(cx).is_ready());
            assert!(dropped.get());
        }
        assert_eq!(slot.take_output(), "output");
    }

    #[test]
    fn an_error_is_handed_out_and_a_success_is_kept() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut failing = pin!(maybe_done::<_, u8>(ready(Err("failed"))));
        assert_eq!(failing.as_mut().try_poll(cx), Poll::Ready(Err("failed")));
        let mut fine = pin!(maybe_done(ready(Ok::<_, &str>(7))));
        assert_eq!(fine.as_mut().try_poll(cx), Poll::Ready(Ok(())));
        assert_eq!(fine.take_output(), 7);
    }

    struct OnDrop<'a>(&'a Cell<bool>);

    impl Drop for OnDrop<'_> {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
}
