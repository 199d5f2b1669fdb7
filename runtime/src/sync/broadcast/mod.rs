//! A channel that shows each value to every receiver.
//!
//! Any number of [`Sender`]s send into a ring of values; each [`Receiver`] reads it at its own pace and
//! gets a clone of every value that was sent after it had subscribed. A value is dropped when all
//! receivers of its time have seen it.
//!
//! # Lag
//!
//! The ring holds `capacity` values, rounded up to a power of two. A value sent into a full ring takes the
//! place of the oldest. A receiver that had not seen that one *lags*: its next receive says so with
//! [`RecvError::Lagged`](error::RecvError::Lagged) and the number of values that it has missed, and it
//! goes on with the oldest value that is still there. So a slow receiver never holds a sender up.
//!
//! # The end
//!
//! When the last sender is dropped the receivers still get what was sent, and then
//! [`RecvError::Closed`](error::RecvError::Closed). A [`WeakSender`] does not keep the channel open. Sending while there is no
//! receiver fails, but a new one may [subscribe](Sender::subscribe) at any time.
//!
//! # Cloning
//!
//! A value is cloned in its place in the ring, while others who want that value wait. The clone may send, subscribe and
//! so on, but must not wait for its own place: it must not receive this value from the same channel, drop a receiver
//! that has not seen it, or send into a ring in which it is the oldest value. No lock is held meanwhile.
//!
//! # Examples
//!
//! ```
//! use runtime::sync::broadcast::{self, error::RecvError};
//!
//! #[runtime::main]
//! async fn main() {
//!     let (sender, mut first) = broadcast::channel(2);
//!     let mut second = sender.subscribe();
//!     sender.send(10).unwrap();
//!     assert_eq!(first.recv().await, Ok(10));
//!     sender.send(20).unwrap();
//!     sender.send(30).unwrap();
//!     assert_eq!(first.recv().await, Ok(20));
//!     assert_eq!(second.recv().await, Err(RecvError::Lagged(1)));
//!     assert_eq!(second.recv().await, Ok(20));
//! }
//! ```

mod closed;
pub mod error;
mod receiver;
mod recv;
mod sender;
mod sender_count;
mod shared;
mod slot;
mod weak_sender;

pub use receiver::Receiver;
pub use sender::Sender;
pub use weak_sender::WeakSender;

/// Makes a channel whose ring holds `capacity` values, rounded up to a power of two, and returns a
/// sender and a receiver.
///
/// The room for the values is allocated at once.
///
/// # Panics
///
/// If `capacity` is zero or above `usize::MAX / 2`.
///
/// # Examples
///
/// ```
/// let (sender, mut receiver) = runtime::sync::broadcast::channel(16);
/// assert_eq!(sender.send('x').unwrap(), 1);
/// assert_eq!(receiver.try_recv(), Ok('x'));
/// ```
#[track_caller]
pub fn channel<T: Clone>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(capacity);
    let receiver = sender.subscribe();
    (sender, receiver)
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
