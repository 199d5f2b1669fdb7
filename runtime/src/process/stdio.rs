//! The standard streams of a child, as the parent sees them.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::process::{self, Stdio};

use mio::unix::pipe::{Receiver, Sender};
use rustix::io::ioctl_fionbio;

use crate::io::families::{impl_reading, impl_writing};
use crate::io::{Evented, Interest};

/// A stream to or from a child: the type `$stream`, over one end of a pipe.
macro_rules! stream_of_child {
    ($(#[$attribute:meta])* $stream:ident, $end:ty, $interest:expr) => {
        $(#[$attribute])*
        pub struct $stream {
            io: Evented<$end>,
        }

        impl $stream {
            /// Takes over a stream of the standard library, and puts it into non-blocking mode.
            ///
            /// # Errors
            ///
            /// Fails if the mode cannot be set or the pipe cannot be registered with the runtime.
            ///
            /// # Panics
            ///
            /// Panics outside a runtime.
            #[track_caller]
            pub fn from_std(inner: process::$stream) -> io::Result<Self> {
                let pipe = OwnedFd::from(inner);
                ioctl_fionbio(&pipe, true)?;
                let io = Evented::new(<$end>::from(pipe), $interest)?;
                Ok($stream { io })
            }

            /// Gives the descriptor back in blocking mode, as a child process expects it.
            ///
            /// # Errors
            ///
            /// Fails if it cannot be taken out of the runtime's reactor, or if the mode cannot be set.
            pub fn into_owned_fd(self) -> io::Result<OwnedFd> {
                let pipe: OwnedFd = self.io.into_inner()?.into();
                ioctl_fionbio(&pipe, false)?;
                Ok(pipe)
            }

            fn io(&self) -> &Evented<$end> {
                &self.io
            }
        }

        /// As `into_owned_fd`: the stream becomes one of another child.
        impl TryFrom<$stream> for Stdio {
            type Error = io::Error;

            fn try_from(stream: $stream) -> io::Result<Stdio> {
                stream.into_owned_fd().map(Stdio::from)
            }
        }

        impl AsFd for $stream {
            fn as_fd(&self) -> BorrowedFd<'_> {
                self.io.get_ref().as_fd()
            }
        }

        impl AsRawFd for $stream {
            fn as_raw_fd(&self) -> RawFd {
                self.io.get_ref().as_raw_fd()
            }
        }

        impl fmt::Debug for $stream {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($stream)).field(&self.io).finish()
            }
        }
    };
}

stream_of_child! {
    /// The end of a pipe that writes to the standard input of a child.
    ///
    /// Dropping it ends the child's input, and nothing else does: `close` of futures-io and `shutdown` of `tokio::io`
    /// leave it open. A write fails with [`BrokenPipe`](io::ErrorKind::BrokenPipe) when the child reads no more.
    ChildStdin, Sender, Interest::WRITABLE
}

stream_of_child! {
    /// The end of a pipe that reads the standard output of a child.
    ///
    /// It ends when nobody has the other end open: neither the child nor those that inherited it from the child.
    ChildStdout, Receiver, Interest::READABLE
}

stream_of_child! {
    /// The end of a pipe that reads the standard error of a child.
    ///
    /// It ends when nobody has the other end open: neither the child nor those that inherited it from the child.
    ChildStderr, Receiver, Interest::READABLE
}

impl_writing!(ChildStdin);
impl_reading!(ChildStdout);
impl_reading!(ChildStderr);

impl ChildStdin {
    /// There is no half to be closed; dropping closes the end.
    fn close_write(&self) -> io::Result<()> {
        Ok(())
    }
}

impl ChildStdout {
    pub(super) fn into_pipe(self) -> Evented<Receiver> {
        self.io
    }
}

impl ChildStderr {
    pub(super) fn into_pipe(self) -> Evented<Receiver> {
        self.io
    }
}
