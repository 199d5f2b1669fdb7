//! A source together with its registration.

use std::fmt;
use std::io;
use std::ops::Deref;

use mio::event::Source;

use crate::{Handle, Interest, Registration};

/// Owns a source and its registration, and deregisters the source when dropped.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use io_driver::{Driver, Evented, FdSource, Interest};
/// use std::os::unix::net::UnixStream;
///
/// let driver = Driver::new(16)?;
/// let (ours, _peer) = UnixStream::pair()?;
/// ours.set_nonblocking(true)?;
/// let ours = Evented::new(driver.handle(), FdSource::new(ours), Interest::READABLE | Interest::WRITABLE)?;
/// assert_eq!(driver.handle().metrics().registered, 1);
///
/// let _stream: UnixStream = ours.into_inner()?.into_inner();
/// assert_eq!(driver.handle().metrics().deregistered, 1);
/// # Ok(())
/// # }
/// ```
pub struct Evented<S: Source> {
    /// `None` only once `into_inner` has taken it.
    source: Option<S>,
    registration: Registration,
}

impl<S: Source> Evented<S> {
    /// Registers the source.
    ///
    /// # Errors
    ///
    /// As [`Handle::register`]; the source is dropped then.
    /// [`try_new`](Evented::try_new) gives it back.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, Evented, FdSource, Interest};
    /// use std::net::UdpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// let socket = UdpSocket::bind("127.0.0.1:0")?;
    /// socket.set_nonblocking(true)?;
    /// let socket = Evented::new(driver.handle(), FdSource::new(socket), Interest::READABLE)?;
    /// drop(socket); // and so is the registration
    /// assert_eq!(driver.handle().metrics().deregistered, 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(handle: &Handle, source: S, interest: Interest) -> io::Result<Evented<S>> {
        Evented::try_new(handle, source, interest).map_err(|(_, error)| error)
    }

    /// Registers the source, or gives it back with the error.
    ///
    /// # Errors
    ///
    /// As [`Handle::register`].
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, Evented, FdSource, Interest};
    /// use std::net::UdpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// driver.handle().shutdown(&mut Vec::new());
    /// let socket = FdSource::new(UdpSocket::bind("127.0.0.1:0")?);
    /// let (socket, error) = Evented::try_new(driver.handle(), socket, Interest::READABLE).unwrap_err();
    /// println!("{:?} cannot be registered: {error}", socket.local_addr()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_new(
        handle: &Handle,
        mut source: S,
        interest: Interest,
    ) -> Result<Evented<S>, (S, io::Error)> {
        match handle.register(&mut source, interest) {
            Ok(registration) => Ok(Evented {
                source: Some(source),
                registration,
            }),
            Err(error) => Err((source, error)),
        }
    }

    /// Returns the registration, on which to wait.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, Evented, FdSource, Interest};
    /// # use std::net::UdpSocket;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let socket = FdSource::new(UdpSocket::bind("127.0.0.1:0")?);
    /// let socket = Evented::new(driver.handle(), socket, Interest::READABLE)?;
    /// assert!(!socket.registration().readiness().is_readable()); // nothing has come in
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn registration(&self) -> &Registration {
        &self.registration
    }

    /// Returns the source for changes; it must stay the same descriptor.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, Evented, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// let mut ours = Evented::new(driver.handle(), FdSource::new(ours), Interest::WRITABLE)?;
    /// assert_eq!(ours.get_mut().write(b"hello")?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_mut(&mut self) -> &mut S {
        self.source
            .as_mut()
            .expect("the source is there until into_inner")
    }

    /// Deregisters the source and gives it back.
    ///
    /// # Errors
    ///
    /// What the operating system answers to the deregistration; the source is dropped then.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, Evented, FdSource, Interest};
    /// # use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let driver = Driver::new(16)?;
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// let ours = Evented::new(driver.handle(), FdSource::new(ours), Interest::READABLE)?;
    /// let ours: FdSource<UnixStream> = ours.into_inner()?;
    /// assert_eq!(driver.handle().metrics().deregistered, 1);
    /// # drop(ours);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(mut self) -> io::Result<S> {
        let mut source = self
            .source
            .take()
            .expect("the source is there until into_inner");
        self.registration.stop_watching(&mut source)?;
        Ok(source)
    }
}

impl<S: Source> Deref for Evented<S> {
    type Target = S;

    #[inline]
    fn deref(&self) -> &S {
        self.source
            .as_ref()
            .expect("the source is there until into_inner")
    }
}

impl<S: Source> Drop for Evented<S> {
    fn drop(&mut self) {
        if let Some(source) = &mut self.source {
            // An error would mean that it is not watched any more, which is what we want.
            let _ = self.registration.stop_watching(source);
        }
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Evented<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evented")
            .field("source", &self.source)
            .field("registration", &self.registration)
            .finish()
    }
}
