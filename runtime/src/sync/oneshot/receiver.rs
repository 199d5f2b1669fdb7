//! The end that receives.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll, ready};

use super::channel::Channel;
use super::error::{RecvError, TryRecvError};
use super::state::{End, Snapshot};
use crate::coop;

/// The future of the one value that its [`Sender`](super::Sender) sends; made by
/// [`channel`](super::channel).
///
/// # Errors
///
/// Awaiting it fails if the sender is dropped without sending, or if the receiver was
/// [closed](Self::close) before anything was sent.
///
/// # Panics
///
/// If it is polled after it was ready, or after [`try_recv`](Self::try_recv) had a value or said that none comes.
///
/// # Cancel safety
///
/// A `&mut Receiver` can be awaited, and that future dropped: if it was not ready, nothing
/// was received.
///
/// # Examples
///
/// ```
/// use runtime::sync::oneshot;
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, receiver) = oneshot::channel();
/// runtime::spawn(async move { sender.send("reply") });
/// assert_eq!(receiver.await, Ok("reply"));
/// # }
/// ```
pub struct Receiver<T> {
    /// Until the value or the error was given out.
    channel: Option<NonNull<Channel<T>>>,
}

// SAFETY: the channel moves the value from thread to thread and never shares it.
unsafe impl<T: Send> Send for Receiver<T> {}
// SAFETY: a shared receiver only reads the channel's state.
unsafe impl<T: Send> Sync for Receiver<T> {}

// A panic of user code leaves no channel half changed.
impl<T> UnwindSafe for Receiver<T> {}
impl<T> RefUnwindSafe for Receiver<T> {}

impl<T> Receiver<T> {
    /// # Safety
    ///
    /// It is the channel's only receiver.
    pub(super) unsafe fn new(channel: NonNull<Channel<T>>) -> Self {
        Receiver {
            channel: Some(channel),
        }
    }

    fn channel(&self) -> Option<&Channel<T>> {
        // SAFETY: the receiver is not gone.
        self.channel.map(|channel| unsafe { channel.as_ref() })
    }

    /// Gives out what `seen` says there is, and lets go of the channel.
    fn receive(&mut self, seen: Snapshot) -> Option<T> {
        let channel = self.channel.take()?;
        // SAFETY: this is the receiver, and it is used up.
        unsafe { Channel::receive(channel, seen) }
    }

    /// Refuses what is sent from now on. What was sent before can still be received.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// let (sender, mut receiver) = oneshot::channel();
    /// receiver.close();
    /// assert_eq!(sender.send(3), Err(3));
    /// assert!(receiver.try_recv().is_err());
    /// ```
    pub fn close(&mut self) {
        if let Some(channel) = self.channel() {
            // SAFETY: this is the receiver, borrowed mutably.
            unsafe { channel.close() };
        }
    }

    /// Returns whether the value or the error was already given out.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (sender, mut receiver) = oneshot::channel();
    /// sender.send(1).unwrap();
    /// assert!(!receiver.is_terminated());
    /// assert_eq!((&mut receiver).await, Ok(1));
    /// assert!(receiver.is_terminated());
    /// # }
    /// ```
    pub fn is_terminated(&self) -> bool {
        self.channel.is_none()
    }

    /// Returns whether there is no value to receive now.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// let (sender, mut receiver) = oneshot::channel();
    /// assert!(receiver.is_empty());
    /// sender.send(1).unwrap();
    /// assert!(!receiver.is_empty());
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// ```
    pub fn is_empty(&self) -> bool {
        !self
            .channel()
            .is_some_and(|channel| channel.snapshot().has_value())
    }

    /// Receives the value if it is there.
    ///
    /// # Errors
    ///
    /// Nothing was sent yet, or nothing will come.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot::{self, error::TryRecvError};
    ///
    /// let (sender, mut receiver) = oneshot::channel();
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    /// sender.send(3).unwrap();
    /// assert_eq!(receiver.try_recv(), Ok(3));
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        let Some(channel) = self.channel() else {
            return Err(TryRecvError::Closed);
        };
        let seen = channel.snapshot();
        if !seen.is_over_for(End::Receiver) {
            return Err(TryRecvError::Empty);
        }
        self.receive(seen).ok_or(TryRecvError::Closed)
    }

    /// Waits for the value on this thread, which sleeps meanwhile.
    ///
    /// # Errors
    ///
    /// As of awaiting it.
    ///
    /// # Panics
    ///
    /// If this thread runs async code, which it would keep from going on.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::oneshot;
    ///
    /// let (sender, receiver) = oneshot::channel();
    /// let thread = std::thread::spawn(move || receiver.blocking_recv());
    /// sender.send(10).unwrap();
    /// assert_eq!(thread.join().unwrap(), Ok(10));
    /// ```
    #[cfg(not(runtime_loom))]
    #[track_caller]
    pub fn blocking_recv(self) -> Result<T, RecvError> {
        crate::sync::blocking::block_on("`.await`", self)
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, RecvError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let coop = ready!(coop::poll_proceed(cx));
        let channel = self
            .channel()
            .expect("a oneshot receiver is not polled after it was ready");
        // SAFETY: this is the receiver, borrowed mutably.
        let seen = ready!(unsafe { channel.poll_over(End::Receiver, cx.waker()) });
        coop.made_progress();
        Poll::Ready(self.receive(seen).ok_or(RecvError(())))
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let Some(channel) = self.channel() else {
            return;
        };
        let mut seen = channel.snapshot();
        if !seen.is_over_for(End::Receiver) {
            // SAFETY: this is the receiver.
            seen = unsafe { channel.close() };
        }
        drop(self.receive(seen));
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("is_empty", &self.is_empty())
            .field("is_terminated", &self.is_terminated())
            .finish_non_exhaustive()
    }
}
