//! The sending halves.

use std::fmt;

use super::Unlimited;
use crate::sync::mpsc::error::SendError;
use crate::sync::mpsc::shared::{Tx, WeakTx};

/// The sending half of an [unbounded channel](super::unbounded_channel). A clone sends to the same
/// receiver.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::unbounded_channel();
/// let clone = tx.clone();
/// std::thread::spawn(move || clone.send("from a thread"));
/// assert_eq!(rx.recv().await, Some("from a thread"));
/// # }
/// ```
pub struct UnboundedSender<T> {
    tx: Tx<T, Unlimited>,
}

/// A sender that does not keep the channel open: it must be [upgraded](Self::upgrade) to send.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::unbounded_channel();
/// let weak = tx.downgrade();
/// if let Some(tx) = weak.upgrade() {
///     tx.send("still open").unwrap();
/// }
/// assert_eq!(rx.recv().await, Some("still open"));
/// # }
/// ```
pub struct WeakUnboundedSender<T> {
    tx: WeakTx<T, Unlimited>,
}

impl<T> UnboundedSender<T> {
    pub(super) fn new(tx: Tx<T, Unlimited>) -> Self {
        UnboundedSender { tx }
    }

    /// Sends a message, without waiting. It may be called anywhere.
    ///
    /// # Errors
    ///
    /// Gives the message back if the receiver has closed the channel or is dropped. A message that was
    /// sent may still not be received: the receiver may be dropped before.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::unbounded_channel();
    /// assert!(tx.send(1).is_ok());
    /// drop(rx);
    /// assert_eq!(tx.send(2).unwrap_err().0, 2);
    /// ```
    #[inline]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        self.tx.send(message).map_err(SendError)
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
    /// let (tx, rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
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
    /// let (tx, rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
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
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let (other, _other_rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// assert!(tx.same_channel(&tx.clone()));
    /// assert!(!tx.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        self.tx.same_channel(&other.tx)
    }

    /// Makes a sender that does not keep the channel open.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let weak = tx.downgrade();
    /// drop(tx);
    /// assert!(rx.is_closed()); // although there is `weak`
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "the sender itself is not changed"]
    pub fn downgrade(&self) -> WeakUnboundedSender<T> {
        WeakUnboundedSender {
            tx: self.tx.downgrade(),
        }
    }

    /// Returns the number of senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let _clone = tx.clone();
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
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let _weak = tx.downgrade();
    /// assert_eq!(tx.weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.tx.shared().weak_count()
    }
}

impl<T> WeakUnboundedSender<T> {
    /// Makes a sender, unless all senders were dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let weak = tx.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(tx);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn upgrade(&self) -> Option<UnboundedSender<T>> {
        self.tx.upgrade().map(UnboundedSender::new)
    }

    /// Returns the number of senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let weak = tx.downgrade();
    /// assert_eq!(weak.strong_count(), 1);
    /// drop(tx);
    /// assert_eq!(weak.strong_count(), 0);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.tx.shared().strong_count()
    }

    /// Returns the number of weak senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::unbounded_channel::<u8>();
    /// let weak = tx.downgrade();
    /// let _clone = weak.clone();
    /// assert_eq!(weak.weak_count(), 2);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.tx.shared().weak_count()
    }
}

impl<T> Clone for UnboundedSender<T> {
    fn clone(&self) -> Self {
        UnboundedSender {
            tx: self.tx.clone(),
        }
    }
}

impl<T> Clone for WeakUnboundedSender<T> {
    fn clone(&self) -> Self {
        WeakUnboundedSender {
            tx: self.tx.clone(),
        }
    }
}

impl<T> fmt::Debug for UnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnboundedSender")
            .field("channel", self.tx.shared())
            .finish()
    }
}

impl<T> fmt::Debug for WeakUnboundedSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakUnboundedSender")
            .finish_non_exhaustive()
    }
}
