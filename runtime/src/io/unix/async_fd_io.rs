//! A foreign descriptor in the reactor: waiting for it and working with it.

use std::io;
use std::os::fd::AsRawFd;
use std::task::{Context, Poll, ready};

use io_driver::Direction;

use super::{AsyncFd, AsyncFdReadyGuard, AsyncFdReadyMutGuard};
use crate::io::{Interest, cooperative};

/// # Waiting
///
/// Each method answers with a guard that holds the readiness seen, which the caller clears or
/// keeps. Each fails if the runtime of the `AsyncFd` is gone.
impl<T: AsRawFd> AsyncFd<T> {
    /// Waits until the descriptor is ready in one of the ways of `interest`. Any number
    /// of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped: readiness that came meanwhile
    /// is found by the next call.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// peer.write_all(b"hello")?;
    /// let mut guard = ours.ready(Interest::READABLE).await?;
    /// assert!(guard.ready().is_readable());
    /// guard.retain_ready(); // nothing was read
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ready(&self, interest: Interest) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        let event = cooperative::ready(&self.registration, interest).await?;
        Ok(AsyncFdReadyGuard::new(self, event))
    }

    /// As [`ready`](Self::ready), with a guard that gives mutable access.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// peer.write_all(b"hello")?;
    /// let mut guard = ours.ready_mut(Interest::READABLE).await?;
    /// let read = guard.try_io(|stream| stream.get_mut().read(&mut [0; 16]));
    /// assert_eq!(read.unwrap()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ready_mut(
        &mut self,
        interest: Interest,
    ) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        let event = cooperative::ready(&self.registration, interest).await?;
        Ok(AsyncFdReadyMutGuard::new(self, event))
    }

    /// Waits until the descriptor is readable. Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready).
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
    /// peer.write_all(b"hello")?;
    /// let mut guard = ours.readable().await?;
    /// let read = guard.try_io(|stream| stream.get_ref().read(&mut [0; 16]));
    /// assert_eq!(read.unwrap()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn readable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::READABLE).await
    }

    /// As [`readable`](Self::readable), with a guard that gives mutable access.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready).
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
    /// peer.write_all(b"hello")?;
    /// let mut guard = ours.readable_mut().await?;
    /// let read = guard.try_io(|stream| stream.get_mut().read(&mut [0; 16]));
    /// assert_eq!(read.unwrap()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn readable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::READABLE).await
    }

    /// Waits until the descriptor is writable. Any number of tasks may wait at once.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// let mut guard = ours.writable().await?;
    /// let written = guard.try_io(|stream| stream.get_ref().write(b"hello"));
    /// assert_eq!(written.unwrap()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn writable(&self) -> io::Result<AsyncFdReadyGuard<'_, T>> {
        self.ready(Interest::WRITABLE).await
    }

    /// As [`writable`](Self::writable), with a guard that gives mutable access.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// As for [`ready`](Self::ready).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let mut guard = ours.writable_mut().await?;
    /// let written = guard.try_io(|stream| stream.get_mut().write(b"hello"));
    /// assert_eq!(written.unwrap()?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn writable_mut(&mut self) -> io::Result<AsyncFdReadyMutGuard<'_, T>> {
        self.ready_mut(Interest::WRITABLE).await
    }

    /// Asks whether the descriptor is readable, and registers the current
    /// task to be woken when it is.
    ///
    /// Only the waker of the last call is woken; [`readable`](Self::readable) has no such limit.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use std::io::Write;
    /// # use std::os::unix::net::UnixStream;
    /// # use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// peer.write_all(b"hello")?;
    /// let guard = poll_fn(|cx| ours.poll_read_ready(cx)).await?;
    /// assert!(guard.ready().is_readable());
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_read_ready<'a>(
        &'a self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let event = ready!(cooperative::poll_ready(
            &self.registration,
            cx,
            Direction::Read
        ))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, event)))
    }

    /// As [`poll_read_ready`](Self::poll_read_ready), with a guard that gives mutable access.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// use std::task::{Poll, ready};
    /// # use std::os::unix::net::UnixStream;
    /// # use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// # peer.write_all(b"hello")?;
    /// let read = std::future::poll_fn(|cx| loop {
    ///     let mut guard = ready!(ours.poll_read_ready_mut(cx))?;
    ///     if let Ok(read) = guard.try_io(|stream| stream.get_mut().read(&mut [0; 16])) {
    ///         return Poll::Ready(read);
    ///     }
    /// });
    /// assert_eq!(read.await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_read_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let event = ready!(cooperative::poll_ready(
            &self.registration,
            cx,
            Direction::Read
        ))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, event)))
    }

    /// Asks whether the descriptor is writable, and registers the current
    /// task to be woken when it is.
    ///
    /// Only the waker of the last call is woken; [`writable`](Self::writable) has no such limit.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// # use std::os::unix::net::UnixStream;
    /// # use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// let guard = poll_fn(|cx| ours.poll_write_ready(cx)).await?;
    /// assert!(guard.ready().is_writable());
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_write_ready<'a>(
        &'a self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyGuard<'a, T>>> {
        let event = ready!(cooperative::poll_ready(
            &self.registration,
            cx,
            Direction::Write
        ))?;
        Poll::Ready(Ok(AsyncFdReadyGuard::new(self, event)))
    }

    /// As [`poll_write_ready`](Self::poll_write_ready), with a guard that gives mutable access.
    ///
    /// # Errors
    ///
    /// Fails if the runtime of the `AsyncFd` is gone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Write;
    /// use std::task::{Poll, ready};
    /// # use std::os::unix::net::UnixStream;
    /// # use runtime::io::unix::AsyncFd;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let write = std::future::poll_fn(|cx| loop {
    ///     let mut guard = ready!(ours.poll_write_ready_mut(cx))?;
    ///     if let Ok(written) = guard.try_io(|stream| stream.get_mut().write(b"hello")) {
    ///         return Poll::Ready(written);
    ///     }
    /// });
    /// assert_eq!(write.await?, 5);
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_write_ready_mut<'a>(
        &'a mut self,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<AsyncFdReadyMutGuard<'a, T>>> {
        let event = ready!(cooperative::poll_ready(
            &self.registration,
            cx,
            Direction::Write
        ))?;
        Poll::Ready(Ok(AsyncFdReadyMutGuard::new(self, event)))
    }
}

