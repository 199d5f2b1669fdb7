//! What can go wrong with a broadcast channel.

use std::error::Error;
use std::fmt;

/// Gives back a value that nobody could receive: there was no receiver.
///
/// # Examples
///
/// ```
/// use runtime::sync::broadcast::{self, error::SendError};
///
/// let (sender, receiver) = broadcast::channel(16);
/// drop(receiver);
/// let SendError(value) = sender.send("lost?").unwrap_err();
/// assert_eq!(value, "lost?");
/// ```
#[derive(Debug)]
pub struct SendError<T>(pub T);

/// Says why [`recv`](super::Receiver::recv) has no value to give.
///
/// # Examples
///
/// ```
/// use runtime::sync::broadcast::{self, error::RecvError};
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, mut receiver) = broadcast::channel(2);
/// for value in 1..=3 {
///     sender.send(value).unwrap();
/// }
/// drop(sender);
/// assert_eq!(receiver.recv().await, Err(RecvError::Lagged(1)));
/// assert_eq!(receiver.recv().await, Ok(2));
/// assert_eq!(receiver.recv().await, Ok(3));
/// assert_eq!(receiver.recv().await, Err(RecvError::Closed));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecvError {
    /// All senders are gone and everything was received.
    Closed,
    /// So many values were overwritten before they were received. The next receive goes on with the
    /// oldest value that is left.
    Lagged(u64),
}

/// Says why [`try_recv`](super::Receiver::try_recv) has no value to give.
///
/// # Examples
///
/// ```
/// use runtime::sync::broadcast::{self, error::TryRecvError};
///
/// let (sender, mut receiver) = broadcast::channel::<u8>(16);
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
/// drop(sender);
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryRecvError {
    /// There is nothing to receive yet.
    Empty,
    /// All senders are gone and everything was received.
    Closed,
    /// So many values were overwritten before they were received. The next receive goes on with the
    /// oldest value that is left.
    Lagged(u64),
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("channel closed")
    }
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecvError::Closed => f.write_str("channel closed"),
            RecvError::Lagged(missed) => write!(f, "channel lagged by {missed}"),
        }
    }
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TryRecvError::Empty => f.write_str("channel empty"),
            TryRecvError::Closed => f.write_str("channel closed"),
            TryRecvError::Lagged(missed) => write!(f, "channel lagged by {missed}"),
        }
    }
}

impl<T: fmt::Debug> Error for SendError<T> {}
impl Error for RecvError {}
impl Error for TryRecvError {}
