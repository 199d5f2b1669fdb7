//! Readiness of a foreign descriptor that somebody has seen and not yet answered for.

use std::fmt;
use std::io;
use std::os::fd::AsRawFd;

use io_driver::{ReadyEvent, Registration};

use super::{AsyncFd, TryIoError};
use crate::io::Ready;

/// The readiness of an [`AsyncFd`] at one moment.
///
/// Its holder works with the descriptor and then says what became of the readiness:
/// [`try_io`](Self::try_io) does so by itself, [`clear_ready`](Self::clear_ready) says that it is
/// used up, [`retain_ready`](Self::retain_ready) that it is not.
///
/// # Examples
///
/// ```
/// use std::io::{ErrorKind, Read, Write};
/// # use std::os::unix::net::UnixStream;
/// use runtime::io::unix::{AsyncFd, AsyncFdReadyGuard};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let (ours, mut peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let ours = AsyncFd::new(ours)?;
/// # peer.write_all(b"hello")?;
/// let mut guard: AsyncFdReadyGuard<'_, _> = ours.readable().await?;
/// match guard.get_inner().read(&mut [0; 16]) {
///     Err(error) if error.kind() == ErrorKind::WouldBlock => guard.clear_ready(),
///     read => assert_eq!(read?, 5),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "say what became of the readiness: call `try_io`, `clear_ready` or `retain_ready`"]
pub struct AsyncFdReadyGuard<'a, T: AsRawFd> {
    async_fd: &'a AsyncFd<T>,
    seen: Seen,
}

/// As [`AsyncFdReadyGuard`], with mutable access to the object.
///
/// # Examples
///
/// ```
/// use std::io::{ErrorKind, Read, Write};
/// # use std::os::unix::net::UnixStream;
/// use runtime::io::unix::{AsyncFd, AsyncFdReadyMutGuard};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let (ours, mut peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let mut ours = AsyncFd::new(ours)?;
/// # peer.write_all(b"hello")?;
/// let mut guard: AsyncFdReadyMutGuard<'_, _> = ours.readable_mut().await?;
/// match guard.get_inner_mut().read(&mut [0; 16]) {
///     Err(error) if error.kind() == ErrorKind::WouldBlock => guard.clear_ready(),
///     read => assert_eq!(read?, 5),
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "say what became of the readiness: call `try_io`, `clear_ready` or `retain_ready`"]
pub struct AsyncFdReadyMutGuard<'a, T: AsRawFd> {
    async_fd: &'a mut AsyncFd<T>,
    seen: Seen,
}

/// The readiness that a guard holds, until all of it is cleared.
#[derive(Debug)]
struct Seen(Option<ReadyEvent>);

impl Seen {
    fn ready(&self) -> Ready {
        self.0.map_or(Ready::EMPTY, |event| event.ready())
    }

    fn clear(&mut self, registration: &Registration) {
        if let Some(event) = self.0.take() {
            registration.clear_readiness(event);
        }
    }

    fn clear_matching(&mut self, registration: &Registration, ready: Ready) {
        if let Some(event) = self.0.take() {
            registration.clear_readiness(event.only(ready));
            let rest = event.ready() - ready;
            self.0 = (!rest.is_empty()).then(|| event.only(rest));
        }
    }
}