/// # Working
///
/// Each method runs a closure on the object and clears the readiness if the closure answers
/// [`io::ErrorKind::WouldBlock`]. The closure may answer so only if the descriptor did, and must
/// not use the `AsyncFd`'s own methods. `interest` should name one direction.
impl<T: AsRawFd> AsyncFd<T> {
    /// Waits until the descriptor is ready and calls `f`, until it does not answer
    /// [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// Fails with what `f` fails with, or if the runtime of the `AsyncFd` is gone.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, `f` has either not been called or has answered `WouldBlock`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// peer.write_all(b"hello")?;
    /// let mut buf = [0; 16];
    /// let n = ours.async_io(Interest::READABLE, |mut stream| stream.read(&mut buf)).await?;
    /// assert_eq!(&buf[..n], b"hello");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn async_io<R>(
        &self,
        interest: Interest,
        mut f: impl FnMut(&T) -> io::Result<R>,
    ) -> io::Result<R> {
        let operation = || f(self.get_ref());
        cooperative::async_io(&self.registration, interest, operation).await
    }

    /// As [`async_io`](Self::async_io), with mutable access.
    ///
    /// # Errors
    ///
    /// As for [`async_io`](Self::async_io).
    ///
    /// # Cancel safety
    ///
    /// As for [`async_io`](Self::async_io).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read, Write};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// peer.write_all(b"hello")?;
    /// let mut buf = [0; 16];
    /// let n = ours.async_io_mut(Interest::READABLE, |stream| stream.read(&mut buf)).await?;
    /// assert_eq!(&buf[..n], b"hello");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn async_io_mut<R>(
        &mut self,
        interest: Interest,
        mut f: impl FnMut(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let (registration, inner) = self.parts_mut();
        cooperative::async_io(registration, interest, || f(inner)).await
    }

    /// Calls `f` if the descriptor is known to be ready.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::WouldBlock`] if the descriptor is not ready, in which case `f`
    /// is not called, and with whatever `f` fails with.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{ErrorKind, Read};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let ours = AsyncFd::new(ours)?;
    /// let read = ours.try_io(Interest::READABLE, |mut stream| stream.read(&mut [0; 16]));
    /// assert_eq!(read.unwrap_err().kind(), ErrorKind::WouldBlock); // nothing has come
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io<R>(
        &self,
        interest: Interest,
        f: impl FnOnce(&T) -> io::Result<R>,
    ) -> io::Result<R> {
        self.registration.try_io(interest, || f(self.get_ref()))
    }

    /// As [`try_io`](Self::try_io), with mutable access.
    ///
    /// # Errors
    ///
    /// As for [`try_io`](Self::try_io).
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{ErrorKind, Read};
    /// # use std::os::unix::net::UnixStream;
    /// use runtime::io::{Interest, unix::AsyncFd};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let (ours, _peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = AsyncFd::new(ours)?;
    /// let read = ours.try_io_mut(Interest::READABLE, |stream| stream.read(&mut [0; 16]));
    /// assert_eq!(read.unwrap_err().kind(), ErrorKind::WouldBlock); // nothing has come
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_io_mut<R>(
        &mut self,
        interest: Interest,
        f: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let (registration, inner) = self.parts_mut();
        registration.try_io(interest, || f(inner))
    }
}
