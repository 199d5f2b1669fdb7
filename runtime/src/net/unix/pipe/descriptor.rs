//! What a descriptor must be to serve as the end of a pipe, and its mode.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use crate::util::system::pipes::{Flags, flags, is_pipe, set_flags};

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
    let now = flags(fd)?;
    let access = now & libc::O_ACCMODE;
    match end {
        _ if access == libc::O_RDWR => {}
        End::Writing if access == libc::O_WRONLY => {}
        End::Reading if access == libc::O_RDONLY => {}
        End::Writing => return Err(invalid("the pipe is not open for writing")),
        End::Reading => return Err(invalid("the pipe is not open for reading")),
    }
    change_flags(fd, now, now | libc::O_NONBLOCK)
}

/// Puts the descriptor back into blocking mode.
pub(super) fn make_blocking(fd: OwnedFd) -> io::Result<OwnedFd> {
    let now = flags(fd.as_fd())?;
    change_flags(fd.as_fd(), now, now & !libc::O_NONBLOCK)?;
    Ok(fd)
}

fn change_flags(fd: BorrowedFd<'_>, now: Flags, wanted: Flags) -> io::Result<()> {
    if wanted != now {
        set_flags(fd, wanted)?;
    }
    Ok(())
}

pub(super) fn invalid(fault: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, fault)
}
