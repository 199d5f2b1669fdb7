//! The sending half that keeps no channel open.

use std::fmt;

use super::{Bound, Sender};
use crate::sync::mpsc::shared::WeakTx;

/// A sender that does not keep the channel open: it must be [upgraded](Self::upgrade) to send.
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
    pub fn strong_count(&self) -> usize {
        self.tx.shared().strong_count()
    }

    /// Returns the number of weak senders.
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
