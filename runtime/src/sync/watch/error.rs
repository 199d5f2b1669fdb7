//! What can go wrong with a watch channel.

use std::error::Error;
use std::fmt;

/// Nobody receives; the value that was to be sent is inside.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch::{self, error::SendError};
///
/// let (sender, receiver) = watch::channel(1);
/// drop(receiver);
/// let SendError(value) = sender.send(2).unwrap_err();
/// assert_eq!(value, 2);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SendError<T>(pub T);

impl<T> fmt::Debug for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError").finish_non_exhaustive()
    }
}

impl<T> fmt::Display for SendError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("channel closed")
    }
}

impl<T> Error for SendError<T> {}

/// All senders are gone: no other value can come.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch::{self, error::RecvError};
///
/// # #[runtime::main]
/// # async fn main() {
/// let (sender, mut receiver) = watch::channel(1);
/// drop(sender);
/// let outcome: Result<(), RecvError> = receiver.changed().await;
/// assert!(outcome.is_err());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct RecvError(pub(super) ());

impl fmt::Display for RecvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("channel closed")
    }
}

impl Error for RecvError {}
