//! The channel without a limit.

mod receiver;
mod sender;

pub use receiver::UnboundedReceiver;
pub use sender::{UnboundedSender, WeakUnboundedSender};

use super::shared::{self, Limit};

/// No limit: everybody may send at any time, until the queue is sealed.
#[derive(Debug)]
struct Unlimited;

impl Limit for Unlimited {
    fn received(&self, _: usize) {}

    fn close(&self) {}

    fn is_closed(&self) -> bool {
        false
    }

    fn is_idle(&self) -> bool {
        true
    }
}

/// Makes a channel that holds any number of messages: sending never waits.
///
/// What is sent faster than it is received piles up in memory; [`channel`](super::channel) has a
/// limit.
///
/// # Examples
///
/// ```
/// use runtime::sync::mpsc;
///
/// #[runtime::main]
/// async fn main() {
///     let (tx, mut rx) = mpsc::unbounded_channel();
///     tx.send("no await").unwrap();
///     drop(tx);
///     assert_eq!(rx.recv().await, Some("no await"));
///     assert_eq!(rx.recv().await, None);
/// }
/// ```
pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
    let (tx, rx) = shared::new(Unlimited);
    (UnboundedSender::new(tx), UnboundedReceiver::new(rx))
}
