//! A channel that keeps only the last value, for any number of senders and receivers.
//!
//! It suits what has a current state: a configuration, a health, a progress. A receiver
//! sees the newest value, and not each that was sent.
//!
//! Each [`Receiver`] remembers which value it has *seen*. [`Receiver::changed`] waits until there is one that it has
//! not; [`Receiver::borrow_and_update`] reads the current value and marks it as seen;
//! [`Receiver::borrow`] only reads it. The value that is there when a receiver is made counts as seen, and a clone has
//! seen what its original has.
//!
//! In a loop use `borrow_and_update`: with `borrow`, a value that is sent between `changed` and the reading
//! is read twice.
//!
//! # Closing
//!
//! When all senders are gone, `changed` first reports a value that was not seen, and then the error.
//! [`Receiver::has_changed`] reports the error at once. When all receivers are gone, [`Sender::send`] fails and
//! [`Sender::closed`] is ready, until [`Sender::subscribe`] makes a new receiver.
//! The last value is dropped with the last of them all.
//!
//! # Blocking
//!
//! A [`Ref`] is a read lock: as long as one lives, senders block their threads. Hold it briefly, and never across an
//! await. Two of one receiver's at a time may wait for each other for ever, if a sender comes between them.
//! What is called under the lock must not wait for it, or waits for ever. The closures of [`Sender::send_modify`] and
//! [`Sender::send_if_modified`] must neither send on the channel nor read its value. That of [`Receiver::wait_for`], and
//! the `Debug` of the value when a sender or a receiver is printed, with the sink that it writes to, must not send;
//! they may read only if no sender comes between. What they may do: ask whether there is a new value, subscribe, clone and drop
//! senders and receivers.
//!
//! # Examples
//!
//! ```
//! use runtime::sync::watch;
//!
//! #[runtime::main]
//! async fn main() {
//!     let (sender, mut receiver) = watch::channel("starting");
//!     let observer = runtime::spawn(async move {
//!         let mut last = *receiver.borrow_and_update();
//!         while receiver.changed().await.is_ok() {
//!             last = *receiver.borrow_and_update();
//!         }
//!         last
//!     });
//!     sender.send("ready").unwrap();
//!     drop(sender);
//!     assert_eq!(observer.await.unwrap(), "ready");
//! }
//! ```

pub mod error;
mod receiver;
mod sender;
mod shared;
mod value_ref;
mod version;

pub use receiver::Receiver;
pub use sender::Sender;
pub use value_ref::Ref;

/// Makes a channel that holds `init`, with a sender and a receiver that has seen it.
///
/// # Examples
///
/// ```
/// use runtime::sync::watch;
///
/// let (sender, receiver) = watch::channel(1);
/// sender.send(2).unwrap();
/// assert_eq!(*receiver.borrow(), 2);
/// ```
pub fn channel<T>(init: T) -> (Sender<T>, Receiver<T>) {
    let sender = Sender::new(init);
    let receiver = sender.subscribe();
    (sender, receiver)
}

#[cfg(all(test, runtime_loom))]
mod loom_models;
