//! The futures that wait for a notification.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Notify, Wait};
use crate::primitive::StdArc as Arc;

pin_project! {
    /// Waits for a notification; made by [`Notify::notified`].
    ///
    /// Once ready, it stays so.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::{Notify, futures::Notified};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Notify::new();
    /// let early: Notified<'_> = notify.notified();
    /// notify.notify_waiters();
    /// early.await; // it was made before the call
    /// # }
    /// ```
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct Notified<'a> {
        #[pin]
        wait: Wait<&'a Notify>,
    }
}

impl<'a> Notified<'a> {
    pub(super) fn new(notify: &'a Notify) -> Self {
        let wait = Wait::new(notify);
        Notified { wait }
    }

    /// Enters the queue now, and returns whether the future is ready.
    ///
    /// Only who is in the queue is sure to be served by [`notify_one`](Notify::notify_one) and
    /// [`notify_last`](Notify::notify_last). A future enters it when it is polled first; this does it
    /// earlier, without a waker. [`notify_waiters`](Notify::notify_waiters) also reaches futures that
    /// have done neither.
    ///
    /// It returns `true` if a permit was stored, which it takes, or if the future has been notified. Polling
    /// is then ready at once.
    ///
    /// # Examples
    ///
    /// Several receivers look for a message, and only then wait. Whoever is in the queue before
    /// it looks cannot miss one:
    ///
    /// ```
    /// use std::{collections::VecDeque, pin::pin, sync::Mutex};
    /// use runtime::sync::Notify;
    ///
    /// async fn receive(messages: &Mutex<VecDeque<u32>>, sent: &Notify) -> u32 {
    ///     loop {
    ///         let mut notified = pin!(sent.notified());
    ///         notified.as_mut().enable();
    ///         if let Some(message) = messages.lock().unwrap().pop_front() {
    ///             return message;
    ///         }
    ///         notified.await;
    ///     }
    /// }
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (messages, sent) = (Mutex::new(VecDeque::from([7])), Notify::new());
    /// sent.notify_one();
    /// assert_eq!(receive(&messages, &sent).await, 7);
    /// # }
    /// ```
    pub fn enable(self: Pin<&mut Self>) -> bool {
        self.project().wait.enable()
    }
}

impl Future for Notified<'_> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().wait.poll_in_budget(cx)
    }
}

impl fmt::Debug for Notified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wait.describe("Notified", f)
    }
}

pin_project! {
    /// Waits for a notification and keeps the [`Notify`] alive; made by [`Notify::notified_owned`].
    ///
    /// Once ready, it stays so.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use runtime::sync::{Notify, futures::OwnedNotified};
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let notify = Arc::new(Notify::new());
    /// let early: OwnedNotified = notify.clone().notified_owned();
    /// notify.notify_waiters();
    /// early.await; // it was made before the call
    /// # }
    /// ```
    #[must_use = "futures do nothing unless polled or awaited"]
    pub struct OwnedNotified {
        #[pin]
        wait: Wait<Arc<Notify>>,
    }
}

impl OwnedNotified {
    pub(super) fn new(notify: Arc<Notify>) -> Self {
        let wait = Wait::new(notify);
        OwnedNotified { wait }
    }

    /// Enters the queue now, and returns whether the future is ready; see [`Notified::enable`].
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{pin::pin, sync::Arc};
    /// use runtime::sync::Notify;
    ///
    /// let notify = Arc::new(Notify::new());
    /// let mut notified = pin!(notify.clone().notified_owned());
    /// assert!(!notified.as_mut().enable()); // in the queue, without having been polled
    /// notify.notify_one();
    /// assert!(notified.as_mut().enable());
    /// ```
    pub fn enable(self: Pin<&mut Self>) -> bool {
        self.project().wait.enable()
    }
}

impl Future for OwnedNotified {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().wait.poll_in_budget(cx)
    }
}

impl fmt::Debug for OwnedNotified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.wait.describe("OwnedNotified", f)
    }
}
