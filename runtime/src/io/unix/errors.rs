//! What can go wrong with a foreign descriptor.

use std::error::Error;
use std::fmt;
use std::io;

/// The error of `try_io` on a guard: the operation would have blocked, and
/// the readiness was cleared.
///
/// # Examples
///
/// ```
/// use std::io::{Read, Write};
/// # use std::os::unix::net::UnixStream;
/// use runtime::io::unix::{AsyncFd, TryIoError};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let (ours, mut peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let ours = AsyncFd::new(ours)?;
/// # peer.write_all(b"hello")?;
/// let mut guard = ours.readable().await?;
/// # guard.get_inner().read(&mut [0; 16])?; // another task was here before
/// let read: Result<_, TryIoError> = guard.try_io(|fd| fd.get_ref().read(&mut [0; 16]));
/// assert!(read.is_err()); // it is to wait again
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TryIoError(());

impl TryIoError {
    pub(super) fn would_block() -> TryIoError {
        TryIoError(())
    }
}

impl fmt::Display for TryIoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the operation would have blocked")
    }
}

impl Error for TryIoError {}

/// The error of registering a descriptor. It gives the object back.
///
/// # Examples
///
/// ```
/// use std::fs::File;
/// use runtime::io::unix::{AsyncFd, AsyncFdRegisterError};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::current_exe()?;
/// fn watch(file: File) -> Result<AsyncFd<File>, AsyncFdRegisterError<File>> {
///     AsyncFd::try_new(file)
/// }
///
/// let file = File::open(path)?; // Linux cannot wait for a file of a disk
/// if let Err(error) = watch(file) {
///     println!("{}", std::io::Error::from(error)); // `?` turns it into this one
/// }
/// # Ok(())
/// # }
/// ```
pub struct AsyncFdRegisterError<T> {
    inner: T,
    cause: io::Error,
}

impl<T> AsyncFdRegisterError<T> {
    pub(super) fn new(inner: T, cause: io::Error) -> AsyncFdRegisterError<T> {
        AsyncFdRegisterError { inner, cause }
    }

    /// Returns the object that was to be registered, and what went wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{fs::File, io::Read};
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::current_exe()?;
    /// let file = File::open(path)?; // Linux cannot wait for a file of a disk
    /// if let Err(error) = AsyncFd::try_new(file) {
    ///     let (mut file, _error) = error.into_parts();
    ///     assert_eq!(file.read(&mut [0; 16])?, 16); // so read it otherwise
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_parts(self) -> (T, io::Error) {
        (self.inner, self.cause)
    }
}

impl<T> fmt::Display for AsyncFdRegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.cause, f)
    }
}

impl<T> fmt::Debug for AsyncFdRegisterError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.cause, f)
    }
}

impl<T> Error for AsyncFdRegisterError<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

impl<T> From<AsyncFdRegisterError<T>> for io::Error {
    fn from(error: AsyncFdRegisterError<T>) -> io::Error {
        error.cause
    }
}