/// The methods that both guards have; `$wait` makes one.
macro_rules! guard_methods {
    ($wait:literal) => {
        /// Says that the descriptor is no longer ready: the next wait lasts until the
        /// system tells of a change.
        ///
        /// Call it only when an operation has failed with [`io::ErrorKind::WouldBlock`]; a change
        /// that came after this guard was made is not lost. An end
        /// that was told beside something else is believed still: the next attempt finds it, or
        /// is cleared in turn.
        ///
        /// # Examples
        ///
        /// ```
        /// use std::io::{ErrorKind, Read};
        /// # use std::{io::Write, os::unix::net::UnixStream};
        /// # use runtime::io::{Interest, unix::AsyncFd};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// # let (ours, mut peer) = UnixStream::pair()?;
        /// # ours.set_nonblocking(true)?;
        /// # let mut ours = AsyncFd::new(ours)?;
        /// # peer.write_all(b"hello")?;
        /// let mut buf = [0; 16];
        #[doc = concat!("let mut guard = ours.", $wait, "(Interest::READABLE).await?;")]
        /// match (&*guard.get_inner()).read(&mut buf) {
        ///     Err(error) if error.kind() == ErrorKind::WouldBlock => guard.clear_ready(),
        ///     read => assert_eq!(&buf[..read?], b"hello"),
        /// }
        /// # Ok(())
        /// # }
        /// ```
        pub fn clear_ready(&mut self) {
            self.seen.clear(&self.async_fd.registration);
        }

        /// As [`clear_ready`](Self::clear_ready), for some ways of being ready alone.
        ///
        /// It is for guards of a combined interest: if a read would have blocked, clear
        /// [`Ready::READABLE`] alone.
        ///
        /// # Examples
        ///
        /// ```
        /// # use std::os::unix::net::UnixStream;
        /// # use runtime::io::unix::AsyncFd;
        /// use runtime::io::{Interest, Ready};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// # let (ours, mut peer) = UnixStream::pair()?;
        /// # ours.set_nonblocking(true)?;
        /// # let mut ours = AsyncFd::new(ours)?;
        #[doc = concat!("let mut guard = ours.", $wait, "(Interest::READABLE | Interest::WRITABLE).await?;")]
        /// guard.clear_ready_matching(Ready::WRITABLE); // the peer is slow
        /// assert!(!guard.ready().is_writable());
        /// # Ok(())
        /// # }
        /// ```
        pub fn clear_ready_matching(&mut self, ready: Ready) {
            self.seen.clear_matching(&self.async_fd.registration, ready);
        }

        /// Says that the descriptor is still ready. It does nothing but spell that out.
        ///
        /// # Examples
        ///
        /// ```
        /// # use std::{io::Write, os::unix::net::UnixStream};
        /// # use runtime::io::{Interest, unix::AsyncFd};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// # let (ours, mut peer) = UnixStream::pair()?;
        /// # ours.set_nonblocking(true)?;
        /// # let mut ours = AsyncFd::new(ours)?;
        /// # peer.write_all(b"hello")?;
        #[doc = concat!("let mut guard = ours.", $wait, "(Interest::READABLE).await?;")]
        /// guard.retain_ready(); // somebody else is to read
        #[doc = concat!("assert!(ours.", $wait, "(Interest::READABLE).await?.ready().is_readable());")]
        /// # Ok(())
        /// # }
        /// ```
        pub fn retain_ready(&mut self) {}

        /// Returns the readiness that the guard holds, which is empty once it was cleared.
        ///
        /// # Examples
        ///
        /// ```
        /// # use std::{io::Write, os::unix::net::UnixStream};
        /// # use runtime::io::{Interest, unix::AsyncFd};
        ///
        /// # #[runtime::main(flavor = "current_thread")]
        /// # async fn main() -> std::io::Result<()> {
        /// # let (ours, mut peer) = UnixStream::pair()?;
        /// # ours.set_nonblocking(true)?;
        /// # let mut ours = AsyncFd::new(ours)?;
        /// # peer.write_all(b"hello")?;
        #[doc = concat!("let mut guard = ours.", $wait, "(Interest::READABLE).await?;")]
        /// assert!(guard.ready().is_readable());
        /// guard.clear_ready();
        /// assert!(guard.ready().is_empty());
        /// # Ok(())
        /// # }
        /// ```
        pub fn ready(&self) -> Ready {
            self.seen.ready()
        }
    };
}

