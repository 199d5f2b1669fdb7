//! Pipes: bytes that go one way, between tasks, threads or processes.
//!
//! [`pipe`] makes both ends of one. [`OpenOptions`] opens an end of a named one (FIFO).
//! [`Sender`] and [`Receiver`] can also be made of descriptors, such as those of a child process.

mod descriptor;
mod open_options;
mod receiver;
mod sender;

pub use open_options::OpenOptions;
pub use receiver::Receiver;
pub use sender::Sender;

use std::io;

use crate::net::open;

/// Makes a pipe and returns its two ends.
///
/// # Errors
///
/// Fails with the system's error, for example if there are no descriptors left.
///
/// # Panics
///
/// Panics outside a runtime.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt};
/// use runtime::net::unix::pipe;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut sender, mut receiver) = pipe::pipe()?;
/// sender.write_all(b"hello").await?;
/// drop(sender);
/// let mut text = String::new();
/// receiver.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn pipe() -> io::Result<(Sender, Receiver)> {
    let (sender, receiver) = open::pipe()?;
    let pipe = (Sender::from_mio(sender)?, Receiver::from_mio(receiver)?);
    // It is empty.
    pipe.0.assume_writable();
    Ok(pipe)
}
