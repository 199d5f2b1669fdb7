//! Permits: room for messages that are yet to come.

use std::fmt;
use std::iter::FusedIterator;
use std::mem;

use super::Sender;

/// Room for one message. Made by [`Sender::reserve`] and [`Sender::try_reserve`].
///
/// Dropping it gives the room to others. Sending works even after the receiver has closed the
/// channel: it waits for what was reserved before.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
/// let permit = tx.reserve().await.unwrap();
/// assert!(tx.try_send("no room").is_err());
/// permit.send("reserved");
/// assert_eq!(rx.recv().await, Some("reserved"));
/// # }
/// ```
pub struct Permit<'a, T> {
    sender: &'a Sender<T>,
}

/// Room for several messages. Made by [`Sender::reserve_many`] and [`Sender::try_reserve_many`].
///
/// Dropping it gives what is left to others.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(8);
/// for (number, permit) in tx.reserve_many(2).await.unwrap().enumerate() {
///     permit.send(number);
/// }
/// assert_eq!(rx.recv().await, Some(0));
/// assert_eq!(rx.recv().await, Some(1));
/// # }
/// ```
pub struct PermitIterator<'a, T> {
    sender: &'a Sender<T>,
    left: usize,
}

/// Room for one message, together with a sender. Made by [`Sender::reserve_owned`] and
/// [`Sender::try_reserve_owned`].
///
/// Dropping it gives the room to others, and drops the sender.
///
/// # Examples
///
/// ```
/// # #[runtime::main]
/// # async fn main() {
/// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
/// let permit = tx.reserve_owned().await.unwrap();
/// runtime::spawn(async move {
///     permit.send("from elsewhere");
/// });
/// assert_eq!(rx.recv().await, Some("from elsewhere"));
/// # }
/// ```
pub struct OwnedPermit<T> {
    /// There until the permit is used or dropped.
    sender: Option<Sender<T>>,
}

impl<'a, T> Permit<'a, T> {
    pub(super) fn new(sender: &'a Sender<T>) -> Self {
        Permit { sender }
    }

    /// Sends a message, without waiting.
    ///
    /// If the receiver is dropped, the message is never received: it is dropped with the last
    /// sender.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let permit = tx.try_reserve().unwrap();
    /// permit.send("now");
    /// assert_eq!(rx.try_recv(), Ok("now"));
    /// ```
    #[inline]
    pub fn send(self, value: T) {
        let sender = self.sender;
        mem::forget(self);
        sender.send_with_permit(value);
    }
}

impl<T> Drop for Permit<'_, T> {
    fn drop(&mut self) {
        self.sender.give_up(1);
    }
}

impl<'a, T> PermitIterator<'a, T> {
    pub(super) fn new(sender: &'a Sender<T>, left: usize) -> Self {
        PermitIterator { sender, left }
    }
}

impl<'a, T> Iterator for PermitIterator<'a, T> {
    type Item = Permit<'a, T>;

    fn next(&mut self) -> Option<Permit<'a, T>> {
        self.left = self.left.checked_sub(1)?;
        Some(Permit::new(self.sender))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T> ExactSizeIterator for PermitIterator<'_, T> {}
impl<T> FusedIterator for PermitIterator<'_, T> {}

impl<T> Drop for PermitIterator<'_, T> {
    fn drop(&mut self) {
        if self.left > 0 {
            self.sender.give_up(self.left);
        }
    }
}

impl<T> OwnedPermit<T> {
    pub(super) fn new(sender: Sender<T>) -> Self {
        OwnedPermit {
            sender: Some(sender),
        }
    }

    /// Sends a message, without waiting, and gives the sender back. As [`Permit::send`].
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(2);
    /// let permit = tx.try_reserve_owned().unwrap();
    /// let tx = permit.send(1);
    /// tx.try_send(2).unwrap();
    /// assert_eq!(rx.try_recv(), Ok(1));
    /// assert_eq!(rx.try_recv(), Ok(2));
    /// ```
    pub fn send(mut self, value: T) -> Sender<T> {
        let sender = self.take();
        sender.send_with_permit(value);
        sender
    }

    /// Gives the room to others, and the sender back.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(1);
    /// let permit = tx.try_reserve_owned().unwrap();
    /// let tx = permit.release();
    /// assert_eq!(tx.capacity(), 1);
    /// ```
    pub fn release(mut self) -> Sender<T> {
        let sender = self.take();
        sender.give_up(1);
        sender
    }

    /// Returns whether both send to the same receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(2);
    /// let one = tx.clone().try_reserve_owned().unwrap();
    /// let other = tx.try_reserve_owned().unwrap();
    /// assert!(one.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        self.sender().same_channel(other.sender())
    }

    /// Returns whether both send to the same receiver.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel::<u8>(2);
    /// let permit = tx.clone().try_reserve_owned().unwrap();
    /// assert!(permit.same_channel_as_sender(&tx));
    /// ```
    pub fn same_channel_as_sender(&self, sender: &Sender<T>) -> bool {
        self.sender().same_channel(sender)
    }

    fn sender(&self) -> &Sender<T> {
        self.sender.as_ref().expect(UNUSED)
    }

    fn take(&mut self) -> Sender<T> {
        self.sender.take().expect(UNUSED)
    }
}

const UNUSED: &str = "a permit has its sender until it is used";

impl<T> Drop for OwnedPermit<T> {
    fn drop(&mut self) {
        if let Some(sender) = &self.sender {
            sender.give_up(1);
        }
    }
}

impl<T> fmt::Debug for Permit<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit")
            .field("sender", self.sender)
            .finish()
    }
}

impl<T> fmt::Debug for PermitIterator<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PermitIterator")
            .field("sender", self.sender)
            .field("left", &self.left)
            .finish()
    }
}

impl<T> fmt::Debug for OwnedPermit<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnedPermit")
            .field("sender", &self.sender)
            .finish()
    }
}
