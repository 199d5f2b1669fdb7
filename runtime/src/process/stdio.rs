//! The standard streams of a child, as the parent sees them.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::process::{self, Stdio};

use mio::unix::pipe::{Receiver, Sender};

use crate::io::evented_stream::{impl_reading, impl_writing};
use crate::io::{Evented, Interest};

/// A stream to or from a child: the type `$stream`, over one end of a pipe. `Child` has it as `$name`.
macro_rules! stream_of_child {
    ($(#[$attribute:meta])* $stream:ident $name:ident, $end:ty, $interest:expr) => {
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
            ///
            /// # Examples
            ///
            /// ```
            /// use std::process::{Command, Stdio};
            #[doc = concat!("use runtime::process::", stringify!($stream), ";")]
            ///
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = concat!(
                "let mut child = Command::new(\"true\").", stringify!($name),
                "(Stdio::piped()).spawn()?;"
            )]
            #[doc = concat!(
                "let pipe = child.", stringify!($name), ".take().unwrap(); // of the standard library"
            )]
            #[doc = concat!("let pipe = ", stringify!($stream), "::from_std(pipe)?;")]
            /// # drop(pipe);
            /// # child.wait()?;
            /// # Ok(())
            /// # }
            /// ```
            #[track_caller]
            pub fn from_std(inner: process::$stream) -> io::Result<Self> {
                let pipe = <$end>::from(OwnedFd::from(inner));
                pipe.set_nonblocking(true)?;
                let io = Evented::new(pipe, $interest)?;
                Ok($stream { io })
            }

            /// Gives the descriptor back in blocking mode, as a child process expects it.
            ///
            /// # Errors
            ///
            /// Fails if it cannot be taken out of the runtime's reactor, or if the mode cannot be set.
            ///
            /// # Examples
            ///
            /// ```
            /// use std::process::Stdio;
            /// use runtime::process::Command;
            ///
            /// # #[runtime::main(flavor = "current_thread")]
            /// # async fn main() -> std::io::Result<()> {
            #[doc = concat!(
                "let mut child = Command::new(\"true\").", stringify!($name),
                "(Stdio::piped()).spawn()?;"
            )]
            #[doc = concat!("let pipe = child.", stringify!($name), ".take().unwrap();")]
            /// let descriptor = pipe.into_owned_fd()?; // it may become a stream of another child
            /// # drop(descriptor);
            /// # child.wait().await?;
            /// # Ok(())
            /// # }
            /// ```
            pub fn into_owned_fd(self) -> io::Result<OwnedFd> {
                let pipe = self.io.into_inner()?;
                pipe.set_nonblocking(false)?;
                Ok(pipe.into())
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
    /// Dropping it ends the child's input, and nothing else does: `shutdown` leaves it open. A write fails with [`BrokenPipe`](io::ErrorKind::BrokenPipe) when the child reads no more.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::io::AsyncWriteExt;
    /// use runtime::process::{ChildStdin, Command};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut wc = Command::new("wc").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    /// let mut input: ChildStdin = wc.stdin.take().unwrap();
    /// input.write_all(b"hello").await?;
    /// drop(input); // the end of the input
    /// assert_eq!(wc.wait_with_output().await?.stdout.trim_ascii(), b"5");
    /// # Ok(())
    /// # }
    /// ```
    ChildStdin stdin, Sender, Interest::WRITABLE
}

stream_of_child! {
    /// The end of a pipe that reads the standard output of a child.
    ///
    /// It ends when nobody has the other end open: neither the child nor those that inherited it from the child.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::io::{AsyncBufReadExt, BufReader};
    /// use runtime::process::{ChildStdout, Command};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut child = Command::new("printf").arg("one\ntwo\n").stdout(Stdio::piped()).spawn()?;
    /// let output: ChildStdout = child.stdout.take().unwrap();
    /// let mut lines = BufReader::new(output).lines();
    /// assert_eq!(lines.next_line().await?.unwrap(), "one");
    /// assert_eq!(lines.next_line().await?.unwrap(), "two");
    /// # child.wait().await?;
    /// # Ok(())
    /// # }
    /// ```
    ChildStdout stdout, Receiver, Interest::READABLE
}

stream_of_child! {
    /// The end of a pipe that reads the standard error of a child.
    ///
    /// It ends when nobody has the other end open: neither the child nor those that inherited it from the child.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::process::Stdio;
    /// use runtime::io::AsyncReadExt;
    /// use runtime::process::{ChildStderr, Command};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut command = Command::new("sh");
    /// let mut child = command.args(["-c", "echo trouble >&2"]).stderr(Stdio::piped()).spawn()?;
    /// let mut errors: ChildStderr = child.stderr.take().unwrap();
    /// let mut text = String::new();
    /// errors.read_to_string(&mut text).await?;
    /// assert_eq!(text, "trouble\n");
    /// # child.wait().await?;
    /// # Ok(())
    /// # }
    /// ```
    ChildStderr stderr, Receiver, Interest::READABLE
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
