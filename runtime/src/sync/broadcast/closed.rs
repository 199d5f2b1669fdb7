//! The future that waits until there is no receiver.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::shared::Channel;
use crate::coop;
use crate::sync::wait_list::Place;

pin_project! {
    /// Waits in the queue of the lonely.
    ///
    /// The last receiver is counted out before the queue is woken, and the count is read under the
    /// queue's lock: either it says zero here, or whoever makes it zero finds this place.
    #[must_use = "futures do nothing unless polled or awaited"]
    pub(super) struct Closed<'a, T> {
        shared: &'a Channel<T>,
        #[pin]
        place: Place<()>,
    }

    impl<T> PinnedDrop for Closed<'_, T> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if this.place.is_enrolled() {
                let left = this.shared.lonely.lock().leave(this.place);
                drop(left.unserved);
            }
        }
    }
}

impl<'a, T> Closed<'a, T> {
    pub(super) fn new(shared: &'a Channel<T>) -> Self {
        Closed {
            shared,
            place: Place::new(()),
        }
    }
}

impl<T> Future for Closed<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(cx));
        let this = self.project();
        // Cloning may run user code, so it is not done under the lock.
        let waker = cx.waker().clone();
        let mut lonely = this.shared.lonely.lock();
        if this.shared.tail.lock().receivers == 0 {
            drop(lonely);
            coop.made_progress();
            return Poll::Ready(());
        }
        // SAFETY: the channel is borrowed for as long as this future lives, and its drop lets the
        // place leave.
        let unneeded = unsafe { lonely.enqueue_or_renew(this.place, waker) };
        drop(lonely);
        drop(unneeded);
        Poll::Pending
    }
}
