//! The end of a pipe that reads.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use super::descriptor::{self, End};
use crate::io::evented_stream::impl_reading;
use crate::io::{Evented, Interest};
use crate::net::conversions::shows_its_descriptor;
use crate::net::examples::receiving;
use crate::net::methods::{poll_read_ready_method, reading_methods, ready_method};

/// The end of a pipe that reads.
///
/// It reads 0 bytes, the end of the stream, while nobody has the other end open. Somebody may open
/// a named pipe for writing again after that, and reading then goes on; see
/// [`OpenOptions`](super::OpenOptions) for a receiver that never sees an end.
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
pub struct Receiver {
    io: Evented<mio::unix::pipe::Receiver>,
}

impl Receiver {
    /// Takes over a file that is the reading end of a pipe, and puts it into non-blocking mode.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::InvalidInput`] if it is not a pipe or not open for reading,
    /// and with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::fs::File;
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let receiver = pipe::Receiver::from_file(File::open("/run/commands")?)?;
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_file(file: File) -> io::Result<Receiver> {
        Receiver::from_owned_fd(file.into())
    }

    /// Takes over a descriptor that is the reading end of a pipe, and puts it into
    /// non-blocking mode.
    ///
    /// # Errors
    ///
    /// As for [`from_file`](Self::from_file).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::fd::OwnedFd;
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (mut sender, receiver) = pipe::pipe()?;
    /// # let reading: OwnedFd = receiver.into_blocking_fd()?;
    /// let mut receiver = pipe::Receiver::from_owned_fd(reading)?;
    /// sender.write_all(b"hello").await?;
    /// assert_eq!(receiver.read(&mut [0; 16]).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_owned_fd(owned_fd: OwnedFd) -> io::Result<Receiver> {
        descriptor::prepare(owned_fd.as_fd(), End::Reading)?;
        Receiver::from_owned_fd_unchecked(owned_fd)
    }

    /// Takes over a file without a check. It must be the reading end of a pipe in non-blocking
    /// mode: it is not unsound otherwise, but reading may block the thread.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be registered with the runtime.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut options = OpenOptions::new();
    /// let file = options.read(true).custom_flags(libc::O_NONBLOCK).open("/run/commands")?;
    /// let receiver = pipe::Receiver::from_file_unchecked(file)?;
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_file_unchecked(file: File) -> io::Result<Receiver> {
        Receiver::from_owned_fd_unchecked(file.into())
    }

    /// Takes over a descriptor without a check. It must be the reading end of a pipe in
    /// non-blocking mode: it is not unsound otherwise, but reading may block the thread.
    ///
    /// # Errors
    ///
    /// Fails if the descriptor cannot be registered with the runtime.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (_sender, receiver) = pipe::pipe()?;
    /// let descriptor = receiver.into_nonblocking_fd()?;
    /// let receiver = pipe::Receiver::from_owned_fd_unchecked(descriptor)?;
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_owned_fd_unchecked(owned_fd: OwnedFd) -> io::Result<Receiver> {
        Receiver::from_mio(owned_fd.into())
    }

    #[track_caller]
    pub(super) fn from_mio(receiver: mio::unix::pipe::Receiver) -> io::Result<Receiver> {
        Ok(Receiver {
            io: Evented::new(receiver, Interest::READABLE)?,
        })
    }

    ready_method!();
    reading_methods!(receiving!(Receiver));
    poll_read_ready_method!(receiving!(Receiver));

    /// Calls `f`, which reads from the descriptor in its own way, if the pipe is known to be
    /// readable.
    ///
    /// If `f` fails with [`io::ErrorKind::WouldBlock`], that is forgotten, so `f` may answer so
    /// only if the system did. `f` must not use the methods of this type for the transfer.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if the pipe is not readable, in which case `f` is
    /// not called, and with whatever `f` fails with.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::AsyncWriteExt;
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (mut sender, receiver) = pipe::pipe()?;
    /// sender.write_all(b"hello").await?;
    /// receiver.readable().await?;
    /// let mut buf = [0; 16];
    /// let n = receiver.try_io(|| Ok(rustix::io::read(&receiver, &mut buf)?))?;
    /// assert_eq!(&buf[..n], b"hello");
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(&self, f: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        self.io.try_io(Interest::READABLE, f)
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
    /// use std::{fs::File, io::Read};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (sender, receiver) = pipe::pipe()?;
    /// drop(sender);
    /// let mut reader = File::from(receiver.into_blocking_fd()?);
    /// assert_eq!(reader.read(&mut [0; 16])?, 0);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_blocking_fd(self) -> io::Result<OwnedFd> {
        self.into_nonblocking_fd()
            .and_then(descriptor::make_blocking)
    }

    /// Gives the descriptor back in non-blocking mode.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be taken out of the runtime's reactor.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{fs::File, io::ErrorKind, io::Read};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (_sender, receiver) = pipe::pipe()?;
    /// let mut reader = File::from(receiver.into_nonblocking_fd()?);
    /// assert_eq!(reader.read(&mut [0; 16]).unwrap_err().kind(), ErrorKind::WouldBlock);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_nonblocking_fd(self) -> io::Result<OwnedFd> {
        self.io.into_inner().map(Into::into)
    }

    fn io(&self) -> &Evented<mio::unix::pipe::Receiver> {
        &self.io
    }
}

impl_reading!(Receiver);
shows_its_descriptor!(Receiver, |receiver| receiver.io.get_ref());

impl std::fmt::Debug for Receiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.io.fmt(f)
    }
}
