//! The futures that wait for a cancellation.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::CancellationToken;
use crate::sync::notify::{Notify, Wait};

pin_project! {
    /// Waits until a token is cancelled; made by [`CancellationToken::cancelled`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{future::Future, pin::pin};
    /// use std::task::{Context, Waker};
    /// use runtime::sync::CancellationToken;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let mut cancelled = pin!(token.cancelled());
    /// let mut context = Context::from_waker(Waker::noop());
    /// assert!(cancelled.as_mut().poll(&mut context).is_pending());
    /// token.cancel();
    /// assert!(cancelled.as_mut().poll(&mut context).is_ready());
    /// # }
    /// ```
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct WaitForCancellationFuture<'a> {
        #[pin]
        cancelled: Cancelled<&'a CancellationToken>,
    }
}

impl<'a> WaitForCancellationFuture<'a> {
    pub(super) fn new(token: &'a CancellationToken) -> Self {
        WaitForCancellationFuture {
            cancelled: Cancelled::new(token),
        }
    }
}

impl Future for WaitForCancellationFuture<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().cancelled.poll(cx)
    }
}

pin_project! {
    /// Waits until the token that it owns is cancelled; made by [`CancellationToken::cancelled_owned`].
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{CancellationToken, WaitForCancellationFutureOwned};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let cancelled: WaitForCancellationFutureOwned = token.clone().cancelled_owned();
    /// token.cancel();
    /// cancelled.await;
    /// # }
    /// ```
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct WaitForCancellationFutureOwned {
        #[pin]
        cancelled: Cancelled<CancellationToken>,
    }
}

impl WaitForCancellationFutureOwned {
    pub(super) fn new(token: CancellationToken) -> Self {
        WaitForCancellationFutureOwned {
            cancelled: Cancelled::new(token),
        }
    }
}

impl Future for WaitForCancellationFutureOwned {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().cancelled.poll(cx)
    }
}

/// A token, owned or borrowed, as what holds the `Notify` in its node.
struct NotifyOf<T>(T);

impl<T: Borrow<CancellationToken>> Deref for NotifyOf<T> {
    type Target = Notify;

    fn deref(&self) -> &Notify {
        &self.0.borrow().node.cancelled
    }
}

pin_project! {
    pub(super) struct Cancelled<T>
    where
        T: Borrow<CancellationToken>,
    {
        is_over: bool,
        #[pin]
        wait: Wait<NotifyOf<T>>,
    }
}

impl<T: Borrow<CancellationToken>> Cancelled<T> {
    pub(super) fn new(token: T) -> Self {
        let wait = Wait::new(NotifyOf(token));
        // Asked after `wait` was made, which hears of every later cancellation.
        let is_over = wait.holder().0.borrow().is_cancelled();
        Cancelled { is_over, wait }
    }

    pub(super) fn token(&self) -> &CancellationToken {
        self.wait.holder().0.borrow()
    }
}

impl<T: Borrow<CancellationToken>> Future for Cancelled<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        if !*this.is_over {
            ready!(this.wait.poll(cx));
            *this.is_over = true;
        }
        Poll::Ready(())
    }
}

impl fmt::Debug for WaitForCancellationFuture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForCancellationFuture")
            .field("is_over", &self.cancelled.is_over)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for WaitForCancellationFutureOwned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitForCancellationFutureOwned")
            .field("is_over", &self.cancelled.is_over)
            .finish_non_exhaustive()
    }
}
