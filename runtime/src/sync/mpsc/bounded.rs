//! The channel with a limit.

mod permit;
mod receiver;
mod reserve;
mod sender;
mod weak;

pub use permit::{OwnedPermit, Permit, PermitIterator};
pub use receiver::Receiver;
pub use sender::Sender;
pub use weak::WeakSender;

use super::shared::{self, Limit};
use crate::sync::permits::Permits;

/// A permit for each message that there is room for. Sending takes one, receiving gives it back.
#[derive(Debug)]
struct Bound {
    permits: Permits,
    max_capacity: usize,
}

impl Bound {
    fn capacity(&self) -> usize {
        self.permits.available()
    }

    fn max_capacity(&self) -> usize {
        self.max_capacity
    }
}

impl Limit for Bound {
    #[inline]
    fn received(&self, n: usize) {
        self.permits.release(n);
    }

    fn close(&self) {
        self.permits.close();
    }

    fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    fn is_idle(&self) -> bool {
        self.permits.available() == self.max_capacity
    }
}

/// Makes a channel that holds at most `buffer` messages.
///
/// No memory is set aside for them.
///
/// # Panics
///
/// If `buffer` is zero, or above `usize::MAX >> 3`.
///
/// # Examples
///
/// ```
/// use runtime::sync::mpsc;
///
/// #[runtime::main]
/// async fn main() {
///     let (tx, mut rx) = mpsc::channel(100);
///     runtime::spawn(async move {
///         for number in 0..10 {
///             if tx.send(number).await.is_err() {
///                 return; // the receiver is gone
///             }
///         }
///     });
///     while let Some(number) = rx.recv().await {
///         println!("got {number}");
///     }
/// }
/// ```
#[track_caller]
pub fn channel<T>(buffer: usize) -> (Sender<T>, Receiver<T>) {
    assert!(
        buffer > 0,
        "a channel without capacity could send nothing: give it one of 1 or more"
    );
    let (tx, rx) = shared::new(Bound {
        permits: Permits::new(buffer),
        max_capacity: buffer,
    });
    (Sender::new(tx), Receiver::new(rx))
}
