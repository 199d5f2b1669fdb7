//! A sender that does not keep the channel open.

use std::fmt;

use super::sender::Sender;
use super::shared::Channel;
use crate::primitive::sync::Arc;

/// Becomes a [`Sender`] again while there is one; made by [`Sender::downgrade`].
///
/// # Examples
///
/// ```
/// let (sender, _receiver) = runtime::sync::broadcast::channel::<u8>(16);
/// let weak = sender.downgrade();
/// assert!(weak.upgrade().is_some());
/// drop(sender);
/// assert!(weak.upgrade().is_none());
/// ```
pub struct WeakSender<T> {
    shared: Arc<Channel<T>>,
}

impl<T> WeakSender<T> {
    pub(super) fn new(shared: Arc<Channel<T>>) -> Self {
        shared.senders.add_weak();
        WeakSender { shared }
    }

    /// Returns a sender, or `None` if all are gone.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// let weak = sender.downgrade();
    /// if let Some(sender) = weak.upgrade() {
    ///     sender.send("still open").unwrap();
    /// }
    /// assert_eq!(receiver.try_recv(), Ok("still open"));
    /// ```
    #[must_use]
    pub fn upgrade(&self) -> Option<Sender<T>> {
        let there_is_one = self.shared.senders.try_add();
        there_is_one.then(|| Sender::counted(self.shared.clone()))
    }

    /// Returns how many senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let weak = sender.downgrade();
    /// assert_eq!(weak.strong_count(), 1);
    /// drop(sender);
    /// assert_eq!(weak.strong_count(), 0);
    /// ```
    pub fn strong_count(&self) -> usize {
        self.shared.senders.strong()
    }

    /// Returns how many weak senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let weak = sender.downgrade();
    /// let clone = weak.clone();
    /// assert_eq!(weak.weak_count(), 2);
    /// drop(clone);
    /// assert_eq!(weak.weak_count(), 1);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.shared.senders.weak()
    }
}

impl<T> Clone for WeakSender<T> {
    fn clone(&self) -> Self {
        WeakSender::new(self.shared.clone())
    }
}

impl<T> Drop for WeakSender<T> {
    fn drop(&mut self) {
        self.shared.senders.remove_weak();
    }
}

impl<T> fmt::Debug for WeakSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WeakSender").finish_non_exhaustive()
    }
}
