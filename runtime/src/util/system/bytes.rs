//! Reads and writes of a descriptor, past all buffers.

use std::io::{self, IoSlice};
#[cfg(any(feature = "net", feature = "process"))]
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd};

use super::outcome;

/// macOS refuses more at once, and nobody moves as much anyway.
const MOST_BYTES: usize = i32::MAX as usize;

/// The most parts that a system must take at once, by POSIX.
const MOST_PARTS: usize = 16;

pub(crate) fn read(fd: impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
    let fd = fd.as_fd().as_raw_fd();
    let most = buf.len().min(MOST_BYTES);
    // SAFETY: the descriptor is borrowed, so it is open; the system writes up to `most` bytes, for which `buf` has room.
    outcome(unsafe { libc::read(fd, buf.as_mut_ptr().cast(), most) })
}

/// Answers how many bytes it has read. So many of the first of `buf` are initialised then.
#[cfg(any(feature = "net", feature = "process"))]
pub(crate) fn read_uninit(fd: impl AsFd, buf: &mut [MaybeUninit<u8>]) -> io::Result<usize> {
    let fd = fd.as_fd().as_raw_fd();
    let most = buf.len().min(MOST_BYTES);
    // SAFETY: as in `read`; nothing but what the system initialises is written.
    outcome(unsafe { libc::read(fd, buf.as_mut_ptr().cast(), most) })
}

/// Reads into the room that `bytes` has left.
#[cfg(feature = "process")]
pub(crate) fn read_to_room(fd: impl AsFd, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let read = read_uninit(fd, bytes.spare_capacity_mut())?;
    // SAFETY: so many bytes behind the old length are initialised now, and within the capacity.
    unsafe { bytes.set_len(bytes.len() + read) };
    Ok(read)
}

pub(crate) fn write(fd: impl AsFd, bytes: &[u8]) -> io::Result<usize> {
    let fd = fd.as_fd().as_raw_fd();
    let most = bytes.len().min(MOST_BYTES);
    // SAFETY: the descriptor is borrowed, so it is open; the system reads up to `most` bytes, which `bytes` has.
    outcome(unsafe { libc::write(fd, bytes.as_ptr().cast(), most) })
}

/// Writes the parts in a row by one call.
pub(crate) fn write_parts(fd: impl AsFd, parts: &[IoSlice<'_>]) -> io::Result<usize> {
    let fd = fd.as_fd().as_raw_fd();
    let most = parts.len().min(MOST_PARTS) as libc::c_int;
    // SAFETY: the descriptor is borrowed, so it is open; an `IoSlice` is promised to have the layout of `iovec`,
    // each tells of bytes that live, and there are `most`.
    outcome(unsafe { libc::writev(fd, parts.as_ptr().cast(), most) })
}
