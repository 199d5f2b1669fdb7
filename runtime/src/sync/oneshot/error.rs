//! What can go wrong with a oneshot channel.

use std::error::Error;
use std::fmt;

/// Says that the sender was dropped without sending, or that the receiver was closed before.
///
/// # Examples
///
/// ```
/// use runtime::sync::oneshot::{self, error::RecvError};
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, receiver) = oneshot::channel::<u32>();
/// drop(sender);
/// let outcome: Result<u32, RecvError> = receiver.await;
/// assert!(outcome.is_err());
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecvError(pub(super) ());

/// Says why [`try_recv`](super::Receiver::try_recv) has no value to give.
///
/// # Examples
///
/// ```
/// use runtime::sync::oneshot::{self, error::TryRecvError};
///
/// let (sender, mut receiver) = oneshot::channel::<u32>();
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
/// drop(sender);
/// assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TryRecvError {
    /// Nothing was sent yet.
    Empty,
    /// Nothing will come: the sender was dropped without sending, the receiver
    /// was closed before, or the value was already received.
    Closed,
}

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("channel closed")
    }
}

impl fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryRecvError::Empty => "channel empty",
            TryRecvError::Closed => "channel closed",
        })
    }
}

impl Error for RecvError {}
impl Error for TryRecvError {}
