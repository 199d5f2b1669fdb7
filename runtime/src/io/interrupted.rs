//! Calls that a signal has cut short, and that are made again.

use std::io;
#[cfg(feature = "io-util")]
use std::task::Poll;

/// Fails with what is no interruption.
pub(super) fn unless_interrupted(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::Interrupted => Ok(()),
        _ => Err(error),
    }
}

/// Polls again as long as that is interrupted.
#[cfg(feature = "io-util")]
pub(super) fn poll_uninterrupted<T>(
    mut poll: impl FnMut() -> Poll<io::Result<T>>,
) -> Poll<io::Result<T>> {
    loop {
        match poll() {
            Poll::Ready(Err(error)) => unless_interrupted(error)?,
            polled => return polled,
        }
    }
}
