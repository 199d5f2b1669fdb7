//! What a channel must offer to be measured.

use std::future::Future;

/// A channel with a limit, from any number of senders to one receiver.
pub trait Mpsc: 'static {
    /// The name in tables.
    const NAME: &'static str;

    /// The sending half.
    type Sender: Clone + Send + Sync + 'static;

    /// The receiving half.
    type Receiver: Send + 'static;

    /// Makes a channel with room for `capacity` messages.
    fn channel(capacity: usize) -> (Self::Sender, Self::Receiver);

    /// Sends to a receiver that is there.
    fn send(sender: &Self::Sender, number: u32) -> impl Future<Output = ()> + Send;

    /// Receives; `None` once all senders are gone.
    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output = Option<u32>> + Send;
}
