//! The receiving half.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::Bound;
use crate::sync::mpsc::error::TryRecvError;
use crate::sync::mpsc::shared::Rx;

/// The receiving half of a [channel](super::channel).
///
/// When it is dropped, what it has not received is dropped.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
/// runtime::spawn(async move {
///     for number in 1..=3 {
///         tx.send(number).await.unwrap();
///     }
/// });
/// let mut sum = 0;
/// while let Some(number) = rx.recv().await {
///     sum += number;
/// }
/// assert_eq!(sum, 6);
/// # }
/// ```
pub struct Receiver<T> {
    rx: Rx<T, Bound>,
}

impl<T> Receiver<T> {
    pub(super) fn new(rx: Rx<T, Bound>) -> Self {
        Receiver { rx }
    }

    /// Waits for the next message. `None` says that no message will come: all senders are dropped
    /// or the channel was [closed](Self::close), and all messages are received.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: a message is received only when it is ready.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// runtime::spawn(async move {
    ///     tx.send("hello").await.unwrap();
    /// });
    /// assert_eq!(rx.recv().await, Some("hello"));
    /// assert_eq!(rx.recv().await, None);
    /// # }
    /// ```
    #[inline]
    pub async fn recv(&mut self) -> Option<T> {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    /// Waits for messages and puts up to `limit` of them behind what is in `buffer`; answers how
    /// many. Zero says that no message will come, unless `limit` is zero.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: messages are received only when it is ready.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// for number in 0..3 {
    ///     tx.send(number).await.unwrap();
    /// }
    /// let mut numbers = Vec::new();
    /// assert_eq!(rx.recv_many(&mut numbers, 2).await, 2);
    /// assert_eq!(rx.recv_many(&mut numbers, 2).await, 1);
    /// assert_eq!(numbers, [0, 1, 2]);
    /// # }
    /// ```
    pub async fn recv_many(&mut self, buffer: &mut Vec<T>, limit: usize) -> usize {
        poll_fn(|cx| self.poll_recv_many(cx, buffer, limit)).await
    }

    /// Receives a message if one is there.
    ///
    /// What was sent before this call is there. If an earlier message is being sent at this moment, the
    /// thread waits for it for an instant.
    ///
    /// # Errors
    ///
    /// [`Empty`](TryRecvError::Empty) if no message is there, and
    /// [`Disconnected`](TryRecvError::Disconnected) if none will come.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::mpsc::error::TryRecvError;
    ///
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// assert_eq!(rx.try_recv(), Err(TryRecvError::Empty));
    /// tx.try_send(1).unwrap();
    /// drop(tx);
    /// assert_eq!(rx.try_recv(), Ok(1));
    /// assert_eq!(rx.try_recv(), Err(TryRecvError::Disconnected));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.rx.try_recv()
    }

    /// Lets nobody send any more, while what was sent can still be received: also
    /// what holders of permits have yet to send. [`recv`](Self::recv) answers `None` when the
    /// permits are used or dropped and the channel is empty.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.send(1).await.unwrap();
    /// rx.close();
    /// assert!(tx.send(2).await.is_err());
    /// assert_eq!(rx.recv().await, Some(1));
    /// assert_eq!(rx.recv().await, None);
    /// # }
    /// ```
    pub fn close(&mut self) {
        self.rx.close();
    }

    /// Returns whether the channel was [closed](Self::close), or all senders are dropped. Messages may be
    /// left.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.try_send(1).unwrap();
    /// assert!(!rx.is_closed());
    /// drop(tx);
    /// assert!(rx.is_closed());
    /// assert_eq!(rx.try_recv(), Ok(1)); // it was sent before
    /// ```
    pub fn is_closed(&self) -> bool {
        self.rx.shared().is_closed()
    }

    /// Returns whether no message is there.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel(8);
    /// assert!(rx.is_empty());
    /// tx.try_send(1).unwrap();
    /// assert!(!rx.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the number of messages that are there, or are being sent at this moment.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel(8);
    /// assert_eq!(rx.len(), 0);
    /// tx.try_send(1).unwrap();
    /// assert_eq!(rx.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.rx.len()
    }

    /// Returns the number of messages that could be sent now without waiting.
    ///
    /// [`Sender::capacity`](super::Sender::capacity) has an example.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.try_send(1).unwrap();
    /// assert_eq!(rx.capacity(), 7);
    /// assert_eq!(rx.try_recv(), Ok(1));
    /// assert_eq!(rx.capacity(), 8);
    /// ```
    pub fn capacity(&self) -> usize {
        self.rx.shared().limit.capacity()
    }

    /// Returns the limit that the channel was made with.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel(8);
    /// tx.try_send(1).unwrap();
    /// assert_eq!(rx.max_capacity(), 8); // full or empty
    /// ```
    pub fn max_capacity(&self) -> usize {
        self.rx.shared().limit.max_capacity()
    }

    /// Receives like [`recv`](Self::recv), for futures written by hand. The waker of the last call is
    /// the one that is woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.send(1).await.unwrap();
    /// assert_eq!(poll_fn(|cx| rx.poll_recv(cx)).await, Some(1));
    /// # }
    /// ```
    #[inline]
    pub fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.rx.poll_recv(cx)
    }

    /// Receives like [`recv_many`](Self::recv_many), for futures written by hand. The waker of the
    /// last call is the one that is woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
    /// tx.send(1).await.unwrap();
    /// tx.send(2).await.unwrap();
    /// let mut messages = Vec::new();
    /// let received = poll_fn(|cx| rx.poll_recv_many(cx, &mut messages, 8)).await;
    /// assert_eq!((received, messages), (2, vec![1, 2]));
    /// # }
    /// ```
    pub fn poll_recv_many(
        &mut self,
        cx: &mut Context<'_>,
        buffer: &mut Vec<T>,
        limit: usize,
    ) -> Poll<usize> {
        self.rx.poll_recv_many(cx, buffer, limit)
    }

    /// Returns the number of senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let clone = tx.clone();
    /// assert_eq!(rx.sender_strong_count(), 2);
    /// drop((tx, clone));
    /// assert_eq!(rx.sender_strong_count(), 0);
    /// ```
    pub fn sender_strong_count(&self) -> usize {
        self.rx.shared().strong_count()
    }

    /// Returns the number of weak senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let _weak = tx.downgrade();
    /// assert_eq!(rx.sender_weak_count(), 1);
    /// ```
    pub fn sender_weak_count(&self) -> usize {
        self.rx.shared().weak_count()
    }
}

/// Gives the messages in order, as [`recv`](Receiver::recv) does, and takes part in the budget as it
/// does.
impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.poll_recv(cx)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.rx.size_hint()
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("channel", self.rx.shared())
            .finish_non_exhaustive()
    }
}
