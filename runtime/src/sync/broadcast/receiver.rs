//! The end that receives.

use std::fmt;

use super::error::{RecvError, TryRecvError};
use super::recv::Recv;
use super::shared::Channel;
use crate::primitive::sync::Arc;

/// Gets a clone of every value that is sent after it was made, by [`channel`](super::channel),
/// [`Sender::subscribe`](super::Sender::subscribe) or [`resubscribe`](Self::resubscribe).
///
/// The receiver that sees a value last gets the value itself.
///
/// # Examples
///
/// ```
/// use runtime::sync::broadcast;
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, mut first) = broadcast::channel(16);
/// let mut second = sender.subscribe();
/// sender.send("to all").unwrap();
/// assert_eq!(first.recv().await, Ok("to all"));
/// assert_eq!(second.recv().await, Ok("to all"));
/// # }
/// ```
pub struct Receiver<T> {
    pub(super) shared: Arc<Channel<T>>,
    /// The number of the value that is received next.
    pub(super) next: u64,
}

impl<T> Receiver<T> {
    pub(super) fn new(shared: Arc<Channel<T>>) -> Self {
        let next = shared.add_receiver();
        Receiver { shared, next }
    }

    /// Returns how many values were sent that this receiver has not received.
    ///
    /// It counts those that were overwritten, too: if it is more than the capacity, the next receive
    /// says how many have been lost.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// sender.send('x').unwrap();
    /// assert_eq!(receiver.len(), 1);
    /// receiver.try_recv().unwrap();
    /// assert!(receiver.is_empty());
    /// ```
    pub fn len(&self) -> usize {
        (self.shared.tail.lock().position - self.next) as usize
    }

    /// Returns whether everything that was sent was received.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// assert!(receiver.is_empty());
    /// sender.send(1).unwrap();
    /// assert!(!receiver.is_empty());
    /// assert_eq!(receiver.try_recv(), Ok(1));
    /// assert!(receiver.is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether both are receivers of one channel.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let (_other_sender, other) = runtime::sync::broadcast::channel::<u8>(16);
    /// assert!(receiver.same_channel(&sender.subscribe()));
    /// assert!(!receiver.same_channel(&other));
    /// ```
    pub fn same_channel(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Returns how many senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let clone = sender.clone();
    /// assert_eq!(receiver.sender_strong_count(), 2);
    /// drop((sender, clone));
    /// assert_eq!(receiver.sender_strong_count(), 0);
    /// ```
    pub fn sender_strong_count(&self) -> usize {
        self.shared.senders.strong()
    }

    /// Returns how many weak senders there are.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, receiver) = runtime::sync::broadcast::channel::<u8>(16);
    /// let weak = sender.downgrade();
    /// assert_eq!(receiver.sender_weak_count(), 1);
    /// drop(weak);
    /// assert_eq!(receiver.sender_weak_count(), 0);
    /// ```
    pub fn sender_weak_count(&self) -> usize {
        self.shared.senders.weak()
    }

    /// Returns whether all senders are gone. There may be values left to receive.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// sender.send(1).unwrap();
    /// drop(sender);
    /// assert!(receiver.is_closed());
    /// assert_eq!(receiver.try_recv(), Ok(1)); // it was sent before
    /// ```
    pub fn is_closed(&self) -> bool {
        self.sender_strong_count() == 0
    }
}

impl<T: Clone> Receiver<T> {
    /// Makes a receiver of what is sent from now on, wherever this one is.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut first) = runtime::sync::broadcast::channel(16);
    /// sender.send('x').unwrap();
    /// let mut second = first.resubscribe();
    /// sender.send('y').unwrap();
    /// assert_eq!(first.try_recv(), Ok('x'));
    /// assert_eq!(second.try_recv(), Ok('y'));
    /// ```
    #[must_use = "a receiver that is dropped gets nothing"]
    pub fn resubscribe(&self) -> Self {
        Receiver::new(self.shared.clone())
    }

    /// Receives the next value, waiting for it if it was not sent yet.
    ///
    /// The value is cloned amid a poll. While another receiver clones it this one blocks its thread; if that is
    /// the thread that clones, for ever. See [Cloning](super#cloning).
    ///
    /// # Errors
    ///
    /// All senders are gone and everything was received, or this receiver has missed values; see
    /// [lag](super#lag).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what it would have received is received next.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::broadcast::{self, error::RecvError};
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let (sender, mut receiver) = broadcast::channel(16);
    ///     runtime::spawn(async move { sender.send('x').unwrap() });
    ///     assert_eq!(receiver.recv().await, Ok('x'));
    ///     assert_eq!(receiver.recv().await, Err(RecvError::Closed));
    /// }
    /// ```
    #[inline]
    pub fn recv(&mut self) -> impl Future<Output = Result<T, RecvError>> {
        Recv::new(self)
    }

    /// Receives the next value if it is there.
    ///
    /// As with [`recv`](Self::recv), a value that another receiver clones is waited for.
    ///
    /// # Errors
    ///
    /// As of [`recv`](Self::recv), or nothing was sent yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::broadcast::{self, error::TryRecvError};
    ///
    /// let (sender, mut receiver) = broadcast::channel(16);
    /// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    /// sender.send('x').unwrap();
    /// assert_eq!(receiver.try_recv(), Ok('x'));
    /// ```
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        loop {
            if let Some(value) = self.take_next() {
                return Ok(value);
            }
            let tail = self.shared.tail.lock();
            self.shared.explain(&tail, &mut self.next)?;
        }
    }

    /// Waits for the next value on this thread, which sleeps meanwhile.
    ///
    /// # Errors
    ///
    /// As of [`recv`](Self::recv).
    ///
    /// # Panics
    ///
    /// If this thread runs async code, which it would keep from going on.
    ///
    /// # Examples
    ///
    /// ```
    /// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
    /// let thread = std::thread::spawn(move || receiver.blocking_recv());
    /// sender.send(10).unwrap();
    /// assert_eq!(thread.join().unwrap(), Ok(10));
    /// ```
    #[cfg(not(runtime_loom))]
    #[track_caller]
    pub fn blocking_recv(&mut self) -> Result<T, RecvError> {
        crate::sync::blocking::block_on("`recv().await`", self.recv())
    }

    /// The next value, if its slot has it.
    #[inline]
    pub(super) fn take_next(&mut self) -> Option<T> {
        let held = self.shared.hold(self.next)?;
        // First, so that a clone that panics is not tried again.
        self.next += 1;
        Some(held.read())
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.shared.remove_receiver(self.next);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("shared", &self.shared)
            .field("next", &self.next)
            .finish()
    }
}
