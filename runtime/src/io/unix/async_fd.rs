//! A foreign descriptor in the reactor: making one and taking it apart.

use std::fmt;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};

use io_driver::{Registration, SourceFd};

use super::errors::AsyncFdRegisterError;
use crate::io::{Interest, cooperative};

/// Makes an object with a descriptor asynchronous: sockets and pipes of other libraries,
/// eventfds, timerfds, inotify.
///
/// The descriptor must be one that the system can poll (regular files are not) and must be in
/// non-blocking mode. The object closes it; it stays registered until the `AsyncFd` is dropped or
/// taken apart by [`into_inner`](Self::into_inner), and must be the same all the while.
///
/// # Readiness
///
/// The system tells of a change only: when the descriptor *becomes* ready. The reactor keeps that
/// readiness until it is told that an operation would have blocked. The methods that run an
/// operation ([`async_io`](Self::async_io), [`try_io`](Self::try_io),
/// [`AsyncFdReadyGuard::try_io`]) do so by themselves. Who waits with
/// [`readable`](Self::readable) and works on the descriptor directly calls
/// [`AsyncFdReadyGuard::clear_ready`] when, and only when, the operation has failed with
/// [`io::ErrorKind::WouldBlock`]; else the next wait returns at once, or never.
///
/// [`AsyncFdReadyGuard::try_io`]: super::AsyncFdReadyGuard::try_io
/// [`AsyncFdReadyGuard::clear_ready`]: super::AsyncFdReadyGuard::clear_ready
///
/// # Examples
///
/// ```no_run
/// use std::io::{self, Read};
/// use std::net::TcpStream;
///
/// use runtime::io::{Interest, unix::AsyncFd};
///
/// # async fn example() -> io::Result<()> {
/// let stream = TcpStream::connect("127.0.0.1:8080")?;
/// stream.set_nonblocking(true)?;
/// let stream = AsyncFd::new(stream)?;
/// let mut buf = [0; 1024];
/// let n = stream.async_io(Interest::READABLE, |mut stream| stream.read(&mut buf)).await?;
/// # drop(n);
/// # Ok(())
/// # }
/// ```
pub struct AsyncFd<T: AsRawFd> {
    pub(super) registration: Registration,
    /// Taken out by `take_inner` alone.
    inner: Option<T>,
}

impl<T: AsRawFd> AsyncFd<T> {
    /// Registers `inner` for reading and writing.
    ///
    /// [`AsRawFd`] does not vouch for the descriptor: if it is closed or exchanged while it is registered, waits for
    /// it, and for whatever gets its number next, may last for ever or be in vain. Nothing worse happens. (Tokio has
    /// deprecated its method for [`register`](Self::register), which asks for the caller's word.)
    ///
    /// # Errors
    ///
    /// Fails if the system cannot poll the descriptor, or if the runtime is shutting down. `inner`
    /// is dropped then; [`try_new`](Self::try_new) gives it back.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (ours, _peer) = UnixStream::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let ours = AsyncFd::new(ours)?;
    /// ours.writable().await?.retain_ready();
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn new(inner: T) -> io::Result<AsyncFd<T>> {
        Ok(AsyncFd::try_new(inner)?)
    }

