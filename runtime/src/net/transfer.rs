//! Moves bytes between a socket and a buffer, in one place for every family of I/O traits.
//!
//! `futures-io`, `tokio::io` and `hyper::rt` differ only in how they describe a buffer. Each
//! function here takes the plainest form, waits for readiness, makes one system call, and tells the
//! reactor how much was asked for: a transfer that moved less has emptied (or filled) the socket's
//! buffer, so the next attempt need not ask the kernel first.
//!
//! An empty buffer is answered with 0 at once: no wait, no system call, no readiness lost.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::task::{Context, Poll};

use io_driver::{Direction, Source};

use crate::io::{Evented, Interest};

pub(super) fn poll_read<S: Source>(
    socket: &Evented<S>,
    cx: &mut Context<'_>,
    buf: &mut [u8],
) -> Poll<io::Result<usize>>
where
    for<'a> &'a S: Read,
{
    let wanted = buf.len();
    socket.poll_transfer(cx, Direction::Read, wanted, || socket.get_ref().read(buf))
}

pub(super) fn poll_read_vectored<S: Source>(
    socket: &Evented<S>,
    cx: &mut Context<'_>,
    bufs: &mut [IoSliceMut<'_>],
) -> Poll<io::Result<usize>>
where
    for<'a> &'a S: Read,
{
    let wanted = bufs.iter().map(|buf| buf.len()).sum();
    socket.poll_transfer(cx, Direction::Read, wanted, || {
        socket.get_ref().read_vectored(bufs)
    })
}

pub(super) fn poll_write<S: Source>(
    socket: &Evented<S>,
    cx: &mut Context<'_>,
    buf: &[u8],
) -> Poll<io::Result<usize>>
where
    for<'a> &'a S: Write,
{
    socket.poll_transfer(cx, Direction::Write, buf.len(), || {
        socket.get_ref().write(buf)
    })
}

pub(super) fn poll_write_vectored<S: Source>(
    socket: &Evented<S>,
    cx: &mut Context<'_>,
    bufs: &[IoSlice<'_>],
) -> Poll<io::Result<usize>>
where
    for<'a> &'a S: Write,
{
    let wanted = bufs.iter().map(|buf| buf.len()).sum();
    socket.poll_transfer(cx, Direction::Write, wanted, || {
        socket.get_ref().write_vectored(bufs)
    })
}

/// Reads at once if the socket is known to be readable, else fails with
/// [`io::ErrorKind::WouldBlock`].
pub(super) fn try_read<S: Source>(socket: &Evented<S>, buf: &mut [u8]) -> io::Result<usize>
where
    for<'a> &'a S: Read,
{
    if buf.is_empty() {
        return Ok(0);
    }
    socket.try_io(Interest::READABLE, || socket.get_ref().read(buf))
}

pub(super) fn try_read_vectored<S: Source>(
    socket: &Evented<S>,
    bufs: &mut [IoSliceMut<'_>],
) -> io::Result<usize>
where
    for<'a> &'a S: Read,
{
    if bufs.iter().all(|buf| buf.is_empty()) {
        return Ok(0);
    }
    socket.try_io(Interest::READABLE, || socket.get_ref().read_vectored(bufs))
}

/// Writes at once if the socket is known to be writable, else fails with
/// [`io::ErrorKind::WouldBlock`].
pub(super) fn try_write<S: Source>(socket: &Evented<S>, buf: &[u8]) -> io::Result<usize>
where
    for<'a> &'a S: Write,
{
    if buf.is_empty() {
        return Ok(0);
    }
    socket.try_io(Interest::WRITABLE, || socket.get_ref().write(buf))
}

pub(super) fn try_write_vectored<S: Source>(
    socket: &Evented<S>,
    bufs: &[IoSlice<'_>],
) -> io::Result<usize>
where
    for<'a> &'a S: Write,
{
    if bufs.iter().all(|buf| buf.is_empty()) {
        return Ok(0);
    }
    socket.try_io(Interest::WRITABLE, || socket.get_ref().write_vectored(bufs))
}
