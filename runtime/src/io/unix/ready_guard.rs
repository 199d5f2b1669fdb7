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
#[must_use = "say what became of the readiness: call `try_io`, `clear_ready` or `retain_ready`"]
pub struct AsyncFdReadyGuard<'a, T: AsRawFd> {
    async_fd: &'a AsyncFd<T>,
    seen: Seen,
}

/// As [`AsyncFdReadyGuard`], with mutable access to the object.
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

/// The methods that both guards have.
macro_rules! guard_methods {
    () => {
        /// Says that the descriptor is no longer ready: the next wait lasts until the
        /// system tells of a change.
        ///
        /// Call it only when an operation has failed with [`io::ErrorKind::WouldBlock`]; a change
        /// that came after this guard was made is not lost.
        pub fn clear_ready(&mut self) {
            self.seen.clear(&self.async_fd.registration);
        }

        /// As [`clear_ready`](Self::clear_ready), for some ways of being ready alone.
        ///
        /// It is for guards of a combined interest: if a read would have blocked, clear
        /// [`Ready::READABLE`] alone.
        pub fn clear_ready_matching(&mut self, ready: Ready) {
            self.seen.clear_matching(&self.async_fd.registration, ready);
        }

        /// Says that the descriptor is still ready. It does nothing but spell that out.
        pub fn retain_ready(&mut self) {}

        /// Returns the readiness that the guard holds, which is empty once it was cleared.
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

    guard_methods!();

    /// Calls `f`, and clears the readiness if it answers [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// Fails with [`TryIoError`] if `f` would have blocked: wait again. Every other
    /// result of `f` is passed on.
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
    pub fn get_ref(&self) -> &'a AsyncFd<T> {
        self.async_fd
    }

    /// Returns the object inside the [`AsyncFd`].
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

    guard_methods!();

    /// Calls `f`, and clears the readiness if it answers [`io::ErrorKind::WouldBlock`].
    ///
    /// # Errors
    ///
    /// Fails with [`TryIoError`] if `f` would have blocked: wait again. Every other
    /// result of `f` is passed on.
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
    pub fn get_ref(&self) -> &AsyncFd<T> {
        self.async_fd
    }

    /// Returns the [`AsyncFd`], mutably.
    pub fn get_mut(&mut self) -> &mut AsyncFd<T> {
        self.async_fd
    }

    /// Returns the object inside the [`AsyncFd`].
    pub fn get_inner(&self) -> &T {
        self.async_fd.get_ref()
    }

    /// Returns the object inside the [`AsyncFd`], mutably.
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
