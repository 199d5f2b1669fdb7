//! What a descriptor must be to serve as the end of a pipe, and its mode.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{FileType, OFlags, fcntl_getfl, fcntl_setfl, fstat};

/// The end of a pipe that a descriptor is to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    Writing,
    Reading,
}

/// Fails with `InvalidInput` unless `fd` is this end of a pipe; puts it into non-blocking mode.
pub(super) fn prepare(fd: BorrowedFd<'_>, end: End) -> io::Result<()> {
    if !is_pipe(fd)? {
        return Err(invalid("the descriptor is not a pipe"));
    }
    let flags = fcntl_getfl(fd)?;
    let access = flags & OFlags::ACCMODE;
    match end {
        _ if access == OFlags::RDWR => {}
        End::Writing if access == OFlags::WRONLY => {}
        End::Reading if access == OFlags::RDONLY => {}
        End::Writing => return Err(invalid("the pipe is not open for writing")),
        End::Reading => return Err(invalid("the pipe is not open for reading")),
    }
    set_flags(fd, flags, flags | OFlags::NONBLOCK)
}

pub(super) fn is_pipe(fd: BorrowedFd<'_>) -> io::Result<bool> {
    let stat = fstat(fd)?;
    Ok(FileType::from_raw_mode(stat.st_mode) == FileType::Fifo)
}

/// Puts the descriptor back into blocking mode.
pub(super) fn make_blocking(fd: OwnedFd) -> io::Result<OwnedFd> {
    let flags = fcntl_getfl(&fd)?;
    set_flags(fd.as_fd(), flags, flags - OFlags::NONBLOCK)?;
    Ok(fd)
}

fn set_flags(fd: BorrowedFd<'_>, now: OFlags, wanted: OFlags) -> io::Result<()> {
    if wanted != now {
        fcntl_setfl(fd, wanted)?;
    }
    Ok(())
}

pub(super) fn invalid(fault: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, fault)
}
