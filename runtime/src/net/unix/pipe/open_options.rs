//! Opens an end of a named pipe.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::descriptor::invalid;
use super::{Receiver, Sender};
use crate::util::system::pipes::is_pipe;

/// Says how an end of a named pipe (FIFO) is to be opened.
///
/// Opening never waits for the other end.
///
/// # Examples
///
/// ```no_run
/// use runtime::net::unix::pipe;
///
/// # fn example() -> std::io::Result<()> {
/// let receiver = pipe::OpenOptions::new().open_receiver("/run/commands")?;
/// # drop(receiver);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    read_write: bool,
    unchecked: bool,
}

impl OpenOptions {
    /// Returns options with everything off.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::unix::pipe::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let receiver = OpenOptions::new().open_receiver("/run/commands")?;
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new() -> OpenOptions {
        OpenOptions::default()
    }

    /// Chooses whether the pipe is opened for reading and writing, though the value made of
    /// it does one of the two.
    ///
    /// A sender can then be opened while nobody reads, and a receiver does not see the end of the
    /// stream when the last writer leaves: it waits for the next. Linux alone promises
    /// that this works.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::unix::pipe::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// // it never reads an end, however many senders come and go
    /// let receiver = OpenOptions::new().read_write(true).open_receiver("/run/commands")?;
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub fn read_write(&mut self, value: bool) -> &mut OpenOptions {
        self.read_write = value;
        self
    }

    /// Chooses whether to spare the check that the file is a pipe. The file must be one then: it
    /// is not unsound otherwise, but the value made of it does not work.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::net::unix::pipe::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut options = OpenOptions::new();
    /// let receiver = options.unchecked(true).open_receiver("/run/commands")?; // made by `mkfifo`
    /// # drop(receiver);
    /// # Ok(())
    /// # }
    /// ```
    pub fn unchecked(&mut self, value: bool) -> &mut OpenOptions {
        self.unchecked = value;
        self
    }

    /// Opens the reading end of the pipe with this path.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::InvalidInput`] if the file is not a pipe, and with the
    /// system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::io::AsyncReadExt;
    /// use runtime::net::unix::pipe::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut receiver = OpenOptions::new().open_receiver("/run/commands")?;
    /// let mut commands = String::new();
    /// receiver.read_to_string(&mut commands).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn open_receiver<P: AsRef<Path>>(&self, path: P) -> io::Result<Receiver> {
        let file = self.open(path.as_ref(), fs::OpenOptions::new().read(true))?;
        Receiver::from_file_unchecked(file)
    }

    /// Opens the writing end of the pipe with this path.
    ///
    /// # Errors
    ///
    /// Fails with the system's `ENXIO` if nobody has the pipe open for reading; try again later, or
    /// use `read_write` where there is such a thing. Fails with [`io::ErrorKind::InvalidInput`]
    /// if the file is not a pipe, and with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::io::AsyncWriteExt;
    /// use runtime::net::unix::pipe::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut sender = OpenOptions::new().open_sender("/run/commands")?;
    /// sender.write_all(b"reload\n").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn open_sender<P: AsRef<Path>>(&self, path: P) -> io::Result<Sender> {
        let file = self.open(path.as_ref(), fs::OpenOptions::new().write(true))?;
        Sender::from_file_unchecked(file)
    }

    fn open(&self, path: &Path, options: &mut fs::OpenOptions) -> io::Result<File> {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if self.read_write {
            options.read(true).write(true);
        }
        let file = options.custom_flags(libc::O_NONBLOCK).open(path)?;
        if !self.unchecked && !is_pipe(file.as_fd())? {
            return Err(invalid("the file is not a pipe"));
        }
        Ok(file)
    }
}
