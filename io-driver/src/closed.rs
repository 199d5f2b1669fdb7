//! Why a registration will never be ready again.

use std::error::Error;
use std::fmt;
use std::io;

/// The error of a registration that the driver no longer serves.
///
/// It comes inside an [`io::Error`] of kind `Other`.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use io_driver::{Closed, Driver, FdSource, Interest};
///
/// let driver = Driver::new(16)?;
/// driver.handle().shutdown(&mut Vec::new());
///
/// let (ours, _peer) = std::os::unix::net::UnixStream::pair()?;
/// let error = driver.handle().register(&mut FdSource::new(ours), Interest::READABLE).unwrap_err();
/// assert!(Closed::of(&error).is_some_and(|closed| closed.is_shutdown()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed(Reason);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Shutdown,
    Deregistered,
    Forked,
}

impl Closed {
    pub(crate) const SHUTDOWN: Closed = Closed(Reason::Shutdown);
    pub(crate) const FORKED: Closed = Closed(Reason::Forked);
    pub(crate) const DEREGISTERED: Closed = Closed(Reason::Deregistered);

    /// Finds this error inside an [`io::Error`].
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Closed;
    /// use std::io;
    ///
    /// let error = io::Error::from(io::ErrorKind::ConnectionReset);
    /// assert_eq!(Closed::of(&error), None); // it is the connection, not the driver
    /// ```
    pub fn of(error: &io::Error) -> Option<Closed> {
        error.get_ref()?.downcast_ref().copied()
    }

    /// Tells whether the driver was shut down, with the runtime that owned it.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let driver = Driver::new(16)?;
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// driver.handle().shutdown(&mut Vec::new());
    /// assert!(registration.closed().unwrap().is_shutdown());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_shutdown(&self) -> bool {
        self.0 == Reason::Shutdown
    }

    /// Tells whether this process is a fork of the one that the driver was made in.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Closed, Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let driver = Driver::new(16)?;
    /// driver.handle().shutdown(&mut Vec::new());
    /// let error = driver.handle().register(&mut ours, Interest::READABLE).unwrap_err();
    /// assert!(!Closed::of(&error).unwrap().is_forked()); // it is the same process
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_forked(&self) -> bool {
        self.0 == Reason::Forked
    }

    /// Tells whether the source was deregistered while someone still waited on it.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Closed, Driver, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// let driver = Driver::new(16)?;
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// registration.deregister(&mut ours)?;
    /// let error = registration.try_io(Interest::READABLE, || Ok(())).unwrap_err();
    /// assert!(Closed::of(&error).unwrap().is_deregistered());
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_deregistered(&self) -> bool {
        self.0 == Reason::Deregistered
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Reason::Shutdown => {
                "the runtime that drove this source is gone: keep it alive as long as its sources, or register again elsewhere"
            }
            Reason::Forked => {
                "this process is a fork of the one that the driver is in: build a new driver here"
            }
            Reason::Deregistered => "this source was deregistered: register it again to wait on it",
        })
    }
}

impl Error for Closed {}

impl From<Closed> for io::Error {
    #[cold]
    fn from(closed: Closed) -> io::Error {
        io::Error::other(closed)
    }
}
