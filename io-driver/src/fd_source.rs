//! Any owner of a descriptor as an event source.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use mio::event::Source;
use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};

/// Makes an [`Evented`](crate::Evented) source of anything that has a file descriptor.
///
/// The descriptor must be in non-blocking mode, and `T` must keep the same descriptor open while it
/// is registered. The descriptor is read once, at [`new`](FdSource::new): an owner that changes its
/// mind later can make events go missing, not take those of another.
///
/// # Examples
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// use io_driver::{Driver, Evented, FdSource, Interest};
/// use std::net::UdpSocket;
///
/// let driver = Driver::new(16)?;
/// let socket = UdpSocket::bind("127.0.0.1:0")?;
/// socket.set_nonblocking(true)?;
/// let socket = Evented::new(driver.handle(), FdSource::new(socket), Interest::READABLE)?;
/// println!("{}", socket.local_addr()?);
/// # Ok(())
/// # }
/// ```
pub struct FdSource<T> {
    owner: T,
    fd: RawFd,
}

impl<T: AsRawFd> FdSource<T> {
    /// Wraps the owner of a descriptor.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::{Driver, FdSource, Interest};
    /// use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let driver = Driver::new(16)?;
    /// let (ours, _peer) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let mut ours = FdSource::new(ours);
    /// let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// registration.deregister(&mut ours)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(owner: T) -> FdSource<T> {
        let fd = owner.as_raw_fd();
        FdSource { owner, fd }
    }
}

impl<T> FdSource<T> {
    /// Gives the owner back.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::FdSource;
    /// use std::os::unix::net::UnixStream;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// let ours: UnixStream = FdSource::new(ours).into_inner();
    /// # drop(ours);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.owner
    }
}

impl<T> Source for FdSource<T> {
    fn register(
        &mut self,
        registry: &Registry,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        SourceFd(&self.fd).register(registry, token, interest)
    }

    fn reregister(
        &mut self,
        registry: &Registry,
        token: Token,
        interest: Interest,
    ) -> io::Result<()> {
        SourceFd(&self.fd).reregister(registry, token, interest)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        SourceFd(&self.fd).deregister(registry)
    }
}

impl<T> Deref for FdSource<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.owner
    }
}

impl<T> DerefMut for FdSource<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.owner
    }
}

impl<T> AsRawFd for FdSource<T> {
    fn as_raw_fd(&self) -> RawFd {
        self.fd
    }
}

impl<T: AsFd> AsFd for FdSource<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.owner.as_fd()
    }
}

impl<T: fmt::Debug> fmt::Debug for FdSource<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.owner.fmt(f)
    }
}
