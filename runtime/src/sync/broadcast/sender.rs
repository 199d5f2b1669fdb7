//! The end that sends.

use std::fmt;

use super::closed::Closed;
use super::error::SendError;
use super::receiver::Receiver;
use super::shared::Channel;
use super::weak_sender::WeakSender;
use crate::primitive::sync::Arc;

/// Sends values that every [`Receiver`] gets; made by [`channel`](super::channel) or
/// [`new`](Self::new).
///
/// It can be cloned and shared. When the last one is dropped, the receivers get what is left and then the end.
///
/// # Examples
///
/// ```
/// use runtime::sync::broadcast;
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, mut receiver) = broadcast::channel(16);
/// let clone = sender.clone();
/// sender.send(1).unwrap();
/// clone.send(2).unwrap();
/// assert_eq!(receiver.recv().await, Ok(1));
/// assert_eq!(receiver.recv().await, Ok(2));
/// # }
/// ```
pub struct Sender<T> {
    shared: Arc<Channel<T>>,
}

impl<T> Sender<T> {
    /// Makes a channel as [`channel`](super::channel) does, without a receiver.
    ///
    /// # Panics
    ///
    /// If `capacity` is zero or above `usize::MAX / 2`.
    ///
    /// # Examples
    ///
    /// ```
    /// let sender = runtime::sync::broadcast::Sender::new(16);
    /// assert!(sender.send('x').is_err());
    /// let mut receiver = sender.subscribe();
    /// sender.send('y').unwrap();
    /// assert_eq!(receiver.try_recv(), Ok('y'));
    /// ```
    #[track_caller]
    pub fn new(capacity: usize) -> Self {
        Sender::counted(Arc::new(Channel::new(capacity)))
    }

    /// A sender that is counted already.
    pub(super) fn counted(shared: Arc<Channel<T>>) -> Self {
        Sender { shared }
    }

    /// Sends a value to all receivers there are; returns how many that are.
    ///
    /// Not all of them need get it: one may be dropped before, or lag too far behind. If the ring is
    /// full, the oldest value makes room.
    ///
    /// # Errors
    ///
    /// There is no receiver; the value comes back. A later `send` may find one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::broadcast;
    ///
    /// let (sender, mut first) = broadcast::channel(16);
    /// let mut second = sender.subscribe();
    /// assert_eq!(sender.send('x').unwrap(), 2);
    /// assert_eq!(first.try_recv(), Ok('x'));
    /// assert_eq!(second.try_recv(), Ok('x'));
    /// ```
    pub fn send(&self, value: T) -> Result<usize, SendError<T>> {
        self.shared.send(value)
    }

    /// Makes a receiver of what is sent from now on.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::broadcast;
    ///
    /// let (sender, _first) = broadcast::channel(16);
    /// sender.send('x').unwrap();
    /// let mut second = sender.subscribe();
    /// sender.send('y').unwrap();
    /// assert_eq!(second.try_recv(), Ok('y'));
    /// ```
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(self.shared.clone())
    }

    /// Returns a sender that does not keep the channel open.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let weak = sender.downgrade();
    /// drop(sender);
    /// assert!(receiver.is_closed()); // although there is `weak`
    /// assert!(weak.upgrade().is_none());
    /// ```
    #[must_use = "the sender itself is still there"]
    pub fn downgrade(&self) -> WeakSender<T> {
        WeakSender::new(self.shared.clone())
    }

    /// Returns how many values are in the ring that some receiver has not seen yet.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// sender.send('x').unwrap();
    /// sender.send('y').unwrap();
    /// assert_eq!(sender.len(), 2);
    /// receiver.try_recv().unwrap();
    /// assert_eq!(sender.len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.shared.unseen()
    }

    /// Returns whether all receivers have seen all values.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// sender.send(1).unwrap();
    /// assert!(!sender.is_empty());
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// assert!(sender.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        !self.shared.has_unseen()
    }

    /// Returns how many receivers there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let other = sender.subscribe();
    /// assert_eq!(sender.receiver_count(), 2);
    /// drop((receiver, other));
    /// assert_eq!(sender.receiver_count(), 0);
    /// ```
    pub fn receiver_count(&self) -> usize {
        self.shared.tail.lock().receivers
    }

    /// Returns whether both are senders of one channel.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let (other, _other_receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// assert!(sender.same_channel(&sender.clone()));
    /// assert!(!sender.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Waits until there is no receiver.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// #[runtime::main]
    /// async fn main() {
    ///     let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    ///     runtime::spawn(async move { drop(receiver) });
    ///     sender.closed().await;
    ///     assert_eq!(sender.receiver_count(), 0);
    /// }
    /// ```
    pub async fn closed(&self) {
        Closed::new(&self.shared).await;
    }

    /// Returns how many senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let clone = sender.clone();
    /// assert_eq!(sender.strong_count(), 2);
    /// drop(clone);
    /// assert_eq!(sender.strong_count(), 1);
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
    /// assert_eq!(sender.weak_count(), 1);
    /// drop(weak);
    /// assert_eq!(sender.weak_count(), 0);
    /// ```
    pub fn weak_count(&self) -> usize {
        self.shared.senders.weak()
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.shared.senders.add();
        Sender::counted(self.shared.clone())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.shared.remove_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sender").field(&self.shared).finish()
    }
}
