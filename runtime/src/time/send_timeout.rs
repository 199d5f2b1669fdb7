//! Sending to a channel with a limit of time.

use super::{Duration, timeout};
use crate::sync::mpsc::Sender;
use crate::sync::mpsc::error::SendTimeoutError;

impl<T> Sender<T> {
    /// Sends a message; waits until there is room for it, but no longer than `limit`.
    ///
    /// # Errors
    ///
    /// Gives the message back: as [`Timeout`](SendTimeoutError::Timeout) if there was no room in time,
    /// as [`Closed`](SendTimeoutError::Closed) if the receiver has closed the channel or is dropped.
    ///
    /// # Panics
    ///
    /// If no runtime is running, or its time is switched off.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before it is ready, the message was not sent; it is dropped too, and
    /// the place in the queue is lost.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::sync::mpsc::{channel, error::SendTimeoutError};
    /// use runtime::time::Duration;
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let (tx, _rx) = channel(1);
    ///     tx.send("first").await.unwrap();
    ///     let sent = tx.send_timeout("second", Duration::from_millis(1)).await;
    ///     assert_eq!(sent, Err(SendTimeoutError::Timeout("second")));
    /// }
    /// ```
    pub async fn send_timeout(&self, value: T, limit: Duration) -> Result<(), SendTimeoutError<T>> {
        match timeout(limit, self.reserve()).await {
            Ok(Ok(permit)) => {
                permit.send(value);
                Ok(())
            }
            Ok(Err(_)) => Err(SendTimeoutError::Closed(value)),
            Err(_) => Err(SendTimeoutError::Timeout(value)),
        }
    }
}
