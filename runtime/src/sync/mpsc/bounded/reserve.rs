//! Room that is taken before there is a message for it.

use std::mem;

use super::{OwnedPermit, Permit, PermitIterator, Sender};
use crate::sync::mpsc::error::{SendError, TrySendError};
use crate::sync::permits::TryAcquireError;

impl<T> Sender<T> {
    /// Waits for room for one message. Sending with the permit cannot fail, and does not wait.
    ///
    /// # Errors
    ///
    /// If the receiver has closed the channel or is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses its place in the queue, and nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let permit = tx.reserve().await.unwrap();
    /// assert!(tx.try_send("no room").is_err());
    /// permit.send("made when there was room");
    /// assert_eq!(rx.recv().await, Some("made when there was room"));
    /// # }
    /// ```
    pub async fn reserve(&self) -> Result<Permit<'_, T>, SendError<()>> {
        self.wait_for_room(1).await?;
        Ok(Permit::new(self))
    }

    /// Waits for room for `n` messages at once.
    ///
    /// # Errors
    ///
    /// If the receiver has closed the channel or is dropped, or if `n` is more than
    /// [`max_capacity`](Self::max_capacity).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses its place in the queue, and nothing else.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(2);
    /// for permit in tx.reserve_many(2).await.unwrap() {
    ///     permit.send("one of two");
    /// }
    /// assert_eq!(rx.len(), 2);
    /// # }
    /// ```
    pub async fn reserve_many(&self, n: usize) -> Result<PermitIterator<'_, T>, SendError<()>> {
        self.wait_for_room(n).await?;
        Ok(PermitIterator::new(self, n))
    }

    /// Waits for room for one message, and puts this sender into the permit.
    ///
    /// # Errors
    ///
    /// If the receiver has closed the channel or is dropped; the sender is dropped.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future drops the sender, too, and loses its place in the queue; a clone of it
    /// remains usable.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[runtime::main]
    /// # async fn main() {
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let permit = tx.reserve_owned().await.unwrap();
    /// let tx = permit.send("first");
    /// assert_eq!(rx.recv().await, Some("first"));
    /// tx.send("second").await.unwrap();
    /// # }
    /// ```
    pub async fn reserve_owned(self) -> Result<OwnedPermit<T>, SendError<()>> {
        self.wait_for_room(1).await?;
        Ok(OwnedPermit::new(self))
    }

    /// Takes room for one message if it is there now.
    ///
    /// # Errors
    ///
    /// [`Full`](TrySendError::Full) if there is no room or others wait for it,
    /// [`Closed`](TrySendError::Closed) if the receiver has closed the channel or is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let permit = tx.try_reserve().unwrap();
    /// assert!(tx.try_reserve().is_err());
    /// permit.send(1);
    /// assert_eq!(rx.try_recv(), Ok(1));
    /// ```
    pub fn try_reserve(&self) -> Result<Permit<'_, T>, TrySendError<()>> {
        self.take_room(1)?;
        Ok(Permit::new(self))
    }

    /// Takes room for `n` messages if it is there now.
    ///
    /// # Errors
    ///
    /// As [`try_reserve`](Self::try_reserve); [`Full`](TrySendError::Full) also if `n` is more than
    /// [`max_capacity`](Self::max_capacity).
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, _rx) = runtime::sync::mpsc::channel(3);
    /// let mut permits = tx.try_reserve_many(2).unwrap();
    /// permits.next().unwrap().send("used");
    /// drop(permits); // the other one is given back
    /// assert_eq!(tx.capacity(), 2);
    /// ```
    pub fn try_reserve_many(&self, n: usize) -> Result<PermitIterator<'_, T>, TrySendError<()>> {
        if n > self.max_capacity() {
            return Err(TrySendError::Full(()));
        }
        self.take_room(n)?;
        Ok(PermitIterator::new(self, n))
    }

    /// Takes room for one message if it is there now, and puts this sender into the permit.
    ///
    /// # Errors
    ///
    /// As [`try_reserve`](Self::try_reserve); the sender comes back.
    ///
    /// # Examples
    ///
    /// ```
    /// let (tx, mut rx) = runtime::sync::mpsc::channel(1);
    /// let permit = tx.clone().try_reserve_owned().unwrap();
    /// assert!(tx.try_reserve_owned().is_err());
    /// permit.send(1);
    /// assert_eq!(rx.try_recv(), Ok(1));
    /// ```
    pub fn try_reserve_owned(self) -> Result<OwnedPermit<T>, TrySendError<Self>> {
        match self.take_room(1) {
            Ok(()) => Ok(OwnedPermit::new(self)),
            Err(TrySendError::Full(())) => Err(TrySendError::Full(self)),
            Err(TrySendError::Closed(())) => Err(TrySendError::Closed(self)),
        }
    }

    /// Takes `n` permits, which are the caller's to use or to give up.
    #[inline]
    pub(super) async fn wait_for_room(&self, n: usize) -> Result<(), SendError<()>> {
        if n > self.max_capacity() {
            return Err(SendError(()));
        }
        // A request that is dropped gives back what it has collected.
        let gives_up = GivesUp(self);
        let acquired = self.tx.shared().limit.permits.acquire(n).await;
        acquired.map_err(|_| SendError(()))?;
        mem::forget(gives_up);
        Ok(())
    }

    /// As [`wait_for_room`](Self::wait_for_room), without waiting.
    #[inline]
    pub(super) fn take_room(&self, n: usize) -> Result<(), TrySendError<()>> {
        let acquired = self.tx.shared().limit.permits.try_acquire(n);
        acquired.map_err(|error| match error {
            TryAcquireError::Closed => TrySendError::Closed(()),
            TryAcquireError::NoPermits => TrySendError::Full(()),
        })
    }

    /// Gives `n` permits back.
    pub(super) fn give_up(&self, n: usize) {
        let shared = self.tx.shared();
        shared.limit.permits.release(n);
        shared.given_up();
    }

    /// Uses one permit.
    #[inline]
    pub(super) fn send_with_permit(&self, value: T) {
        let sent = self.tx.send(value);
        assert!(sent.is_ok(), "a permit keeps the queue from being sealed");
    }
}

/// Tells the receiver that a request has ended without permits.
struct GivesUp<'a, T>(&'a Sender<T>);

impl<T> Drop for GivesUp<'_, T> {
    fn drop(&mut self) {
        self.0.tx.shared().given_up();
    }
}
