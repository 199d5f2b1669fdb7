//! The end of a pipe that writes.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};

use super::descriptor::{self, End};
use crate::io::evented_stream::impl_writing;
use crate::io::{Evented, Interest, Ready};
use crate::net::conversions::shows_its_descriptor;
use crate::net::examples::stream_and_peer;
use crate::net::methods::{poll_write_ready_method, ready_method, writing_methods};

/// The end of a pipe that writes.
///
/// Up to the system's `PIPE_BUF` bytes in one buffer are written at once or not at all. A write
/// fails with [`BrokenPipe`](io::ErrorKind::BrokenPipe) once nobody has the other end open: a Rust
/// program ignores the signal that comes with it, unless it was told otherwise.
///
/// Dropping it closes this end. `shutdown` does not: a
/// pipe has no half to be closed.
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
/// let mut buf = [0; 16];
/// assert_eq!(receiver.read(&mut buf).await?, 5);
/// drop(receiver);
/// assert!(sender.write_all(b"hello").await.is_err()); // nobody reads
/// # Ok(())
/// # }
/// ```
pub struct Sender {
    io: Evented<mio::unix::pipe::Sender>,
}

impl Sender {
    /// Takes over a file that is the writing end of a pipe, and puts it into non-blocking mode.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::InvalidInput`] if it is not a pipe or not open for writing,
    /// and with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use std::fs::OpenOptions;
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let file = OpenOptions::new().write(true).open("/run/commands")?;
    /// let sender = pipe::Sender::from_file(file)?;
    /// # drop(sender);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_file(file: File) -> io::Result<Sender> {
        Sender::from_owned_fd(file.into())
    }

    /// Takes over a descriptor that is the writing end of a pipe, and puts it into
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
    /// # let (sender, mut receiver) = pipe::pipe()?;
    /// # let writing: OwnedFd = sender.into_blocking_fd()?;
    /// let mut sender = pipe::Sender::from_owned_fd(writing)?;
    /// sender.write_all(b"hello").await?;
    /// assert_eq!(receiver.read(&mut [0; 16]).await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_owned_fd(owned_fd: OwnedFd) -> io::Result<Sender> {
        descriptor::prepare(owned_fd.as_fd(), End::Writing)?;
        Sender::from_owned_fd_unchecked(owned_fd)
    }

    /// Takes over a file without a check. It must be the writing end of a pipe in non-blocking
    /// mode: it is not unsound otherwise, but writing may block the thread.
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
    /// let file = options.write(true).custom_flags(libc::O_NONBLOCK).open("/run/commands")?;
    /// let sender = pipe::Sender::from_file_unchecked(file)?;
    /// # drop(sender);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_file_unchecked(file: File) -> io::Result<Sender> {
        Sender::from_owned_fd_unchecked(file.into())
    }

    /// Takes over a descriptor without a check. It must be the writing end of a pipe in
    /// non-blocking mode: it is not unsound otherwise, but writing may block the thread.
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
    /// let (sender, _receiver) = pipe::pipe()?;
    /// let descriptor = sender.into_nonblocking_fd()?;
    /// let sender = pipe::Sender::from_owned_fd_unchecked(descriptor)?;
    /// # drop(sender);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn from_owned_fd_unchecked(owned_fd: OwnedFd) -> io::Result<Sender> {
        Sender::from_mio(owned_fd.into())
    }

    #[track_caller]
    pub(super) fn from_mio(sender: mio::unix::pipe::Sender) -> io::Result<Sender> {
        Ok(Sender {
            io: Evented::new(sender, Interest::WRITABLE)?,
        })
    }

    /// Lets the first write try without waiting for an event.
    pub(super) fn assume_writable(&self) {
        self.io.assume_ready(Ready::WRITABLE);
    }

    ready_method!();
    writing_methods!(stream_and_peer!(Sender));
    poll_write_ready_method!(stream_and_peer!(Sender));

    /// Calls `f`, which writes to the descriptor in its own way, if the pipe is known to be
    /// writable.
    ///
    /// If `f` fails with [`io::ErrorKind::WouldBlock`], that is forgotten, so `f` may answer so
    /// only if the system did. `f` must not use the methods of this type for the transfer.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if the pipe is not writable, in which case `f` is
    /// not called, and with whatever `f` fails with.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (sender, _receiver) = pipe::pipe()?;
    /// sender.writable().await?;
    /// let n = sender.try_io(|| Ok(rustix::io::write(&sender, b"hello")?))?;
    /// assert_eq!(n, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(&self, f: impl FnOnce() -> io::Result<R>) -> io::Result<R> {
        self.io.try_io(Interest::WRITABLE, f)
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
    /// use std::{fs::File, io::Write};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (sender, _receiver) = pipe::pipe()?;
    /// let mut writer = File::from(sender.into_blocking_fd()?);
    /// writer.write_all(b"hello")?;
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
    /// use std::{fs::File, io::Write};
    /// use runtime::net::unix::pipe;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (sender, _receiver) = pipe::pipe()?;
    /// let mut writer = File::from(sender.into_nonblocking_fd()?);
    /// assert_eq!(writer.write(b"hello")?, 5); // there is room
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_nonblocking_fd(self) -> io::Result<OwnedFd> {
        self.io.into_inner().map(Into::into)
    }

    /// There is no half to be closed; dropping closes the end.
    fn close_write(&self) -> io::Result<()> {
        Ok(())
    }

    fn io(&self) -> &Evented<mio::unix::pipe::Sender> {
        &self.io
    }
}

impl_writing!(Sender);
shows_its_descriptor!(Sender, |sender| sender.io.get_ref());

impl std::fmt::Debug for Sender {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.io.fmt(f)
    }
}
