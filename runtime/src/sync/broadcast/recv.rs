//! The future that waits for the next value.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::error::{RecvError, TryRecvError};
use super::receiver::Receiver;
use crate::coop;
use crate::sync::wait_list::Place;

pin_project! {
    /// Waits in the tail's queue, if it has to. Until it is ready the receiver is as it was.
    #[must_use = "futures do nothing unless polled or awaited"]
    pub(super) struct Recv<'a, T> {
        receiver: &'a mut Receiver<T>,
        #[pin]
        place: Place<()>,
    }

    impl<T> PinnedDrop for Recv<'_, T> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            this.receiver.stop_waiting(this.place);
        }
    }
}

impl<'a, T> Recv<'a, T> {
    #[inline]
    pub(super) fn new(receiver: &'a mut Receiver<T>) -> Self {
        Recv {
            receiver,
            place: Place::new(()),
        }
    }
}

impl<T: Clone> Future for Recv<'_, T> {
    type Output = Result<T, RecvError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.receiver.poll_recv(this.place, cx)
    }
}

impl<T> Receiver<T> {
    /// Receives the next value, or leaves `place` in the queue. Whoever polls lets the place
    /// [stop waiting](Self::stop_waiting) before it is gone.
    #[inline]
    pub(crate) fn poll_recv(
        &mut self,
        mut place: Pin<&mut Place<()>>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<T, RecvError>>
    where
        T: Clone,
    {
        let coop = ready!(coop::poll_proceed(cx));
        let received = loop {
            if let Some(value) = self.take_next() {
                break Ok(value);
            }
            if let Err(error) = ready!(self.poll_sent(place.as_mut(), cx)) {
                break Err(error);
            }
        };
        coop.made_progress();
        self.stop_waiting(place);
        Poll::Ready(received)
    }

    /// Waits until there may be something to receive.
    #[cold]
    fn poll_sent(
        &mut self,
        place: Pin<&mut Place<()>>,
        cx: &Context<'_>,
    ) -> Poll<Result<(), RecvError>> {
        // Cloning may run user code, so it is not done under the lock.
        let waker = cx.waker().clone();
        let mut tail = self.shared.tail.lock();
        match self.shared.explain(&tail, &mut self.next) {
            Ok(()) => return Poll::Ready(Ok(())),
            Err(TryRecvError::Lagged(missed)) => {
                return Poll::Ready(Err(RecvError::Lagged(missed)));
            }
            Err(TryRecvError::Closed) => return Poll::Ready(Err(RecvError::Closed)),
            Err(TryRecvError::Empty) => {}
        }
        // SAFETY: the place leaves before it is gone, and the receiver keeps the list alive.
        let unneeded = unsafe { tail.enqueue_or_renew(place, waker) };
        drop(tail);
        drop(unneeded);
        Poll::Pending
    }

    /// Lets the place leave the queue, if it is in it.
    #[inline]
    pub(crate) fn stop_waiting(&self, place: Pin<&mut Place<()>>) {
        if place.is_enrolled() {
            let left = self.shared.tail.lock().leave(place);
            drop(left.unserved);
        }
    }
}
