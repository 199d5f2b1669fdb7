//! The side that watches the value.

use super::error::RecvError;
use super::shared::{Channel, WaiterShard};
use super::value_ref::Ref;
use super::version::Version;
use crate::coop::cooperative;
use crate::primitive::sync::Arc;

/// Sees the newest value and waits for changes; see the [module](super).
///
/// It can be cloned; a clone has seen what the original has.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch;
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, mut receiver) = watch::channel(1);
/// sender.send(2).unwrap();
/// sender.send(3).unwrap();
/// receiver.changed().await.unwrap();
/// assert_eq!(*receiver.borrow_and_update(), 3); // only the newest
/// # }
/// ```
#[derive(Debug)]
pub struct Receiver<T> {
    shared: Arc<Channel<T>>,
    seen: Version,
    seat: WaiterShard,
}

impl<T> Receiver<T> {
    pub(super) fn new(shared: Arc<Channel<T>>, seen: Version) -> Self {
        let seat = shared.add_receiver();
        Receiver { shared, seen, seat }
    }

    /// Reads the current value without marking it as seen.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// assert_eq!(*receiver.borrow(), 1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow(), 2);
    /// assert!(receiver.has_changed().unwrap()); // it is not marked as seen
    /// ```
    pub fn borrow(&self) -> Ref<'_, T> {
        let value = self.shared.value.read();
        let has_changed = self.current() != self.seen;
        Ref::new(value, has_changed)
    }

    /// Reads the current value and marks it as seen.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// assert_eq!(*receiver.borrow_and_update(), 2);
    /// assert!(!receiver.has_changed().unwrap());
    /// ```
    pub fn borrow_and_update(&mut self) -> Ref<'_, T> {
        let value = self.shared.value.read();
        let current = self.shared.state.load().version;
        let seen = std::mem::replace(&mut self.seen, current);
        Ref::new(value, seen != current)
    }

    /// Returns whether there is a value that this receiver has not seen.
    ///
    /// A value counts as new also if it equals the one before.
    ///
    /// # Errors
    ///
    /// If all senders are gone, even if the last value was not seen.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// let (sender, receiver) = watch::channel(1);
    /// assert!(!receiver.has_changed().unwrap());
    /// sender.send(1).unwrap();
    /// assert!(receiver.has_changed().unwrap());
    /// drop(sender);
    /// assert!(receiver.has_changed().is_err());
    /// ```
    pub fn has_changed(&self) -> Result<bool, RecvError> {
        let now = self.shared.state.load();
        if now.is_closed {
            return Err(RecvError(()));
        }
        Ok(now.version != self.seen)
    }

    /// Returns whether all senders are gone.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// assert!(!receiver.is_closed());
    /// drop(sender);
    /// assert!(receiver.is_closed());
    /// assert_eq!(*receiver.borrow(), 1); // the last value stays
    /// ```
    pub fn is_closed(&self) -> bool {
        self.shared.state.load().is_closed
    }

    /// Marks the current value as not seen: [`changed`](Self::changed) is ready at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (sender, _) = watch::channel(1);
    /// let mut receiver = sender.subscribe();
    /// receiver.mark_changed(); // let the loop begin with the value that is there
    /// receiver.changed().await.unwrap();
    /// assert_eq!(*receiver.borrow_and_update(), 1);
    /// # }
    /// ```
    pub fn mark_changed(&mut self) {
        self.seen = self.current().previous();
    }

    /// Marks the current value as seen.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::watch::channel(1);
    /// sender.send(2).unwrap();
    /// receiver.mark_unchanged();
    /// assert!(!receiver.has_changed().unwrap());
    /// ```
    pub fn mark_unchanged(&mut self) {
        self.seen = self.current();
    }

    /// Waits until there is a value that this receiver has not seen, and marks it as seen.
    ///
    /// # Errors
    ///
    /// If all senders are gone and the last value was seen.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: a value is marked as seen only when the future is ready.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (sender, mut receiver) = runtime::sync::watch::channel("starting");
    /// let task = runtime::spawn(async move {
    ///     receiver.changed().await.unwrap();
    ///     *receiver.borrow()
    /// });
    /// sender.send("ready").unwrap();
    /// assert_eq!(task.await.unwrap(), "ready");
    /// # }
    /// ```
    pub async fn changed(&mut self) -> Result<(), RecvError> {
        cooperative(self.shared.changed(self.seat, &mut self.seen)).await
    }

    /// Waits until `f` returns `true` for the value, and returns it, marked as seen.
    ///
    /// `f` is first called on the current value, seen or not, and then on each that it finds; what was
    /// replaced before it could be looked at is skipped. It runs under the read lock.
    ///
    /// # Blocking
    ///
    /// The value is locked for reading while `f` looks at it: `f` waits for ever if it sends on this channel, and if
    /// it borrows the value when a sender waits already.
    ///
    /// # Errors
    ///
    /// If all senders are gone and `f` has returned `false` for the last value.
    ///
    /// # Panics
    ///
    /// If `f` does; the channel goes on working.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: the last value that it has marked as seen did not satisfy `f`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::watch;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (sender, mut receiver) = watch::channel(0);
    /// runtime::spawn(async move {
    ///     for percent in [20, 60, 100] {
    ///         sender.send_replace(percent);
    ///     }
    /// });
    /// let percent = *receiver.wait_for(|&percent| percent >= 50).await.unwrap();
    /// assert!(percent >= 50);
    /// # }
    /// ```
    pub async fn wait_for(&mut self, f: impl FnMut(&T) -> bool) -> Result<Ref<'_, T>, RecvError> {
        cooperative(self.find(f)).await
    }

    async fn find(&mut self, mut f: impl FnMut(&T) -> bool) -> Result<Ref<'_, T>, RecvError> {
        let mut end = Ok(());
        loop {
            {
                let value = self.shared.value.read();
                let current = self.shared.state.load().version;
                let has_changed = std::mem::replace(&mut self.seen, current) != current;
                let is_examined = end.is_err() && !has_changed;
                if !is_examined && f(&value) {
                    return Ok(Ref::new(value, has_changed));
                }
            }
            end?;
            // What comes is marked as seen when it is examined.
            let mut seen = self.seen;
            end = self.shared.changed(self.seat, &mut seen).await;
        }
    }

    /// Returns whether both watch the same channel.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::watch::channel(1);
    /// let (_other_sender, other) = runtime::sync::watch::channel(1);
    /// assert!(receiver.same_channel(&sender.subscribe()));
    /// assert!(!receiver.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    fn current(&self) -> Version {
        self.shared.state.load().version
    }
}

impl<T> Clone for Receiver<T> {
    fn clone(&self) -> Self {
        Receiver::new(self.shared.clone(), self.seen)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.remove_receiver();
    }
}
