//! Looks at descriptors without the reactor: for those that it does not watch, and for threads outside a runtime.

use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};

use super::{outcome, uninterrupted};

/// A descriptor, and what it is looked at for.
#[repr(transparent)]
pub(crate) struct Look<'fd> {
    entry: libc::pollfd,
    fd: PhantomData<BorrowedFd<'fd>>,
}

impl<'fd> Look<'fd> {
    /// For bytes to read, or the end of the stream.
    pub(crate) fn for_reading<F: AsFd>(fd: &'fd F) -> Self {
        Self::new(fd.as_fd(), libc::POLLIN)
    }

    /// For room to write.
    pub(crate) fn for_writing<F: AsFd>(fd: &'fd F) -> Self {
        Self::new(fd.as_fd(), libc::POLLOUT)
    }

    fn new(fd: BorrowedFd<'fd>, events: libc::c_short) -> Self {
        let entry = libc::pollfd {
            fd: fd.as_raw_fd(),
            events,
            revents: 0,
        };
        let fd = PhantomData;
        Look { entry, fd }
    }

    /// Whether the last look found what it was for. An error or a hang-up alone is none.
    pub(crate) fn has_found(&self) -> bool {
        self.entry.revents & self.entry.events != 0
    }
}

/// Answers at how many of the descriptors a call would not block now: one that fails does not.
pub(crate) fn look(looks: &mut [Look<'_>]) -> io::Result<usize> {
    uninterrupted(|| poll(looks, 0))
}

/// Blocks until a call at one of the descriptors would not block. A signal ends it, too, with an error.
pub(crate) fn wait(looks: &mut [Look<'_>]) -> io::Result<usize> {
    poll(looks, -1)
}

fn poll(looks: &mut [Look<'_>], milliseconds: libc::c_int) -> io::Result<usize> {
    let entries = looks.as_mut_ptr().cast::<libc::pollfd>();
    // SAFETY: a `Look` is laid out as its entry, and there are so many; the descriptors are borrowed, so they are open.
    outcome(unsafe { libc::poll(entries, looks.len() as libc::nfds_t, milliseconds) })
}
