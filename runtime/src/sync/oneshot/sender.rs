//! The end that sends.

use std::fmt;
use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::task::{Context, Poll, ready};

use super::channel::Channel;
use super::state::End;
use crate::coop;

/// Sends one value to its [`Receiver`](super::Receiver); made by [`channel`](super::channel).
///
/// Dropped without sending, it ends the receiver with an error.
///
/// [`send`](Self::send) uses it up. To send from a `Drop`, keep it in an `Option` and take it out there.
///
/// # Examples
///
/// ```
/// use runtime::sync::oneshot;
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, receiver) = oneshot::channel();
/// let task = runtime::spawn(async move { receiver.await.unwrap_or("no reply") });
/// drop(sender); // without sending
/// assert_eq!(task.await.unwrap(), "no reply");
/// # }
/// ```
pub struct Sender<T> {
    channel: NonNull<Channel<T>>,
}

// SAFETY: the channel moves the value from thread to thread and never shares it.
unsafe impl<T: Send> Send for Sender<T> {}
// SAFETY: a shared sender only reads the channel's state.
unsafe impl<T: Send> Sync for Sender<T> {}

// A panic of user code leaves no channel half changed.
impl<T> UnwindSafe for Sender<T> {}
impl<T> RefUnwindSafe for Sender<T> {}

impl<T> Sender<T> {
    /// # Safety
    ///
    /// It is the channel's only sender.
    pub(super) unsafe fn new(channel: NonNull<Channel<T>>) -> Self {
        Sender { channel }
    }

    fn channel(&self) -> &Channel<T> {
        // SAFETY: the sender is not gone.
        unsafe { self.channel.as_ref() }
    }

    /// Sends the value.
    ///
    /// `Ok` does not mean that the value will be received: the receiver may still be dropped.
    ///
    /// # Errors
    ///
    /// The receiver was closed or dropped before; the value comes back.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// let (sender, receiver) = oneshot::channel();
    /// drop(receiver);
    /// assert_eq!(sender.send(3), Err(3));
    /// ```
    pub fn send(self, value: T) -> Result<(), T> {
        let sender = ManuallyDrop::new(self);
        // SAFETY: this is the sender, and it is used up.
        let sent = unsafe { Channel::complete(sender.channel, Some(value)) };
        sent.map_err(|value| value.expect("what was given comes back"))
    }

    /// Waits until the receiver is closed or dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let (mut sender, receiver) = oneshot::channel::<u8>();
    ///     runtime::spawn(async move { drop(receiver) });
    ///     sender.closed().await;
    ///     assert!(sender.is_closed());
    /// }
    /// ```
    pub async fn closed(&mut self) {
        poll_fn(|cx| self.poll_closed(cx)).await;
    }

    /// Returns whether the receiver is closed or dropped, so that [`send`](Self::send) would fail.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// let (sender, receiver) = oneshot::channel();
    /// assert!(!sender.is_closed());
    /// drop(receiver);
    /// assert!(sender.is_closed());
    /// assert_eq!(sender.send(1), Err(1));
    /// ```
    pub fn is_closed(&self) -> bool {
        self.channel().snapshot().is_closed()
    }

    /// Asks whether the receiver is closed or dropped; if not, the task is woken when it is.
    ///
    /// Only the task that asked last is woken. `Pending` may also mean that the task has spent its
    /// [budget](crate::task::coop); then it is woken at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::sync::oneshot;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (mut sender, receiver) = oneshot::channel::<u32>();
    /// runtime::spawn(async move { drop(receiver) });
    /// poll_fn(|cx| sender.poll_closed(cx)).await;
    /// assert!(sender.is_closed());
    /// # }
    /// ```
    pub fn poll_closed(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let coop = ready!(coop::poll_proceed(cx));
        // SAFETY: this is the sender, borrowed mutably.
        ready!(unsafe { self.channel().poll_over(End::Sender, cx.waker()) });
        coop.made_progress();
        Poll::Ready(())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        // SAFETY: this is the sender, and it is used up. That the receiver was closed is no news.
        let _ = unsafe { Channel::complete(self.channel, None) };
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("is_closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}