    /// Registers `inner` for what `interest` says.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::net::UnixDatagram;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (ours, peer) = UnixDatagram::pair()?;
    /// ours.set_nonblocking(true)?;
    /// let ours = AsyncFd::with_interest(ours, Interest::READABLE)?; // it is only read
    /// peer.send(b"hello")?;
    /// let n = ours.async_io(Interest::READABLE, |socket| socket.recv(&mut [0; 16])).await?;
    /// assert_eq!(n, 5);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn with_interest(inner: T, interest: Interest) -> io::Result<AsyncFd<T>> {
        Ok(AsyncFd::try_with_interest(inner, interest)?)
    }

    /// Registers `inner` for reading and writing, and gives it back if that fails.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::fs::File;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::current_exe()?;
    /// let file = File::open(path)?; // Linux cannot wait for a file of a disk
    /// if let Err(error) = AsyncFd::try_new(file) {
    ///     let (file, error) = error.into_parts();
    ///     println!("cannot wait for {file:?}: {error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn try_new(inner: T) -> Result<AsyncFd<T>, AsyncFdRegisterError<T>> {
        AsyncFd::try_with_interest(inner, Interest::READABLE | Interest::WRITABLE)
    }

    /// Registers `inner` for what `interest` says, and gives it back if that fails.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::fs::File;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::current_exe()?;
    /// let file = File::open(path)?; // Linux cannot wait for a file of a disk
    /// if let Err(error) = AsyncFd::try_with_interest(file, Interest::READABLE) {
    ///     let (file, error) = error.into_parts();
    ///     println!("cannot wait for {file:?}: {error}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn try_with_interest(
        inner: T,
        interest: Interest,
    ) -> Result<AsyncFd<T>, AsyncFdRegisterError<T>> {
        let fd = inner.as_raw_fd();
        match cooperative::register(&mut SourceFd(&fd), interest) {
            Ok(registration) => Ok(AsyncFd {
                registration,
                inner: Some(inner),
            }),
            Err(cause) => Err(AsyncFdRegisterError::new(inner, cause)),
        }
    }

    /// Registers `inner` for reading and writing, on the caller's word that
    /// its descriptor is sound.
    ///
    /// # Errors
    ///
    /// Fails if the system cannot poll the descriptor, or if the runtime is shutting down. The
    /// error gives `inner` back.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Safety
    ///
    /// What `inner.as_raw_fd()` returns must be an open descriptor, the same at every call, until
    /// the `AsyncFd` is dropped or taken apart.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::fd::{AsRawFd, RawFd};
    /// use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// struct Library(UnixStream); // a type that has no `AsFd`
    ///
    /// impl AsRawFd for Library {
    ///     fn as_raw_fd(&self) -> RawFd {
    ///         self.0.as_raw_fd()
    ///     }
    /// }
    ///
    /// # let (stream, _peer) = UnixStream::pair()?;
    /// // SAFETY: the stream stays open, and the same, as long as the library has it.
    /// let library = unsafe { AsyncFd::register(Library(stream))? };
    /// # drop(library);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub unsafe fn register(inner: T) -> Result<AsyncFd<T>, AsyncFdRegisterError<T>> {
        AsyncFd::try_new(inner)
    }

    /// Registers `inner` for what `interest` says, on the caller's word that
    /// its descriptor is sound.
    ///
    /// # Errors
    ///
    /// As for [`register`](Self::register).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Safety
    ///
    /// As for [`register`](Self::register).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::fd::{AsRawFd, OwnedFd};
    /// use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (stream, _peer) = UnixStream::pair()?;
    /// let number = stream.as_raw_fd();
    /// // SAFETY: `stream` is dropped after this, and has the descriptor open until then.
    /// let watched = unsafe { AsyncFd::register_with_interest(number, Interest::WRITABLE)? };
    /// drop((watched, stream));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub unsafe fn register_with_interest(
        inner: T,
        interest: Interest,
    ) -> Result<AsyncFd<T>, AsyncFdRegisterError<T>> {
        AsyncFd::try_with_interest(inner, interest)
    }

    /// Returns the object.
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
    /// let ours = AsyncFd::new(ours)?;
    /// ours.get_ref().set_nonblocking(true)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_ref(&self) -> &T {
        self.inner
            .as_ref()
            .expect("the object is there until the end")
    }

    /// Returns the object, mutably. Its descriptor must not be exchanged for another.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    /// use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// let mut ours: AsyncFd<UnixStream> = AsyncFd::new(ours)?;
    /// ours.writable().await?.retain_ready();
    /// assert_eq!(ours.get_mut().write(b"hello")?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_mut(&mut self) -> &mut T {
        self.inner
            .as_mut()
            .expect("the object is there until the end")
    }

    /// Takes the descriptor out of the reactor and returns the object.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// let ours = AsyncFd::new(ours)?;
    /// let ours: UnixStream = ours.into_inner(); // the reactor has forgotten it
    /// # drop(ours);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(mut self) -> T {
        self.take_inner()
            .expect("the object is there until the end")
    }

    pub(super) fn parts_mut(&mut self) -> (&Registration, &mut T) {
        let inner = self.inner.as_mut();
        let inner = inner.expect("the object is there until the end");
        (&self.registration, inner)
    }

    fn take_inner(&mut self) -> Option<T> {
        let inner = self.inner.take()?;
        let fd = inner.as_raw_fd();
        // A failure means that the reactor knows the descriptor no longer,
        // which is what was asked for.
        let _ = self.registration.deregister(&mut SourceFd(&fd));
        Some(inner)
    }
}

impl<T: AsRawFd> Drop for AsyncFd<T> {
    fn drop(&mut self) {
        drop(self.take_inner());
    }
}

impl<T: AsRawFd> AsRawFd for AsyncFd<T> {
    fn as_raw_fd(&self) -> RawFd {
        self.get_ref().as_raw_fd()
    }
}

/// Not for every `T`, as with tokio: a borrowed descriptor is open, which an [`AsRawFd`] alone does not promise.
impl<T: AsRawFd + AsFd> AsFd for AsyncFd<T> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.get_ref().as_fd()
    }
}

impl<T: AsRawFd + fmt::Debug> fmt::Debug for AsyncFd<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncFd")
            .field("inner", self.get_ref())
            .finish_non_exhaustive()
    }
}