impl<'a, T: AsRawFd> AsyncFdReadyGuard<'a, T> {
    pub(super) fn new(async_fd: &'a AsyncFd<T>, event: ReadyEvent) -> AsyncFdReadyGuard<'a, T> {
        AsyncFdReadyGuard {
            async_fd,
            seen: Seen(Some(event)),
        }
    }

    guard_methods!("ready");

    /// Calls `f`, and clears the readiness if it answers [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// Fails with [`TryIoError`] if `f` would have blocked: wait again. Every other
    /// result of `f` is passed on.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// # peer.write_all(b"hello")?;
    /// let read = loop {
    ///     let mut guard = ours.readable().await?;
    ///     if let Ok(read) = guard.try_io(|stream| stream.get_ref().read(&mut [0; 16])) {
    ///         break read?;
    ///     }
    /// };
    /// assert_eq!(read, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(
        &mut self,
        f: impl FnOnce(&'a AsyncFd<T>) -> io::Result<R>,
    ) -> Result<io::Result<R>, TryIoError> {
        match f(self.async_fd) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.clear_ready();
                Err(TryIoError::would_block())
            }
            result => Ok(result),
        }
    }

    /// Returns the [`AsyncFd`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # let ours = AsyncFd::new(ours)?;
    /// let guard = ours.writable().await?;
    /// assert!(std::ptr::eq(guard.get_ref(), &ours));
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_ref(&self) -> &'a AsyncFd<T> {
        self.async_fd
    }

    /// Returns the object inside the [`AsyncFd`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use std::io::Write;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// let guard = ours.writable().await?;
    /// assert_eq!(guard.get_inner().write(b"hello")?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_inner(&self) -> &'a T {
        self.async_fd.get_ref()
    }
}

impl<'a, T: AsRawFd> AsyncFdReadyMutGuard<'a, T> {
    pub(super) fn new(
        async_fd: &'a mut AsyncFd<T>,
        event: ReadyEvent,
    ) -> AsyncFdReadyMutGuard<'a, T> {
        AsyncFdReadyMutGuard {
            async_fd,
            seen: Seen(Some(event)),
        }
    }

    guard_methods!("ready_mut");

    /// Calls `f`, and clears the readiness if it answers [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// Fails with [`TryIoError`] if `f` would have blocked: wait again. Every other
    /// result of `f` is passed on.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// # peer.write_all(b"hello")?;
    /// let read = loop {
    ///     let mut guard = ours.readable_mut().await?;
    ///     if let Ok(read) = guard.try_io(|stream| stream.get_mut().read(&mut [0; 16])) {
    ///         break read?;
    ///     }
    /// };
    /// assert_eq!(read, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(
        &mut self,
        f: impl FnOnce(&mut AsyncFd<T>) -> io::Result<R>,
    ) -> Result<io::Result<R>, TryIoError> {
        match f(self.async_fd) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.clear_ready();
                Err(TryIoError::would_block())
            }
            result => Ok(result),
        }
    }

    /// Returns the [`AsyncFd`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use std::os::fd::AsRawFd;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let number = ours.as_raw_fd();
    /// let guard = ours.writable_mut().await?;
    /// assert_eq!(guard.get_ref().as_raw_fd(), number);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_ref(&self) -> &AsyncFd<T> {
        self.async_fd
    }

    /// Returns the [`AsyncFd`], mutably.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use std::io::Write;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let mut guard = ours.writable_mut().await?;
    /// assert_eq!(guard.get_mut().get_mut().write(b"hello")?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_mut(&mut self) -> &mut AsyncFd<T> {
        self.async_fd
    }

    /// Returns the object inside the [`AsyncFd`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let guard = ours.writable_mut().await?;
    /// assert!(guard.get_inner().local_addr()?.is_unnamed());
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_inner(&self) -> &T {
        self.async_fd.get_ref()
    }

    /// Returns the object inside the [`AsyncFd`], mutably.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::os::unix::net::UnixStream;
    /// use std::io::Write;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let mut guard = ours.writable_mut().await?;
    /// assert_eq!(guard.get_inner_mut().write(b"hello")?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_inner_mut(&mut self) -> &mut T {
        self.async_fd.get_mut()
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFdReadyGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFdReadyGuard")
            .field("async_fd", &self.async_fd)
            .field("ready", &self.ready())
            .finish()
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFdReadyMutGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFdReadyMutGuard")
            .field("async_fd", &self.async_fd)
            .field("ready", &self.ready())
            .finish()
    }
}
