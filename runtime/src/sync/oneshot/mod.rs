//! A channel for one value: one sends it, the other awaits it.
//!
//! [`channel`] makes the two ends. [`Sender::send`] is not async, so it can be called from anywhere; the
//! [`Receiver`] is itself the future of the value. A sender that is dropped without sending ends
//! the receiver with [`RecvError`](error::RecvError).
//!
//! # Examples
//!
//! ```
//! use runtime::sync::oneshot;
//!
//! #[runtime::main]
//! async fn main() {
//!     let (sender, receiver) = oneshot::channel();
//!     runtime::spawn(async move { sender.send(3) });
//!     assert_eq!(receiver.await, Ok(3));
//! }
//! ```
//!
//! In a loop over several futures, await `&mut receiver`: what was not received is not lost.
//!
//! ```
//! use runtime::sync::oneshot;
//! use runtime::time::{Duration, timeout};
//!
//! #[runtime::main]
//! async fn main() {
//!     let (sender, mut receiver) = oneshot::channel();
//!     let soon = Duration::from_millis(1);
//!     assert!(timeout(soon, &mut receiver).await.is_err());
//!     sender.send("late").unwrap();
//!     assert_eq!(receiver.await, Ok("late"));
//! }
//! ```

mod channel;
pub mod error;
mod receiver;
mod sender;
mod state;
mod waker_slot;

pub use receiver::Receiver;
pub use sender::Sender;

/// Makes a channel for one value and returns its two ends.
///
/// # Examples
///
/// ```
/// let (sender, receiver) = runtime::sync::oneshot::channel();
/// sender.send('x').unwrap();
/// assert_eq!(receiver.blocking_recv(), Ok('x'));
/// ```
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let channel = channel::Channel::allocate();
    // SAFETY: there are just these two, one of each kind.
    unsafe { (Sender::new(channel), Receiver::new(channel)) }
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
