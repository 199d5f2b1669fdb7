//! The side that changes the value.

use super::error::SendError;
use super::receiver::Receiver;
use super::shared::Channel;
use super::value_ref::Ref;
use crate::coop::cooperative;
use crate::primitive::sync::Arc;

/// Sends values; see the [module](super).
///
/// It can be cloned. The channel is closed for receivers when the last clone is dropped.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch;
///
/// let (sender, receiver) = watch::channel("starting");
/// let clone = sender.clone();
/// clone.send("ready").unwrap();
/// assert_eq!(*receiver.borrow(), "ready");
/// drop((sender, clone));
/// assert!(receiver.is_closed());
/// ```
#[derive(Debug)]
pub struct Sender<T> {
    shared: Arc<Channel<T>>,
}

impl<T> Sender<T> {
    /// Makes a channel without a receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// let sender = watch::Sender::new(0);
    /// assert!(sender.send(1).is_err());
    /// let receiver = sender.subscribe();
    /// assert!(sender.send(2).is_ok());
    /// assert_eq!(*receiver.borrow(), 2);
    /// ```
    pub fn new(init: T) -> Self {
        Sender {
            shared: Arc::new(Channel::new(init)),
        }
    }

    /// Replaces the value and wakes all receivers.
    ///
    /// It blocks while somebody holds a [`Ref`]. The old value is dropped here.
    ///
    /// # Errors
    ///
    /// If there is no receiver; the value is not kept then and comes back in the error. The other methods that change
    /// the value need no receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow(), 2);
    /// drop(receiver);
    /// assert_eq!(sender.send(3).unwrap_err().0, 3);
    /// ```
    pub fn send(&self, value: T) -> Result<(), SendError<T>> {
        if self.is_closed() {
            return Err(SendError(value));
        }
        self.send_replace(value);
        Ok(())
    }

    /// Changes the value in place and wakes all receivers.
    ///
    /// # Blocking
    ///
    /// The value is locked meanwhile. `modify` waits for ever if it sends on this channel, borrows its value, or drops a
    /// part of the value whose drop does so: take that out and drop it afterwards.
    ///
    /// # Panics
    ///
    /// If `modify` does; what it has changed until then is kept, and nobody is woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// let (requests, receiver) = watch::channel(0);
    /// requests.send_modify(|count| *count += 1);
    /// assert_eq!(*receiver.borrow(), 1);
    /// ```
    pub fn send_modify<F>(&self, modify: F)
    where
        F: FnOnce(&mut T),
    {
        self.send_if_modified(|value| {
            modify(value);
            true
        });
    }

    /// Lets `modify` change the value in place, and wakes all receivers if it returns `true`; returns what it
    /// returned.
    ///
    /// # Blocking
    ///
    /// As for [`send_modify`](Self::send_modify).
    ///
    /// # Panics
    ///
    /// If `modify` does; what it has changed until then is kept, and nobody is woken.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// let (highest, receiver) = watch::channel(5);
    /// let report = |new: u32| {
    ///     highest.send_if_modified(|old: &mut u32| {
    ///         let is_higher = new > *old;
    ///         *old = new.max(*old);
    ///         is_higher
    ///     })
    /// };
    /// assert!(!report(3));
    /// assert!(!receiver.has_changed().unwrap());
    /// assert!(report(8));
    /// assert!(receiver.has_changed().unwrap());
    /// ```
    pub fn send_if_modified<F>(&self, modify: F) -> bool
    where
        F: FnOnce(&mut T) -> bool,
    {
        let mut value = self.shared.value.write();
        if !modify(&mut value) {
            return false;
        }
        self.shared.state.next();
        drop(value);
        self.shared.call_receivers();
        true
    }

    /// Replaces the value, wakes all receivers, and returns the old value.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel("old");
    /// drop(receiver); // it needs none
    /// assert_eq!(sender.send_replace("new"), "old");
    /// assert_eq!(*sender.borrow(), "new");
    /// ```
    pub fn send_replace(&self, mut value: T) -> T {
        self.send_modify(|current| std::mem::swap(current, &mut value));
        value
    }

    /// Reads the current value.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::watch::channel(1);
    /// assert_eq!(*sender.borrow(), 1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*sender.borrow(), 2);
    /// ```
    pub fn borrow(&self) -> Ref<'_, T> {
        Ref::new(self.shared.value.read(), false)
    }

    /// Returns whether there is no receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// assert!(!sender.is_closed());
    /// drop(receiver);
    /// assert!(sender.is_closed());
    /// ```
    pub fn is_closed(&self) -> bool {
        self.receiver_count() == 0
    }

    /// Waits until there is no receiver.
    ///
    /// If somebody subscribes right after the last receiver has gone, it may or may not notice that.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (sender, receiver) = watch::channel(());
    /// runtime::spawn(async move { drop(receiver) });
    /// sender.closed().await;
    /// # }
    /// ```
    pub async fn closed(&self) {
        cooperative(self.shared.unwatched()).await;
    }

    /// Makes a receiver that has seen the current value.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// let late = sender.subscribe();
    /// assert_eq!(*late.borrow(), 2);
    /// assert!(!late.has_changed().unwrap());
    /// assert!(receiver.has_changed().unwrap());
    /// ```
    pub fn subscribe(&self) -> Receiver<T> {
        Receiver::new(self.shared.clone(), self.shared.state.load().version)
    }

    /// Returns how many receivers there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// let _clone = receiver.clone();
    /// assert_eq!(sender.receiver_count(), 2);
    /// ```
    pub fn receiver_count(&self) -> usize {
        self.shared.receivers()
    }

    /// Returns how many senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::watch::channel(1);
    /// let _clone = sender.clone();
    /// assert_eq!(sender.sender_count(), 2);
    /// ```
    pub fn sender_count(&self) -> usize {
        self.shared.senders()
    }

    /// Returns whether both send into the same channel.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, _receiver) = runtime::sync::watch::channel(1);
    /// let (other, _other_receiver) = runtime::sync::watch::channel(1);
    /// assert!(sender.same_channel(&sender.clone()));
    /// assert!(!sender.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        self.shared.add_sender();
        Sender {
            shared: self.shared.clone(),
        }
    }
}

impl<T: Default> Default for Sender<T> {
    fn default() -> Self {
        Sender::new(T::default())
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.shared.remove_sender();
    }
}
