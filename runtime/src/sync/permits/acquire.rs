//! The future that waits for permits.

use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use pin_project_lite::pin_project;

use super::{AcquireError, Entry, Permits, TryAcquireError};
use crate::coop;
use crate::sync::wait_list::{Locked, Place};
use crate::util::panic::contain;

pin_project! {
    /// Waits in the queue of `permits`, if it has to. Dropping it gives back what it has collected,
    /// and its place.
    #[must_use = "futures do nothing unless polled or awaited"]
    pub(crate) struct Acquire<'a> {
        permits: &'a Permits,
        wanted: usize,
        #[pin]
        place: Place<usize>,
    }

    impl PinnedDrop for Acquire<'_> {
        fn drop(this: Pin<&mut Self>) {
            if this.place.is_enrolled() {
                let locked = this.permits.waiting.lock();
                let _ = this.leave(locked, true);
            }
        }
    }
}

impl Future for Acquire<'_> {
    type Output = Result<(), AcquireError>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.must_enter() {
            return self.enter(cx);
        }
        // Before the permits: a task that yields holds none of them. On credit, so that it seldom
        // yields while they are free, as it has no place then.
        let coop = ready!(coop::poll_proceed_on_credit(cx));
        let result = ready!(self.poll_acquire(cx));
        coop.made_progress();
        Poll::Ready(result)
    }
}

impl<'a> Acquire<'a> {
    #[inline]
    pub(super) fn new(permits: &'a Permits, wanted: usize) -> Self {
        Acquire {
            permits,
            wanted,
            place: Place::new(wanted),
        }
    }

    /// Whether there is nothing to do but to wait, which costs nothing: to yield first would cost the
    /// place, and a detour over the queue of the scheduler.
    #[inline]
    fn must_enter(&self) -> bool {
        !coop::has_credit_remaining()
            && !self.place.is_enrolled()
            && !self.permits.is_closed()
            && self.permits.available() < self.wanted
    }

    #[inline]
    fn poll_acquire(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Result<(), AcquireError>> {
        if self.place.is_enrolled() {
            return self.poll_enrolled(cx);
        }
        match self.permits.try_acquire(self.wanted) {
            Ok(()) => Poll::Ready(Ok(())),
            Err(TryAcquireError::Closed) => Poll::Ready(Err(AcquireError::closed())),
            Err(TryAcquireError::NoPermits) => self.enter(cx),
        }
    }

    /// Goes to the end of the queue, unless it need not.
    #[cold]
    fn enter(self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Result<(), AcquireError>> {
        let mut this = self.project();
        // Cloning and dropping wakers may run user code: not under the lock.
        let waker = cx.waker().clone();
        let mut locked = this.permits.waiting.lock();
        let result = match this.permits.enter(*this.wanted) {
            Entry::Taken => Ok(()),
            Entry::Closed => Err(AcquireError::closed()),
            Entry::Missing(missing) => {
                // SAFETY: the permits are borrowed for as long as this future lives, and its drop
                // lets the place leave.
                unsafe { locked.enqueue(this.place.as_mut(), waker) };
                *locked.value(&this.place) = missing;
                return Poll::Pending;
            }
        };
        drop(locked);
        discard(waker);
        Poll::Ready(result)
    }

    #[cold]
    fn poll_enrolled(mut self: Pin<&mut Self>, cx: &Context<'_>) -> Poll<Result<(), AcquireError>> {
        let is_closed = self.permits.is_closed();
        let mut locked = self.permits.waiting.lock();
        if is_closed || !locked.is_queued(&self.place) {
            return Poll::Ready(self.leave(locked, is_closed));
        }
        drop(locked);
        let waker = cx.waker().clone();
        let mut locked = self.permits.waiting.lock();
        let unneeded = locked.renew_waker(&self.place, waker);
        let polled = if locked.is_queued(&self.place) {
            drop(locked);
            Poll::Pending
        } else {
            Poll::Ready(self.as_mut().leave(locked, false))
        };
        discard(unneeded);
        polled
    }

    /// Leaves with all that was wanted, or gives back what was collected.
    fn leave(
        self: Pin<&mut Self>,
        mut locked: Locked<'_, (), usize>,
        refuses: bool,
    ) -> Result<(), AcquireError> {
        let this = self.project();
        let left = locked.leave(this.place);
        if left.value == 0 && !refuses {
            return Ok(());
        }
        this.permits.put_back(*this.wanted - left.value, locked);
        Err(AcquireError::closed())
    }
}

/// Drops a waker. A panic goes no further: it would lose permits that were just acquired.
fn discard(waker: Waker) {
    contain(|| drop(waker));
}
