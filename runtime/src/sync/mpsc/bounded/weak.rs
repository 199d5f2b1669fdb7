//! The sending half that keeps no channel open.

use std::fmt;

use super::{Bound, Sender};
use crate::sync::mpsc::shared::WeakTx;

/// A sender that does not keep the channel open: it must be [upgraded](Self::upgrade) to send.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
/// let weak = tx.downgrade();
/// if let Some(tx) = weak.upgrade() {
///     tx.send("still open").await.unwrap();
/// }
/// assert_eq!(rx.recv().await, Some("still open"));
/// # }
/// ```
pub struct WeakSender<T> {
    tx: WeakTx<T, Bound>,
}

impl<T> WeakSender<T> {
    pub(super) fn new(tx: WeakTx<T, Bound>) -> Self {
        WeakSender { tx }
    }

    /// Makes a sender, unless all senders were dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let weak = tx.downgrade();
    /// assert!(weak.upgrade().is_some());
    /// drop(tx);
    /// assert!(weak.upgrade().is_none());
    /// ```
    pub fn upgrade(&self) -> Option<Sender<T>> {
        self.tx.upgrade().map(Sender::new)
    }

    /// Returns the number of senders.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
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
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(8);
    /// let weak = tx.downgrade();
    /// let _clone = weak.clone();
    /// assert_eq!(weak.weak_count(), 2);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.tx.shared().weak_count()
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        WeakSender {
            tx: self.tx.clone(),
        }
    }
}

impl<T> fmt::Debug for WeakSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSender").finish_non_exhaustive()
    }
}
