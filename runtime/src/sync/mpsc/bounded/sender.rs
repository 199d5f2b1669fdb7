//! The sending half.

use std::fmt;

use super::{Bound, WeakSender};
use crate::sync::mpsc::error::{SendError, TrySendError};
use crate::sync::mpsc::shared::Tx;

/// The sending half of a [channel](super::channel). A clone sends to the same receiver.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
/// for number in [1, 2] {
///     let tx = tx.clone();
///     runtime::spawn(async move { tx.send(number).await });
/// }
/// drop(tx); // the tasks have senders of their own
/// let mut sum = 0;
/// while let Some(number) = rx.recv().await {
///     sum += number;
/// }
/// assert_eq!(sum, 3);
/// # }
/// ```
pub struct Sender<T> {
    pub(super) tx: Tx<T, Bound>,
}

impl<T> Sender<T> {
    pub(super) fn new(tx: Tx<T, Bound>) -> Self {
        Sender { tx }
    }

    /// Sends a message; waits until there is room for it. Who waits longest is first.
    ///
    /// # Errors
    ///
    /// Gives the message back if the receiver has closed the channel or is dropped, also while this
    /// waits. A message that was sent may still not be received: the receiver may be dropped before.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, the message was not sent; it is dropped too, and the place
    /// in the queue is lost. [`reserve`](Self::reserve) waits without a message.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// runtime::spawn(async move {
    ///     tx.send("first").await.unwrap();
    ///     tx.send("second").await.unwrap(); // waits for the receiver
    /// });
    /// assert_eq!(rx.recv().await, Some("first"));
    /// assert_eq!(rx.recv().await, Some("second"));
    /// # }
    /// ```
    #[inline]
    pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
        match self.wait_for_room(1).await {
            Ok(()) => {
                self.send_with_permit(value);
                Ok(())
            }
            Err(_) => Err(SendError(value)),
        }
    }

    /// Sends a message if there is room for it now.
    ///
    /// # Errors
    ///
    /// Gives the message back: as [`Full`](TrySendError::Full) if there is no room or others wait for
    /// it, as [`Closed`](TrySendError::Closed) if the receiver has closed the channel or is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::mpsc::{channel, error::TrySendError};
    ///
    /// let (tx, rx) = channel(1);
    /// tx.try_send("first").unwrap();
    /// assert_eq!(tx.try_send("second"), Err(TrySendError::Full("second")));
    /// drop(rx);
    /// assert_eq!(tx.try_send("second"), Err(TrySendError::Closed("second")));
    /// ```
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        match self.take_room(1) {
            Ok(()) => {
                self.send_with_permit(message);
                Ok(())
            }
            Err(TrySendError::Full(())) => Err(TrySendError::Full(message)),
            Err(TrySendError::Closed(())) => Err(TrySendError::Closed(message)),
        }
    }

    /// Waits until the receiver has closed the channel or is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// runtime::spawn(async move { drop(rx) });
    /// tx.closed().await;
    /// assert!(tx.is_closed());
    /// # }
    /// ```
    pub async fn closed(&self) {
        self.tx.closed().await;
    }

    /// Returns whether the receiver has closed the channel or is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// assert!(!tx.is_closed());
    /// drop(rx);
    /// assert!(tx.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.tx.shared().is_closed()
    }

    /// Returns whether both send to the same receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let (other, _other_rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// assert!(tx.same_channel(&tx.clone()));
    /// assert!(!tx.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        self.tx.same_channel(&other.tx)
    }

    /// Returns the number of messages that could be sent now without waiting. Permits that were reserved
    /// and messages that were not received take room.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(5);
    /// let permit = tx.try_reserve().unwrap();
    /// tx.try_send("message").unwrap();
    /// assert_eq!((tx.capacity(), tx.max_capacity()), (3, 5));
    /// rx.try_recv().unwrap();
    /// drop(permit);
    /// assert_eq!(tx.capacity(), 5);
    /// ```
    pub fn capacity(&self) -> usize {
        self.tx.shared().limit.capacity()
    }

    /// Returns the limit that the channel was made with.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel(8);
    /// tx.try_send(1).unwrap();
    /// assert_eq!(tx.max_capacity(), 8); // full or empty
    /// ```
    pub fn max_capacity(&self) -> usize {
        self.tx.shared().limit.max_capacity()
    }

    /// Makes a sender that does not keep the channel open.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let weak = tx.downgrade();
    /// drop(tx);
    /// assert!(rx.is_closed()); // although there is `weak`
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "the sender itself is not changed"]
    pub fn downgrade(&self) -> WeakSender<T> {
        WeakSender::new(self.tx.downgrade())
    }

    /// Returns the number of senders. An [`OwnedPermit`](super::OwnedPermit) counts as one.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// assert_eq!(tx.strong_count(), 1);
    /// let _permit = tx.clone().try_reserve_owned().unwrap();
    /// assert_eq!(tx.strong_count(), 2);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.tx.shared().strong_count()
    }

    /// Returns the number of weak senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let _weak = tx.downgrade();
    /// assert_eq!(tx.weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.tx.shared().weak_count()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Sender {
            tx: self.tx.clone(),
        }
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("channel", self.tx.shared())
            .finish()
    }
}
