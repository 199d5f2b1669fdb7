//! Tells senders that the receiver wants nothing more.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::coop::poll_proceed;
use crate::sync::wait_list::{Place, WaitList};

/// Happens once; the list's state says whether it has.
pub(super) struct Closing(WaitList<bool, ()>);

impl Closing {
    pub(super) fn new() -> Self {
        Closing(WaitList::new(false))
    }

    pub(super) fn close(&self) {
        let mut locked = self.0.lock();
        *locked = true;
        locked.wake_all(());
    }

    pub(super) fn closed(&self) -> Closed<'_> {
        Closed {
            closing: self,
            place: Place::new(()),
        }
    }
}

pin_project! {
    /// Ready once the channel is closed.
    pub(super) struct Closed<'a> {
        closing: &'a Closing,
        #[pin]
        place: Place<()>,
    }

    impl PinnedDrop for Closed<'_> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if this.place.is_enrolled() {
                let left = this.closing.0.lock().leave(this.place);
                // After unlocking: the waker is user code.
                drop(left);
            }
        }
    }
}

impl Future for Closed<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(poll_proceed(cx));
        let waker = cx.waker().clone();
        let mut this = self.project();
        let mut locked = this.closing.0.lock();
        if *locked {
            coop.made_progress();
            return Poll::Ready(());
        }
        if this.place.is_enrolled() {
            let unneeded = locked.renew_waker(&this.place, waker);
            drop(locked);
            drop(unneeded);
        } else {
            // SAFETY: the list lives as long as the borrowed channel, and the place leaves it when
            // it is dropped.
            unsafe { locked.enqueue(this.place.as_mut(), waker) };
        }
        Poll::Pending
    }
}
