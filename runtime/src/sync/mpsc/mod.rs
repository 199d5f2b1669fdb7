//! Channels from any number of senders to one receiver.
//!
//! - [`channel`] holds a limited number of messages. When it is full, sending waits until there is
//!   room: a fast sender is slowed down to the pace of its receiver.
//! - [`unbounded_channel`] holds any number, and sending never waits.
//!
//! Messages arrive in the order in which they were sent; those of several senders are mixed.
//!
//! # Closing
//!
//! When all senders are dropped, the receiver gets what was sent and then `None`. When
//! the receiver is dropped, sending fails and gives the message back, and what was sent but not
//! received is dropped. To stop senders and still receive what they have sent, the receiver calls
//! [`close`](Receiver::close) and receives until there is `None`. A weak sender, from
//! [`Sender::downgrade`], does not keep the channel open.
//!
//! # Outside of async code
//!
//! The channels work on any thread and in any runtime; only what has a timeout needs this one.
//! A method that is not `async` can be called anywhere, but those called `blocking_*`, which are for
//! threads outside async code.
//!
//! # Streams
//!
//! Both receivers are streams of `futures-core` themselves, so that `rx.next()` and the other methods of
//! a `StreamExt` work without a wrapper such as the `ReceiverStream` of other crates. None of
//! these methods has the name of a receiver's own.
//!
//! # Memory
//!
//! Messages lie in blocks of 32. Blocks that are emptied are used again for what is sent next; not more than
//! four are kept for that, less if messages are big: a channel that was full once gives its
//! memory back. A channel that was just made has one block.
//!
//! # Examples
//!
//! ```
//! use runtime::sync::mpsc;
//!
//! #[runtime::main]
//! async fn main() {
//!     let (tx, mut rx) = mpsc::channel(2);
//!     for part in 0..2 {
//!         let tx = tx.clone();
//!         runtime::spawn(async move {
//!             for number in 0..100 {
//!                 tx.send(2 * number + part).await.unwrap();
//!             }
//!         });
//!     }
//!     drop(tx); // or the loop would not end
//!     let mut sum = 0;
//!     while let Some(number) = rx.recv().await {
//!         sum += number;
//!     }
//!     assert_eq!(sum, 199 * 200 / 2);
//! }
//! ```

pub mod error;

mod block;
#[cfg(not(runtime_loom))]
mod blocking;
mod bounded;
mod closing;
mod consumer;
mod patience;
mod queue;
mod shared;
mod unbounded;

pub use bounded::{OwnedPermit, Permit, PermitIterator, Receiver, Sender, WeakSender, channel};
pub use unbounded::{UnboundedReceiver, UnboundedSender, WeakUnboundedSender, unbounded_channel};

#[cfg(all(test, runtime_loom))]
mod loom_models;
