//! What a descriptor is and how it was opened.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd};

use super::outcome;

/// The flags of an open file: `O_NONBLOCK`, `O_ACCMODE` and others.
pub(crate) type Flags = libc::c_int;

pub(crate) fn flags(fd: BorrowedFd<'_>) -> io::Result<Flags> {
    // SAFETY: the descriptor is borrowed, so it is open; this command takes nothing more.
    let flags = unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_GETFL) };
    outcome(flags).map(|_| flags)
}

pub(crate) fn set_flags(fd: BorrowedFd<'_>, flags: Flags) -> io::Result<()> {
    // SAFETY: the descriptor is borrowed, so it is open; this command takes one number.
    outcome(unsafe { libc::fcntl(fd.as_raw_fd(), libc::F_SETFL, flags) }).map(drop)
}

/// Whether it is an end of a pipe, with a name or without.
pub(crate) fn is_pipe(fd: BorrowedFd<'_>) -> io::Result<bool> {
    let mut found = MaybeUninit::<libc::stat>::uninit();
    // SAFETY: the descriptor is borrowed, so it is open; there is room for what the system writes.
    outcome(unsafe { libc::fstat(fd.as_raw_fd(), found.as_mut_ptr()) })?;
    // SAFETY: the call has not failed, so all of it is written.
    let found = unsafe { found.assume_init() };
    Ok(found.st_mode & libc::S_IFMT == libc::S_IFIFO)
}
