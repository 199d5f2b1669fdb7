//! Moves bytes between a registered stream and a buffer, in one place for every type.
//!
//! Each method waits for readiness, makes one system call, and tells the
//! reactor how much was asked for: a transfer that moved less has emptied (or filled) the stream's
//! buffer, so the next attempt need not ask the kernel first.
//!
//! An empty buffer is answered with 0 at once: no wait, no system call, no readiness lost. All this
//! holds for streams of bytes alone. Datagrams do not come here: a short one says nothing of
//! the next, and an empty one is a message.

use std::io::{self, IoSlice, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::task::{Context, Poll};

use io_driver::{Direction, Source};

use super::uninit::{ReadUninit, append_uninit};
use super::{Evented, Interest, ReadBuf};

impl<S: ReadUninit> Evented<S> {
    /// Appends to `buf`.
    pub(crate) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wanted = buf.remaining();
        let read = |free: &mut [MaybeUninit<u8>]| self.get_ref().read_uninit(free).map(|n| (n, n));
        // SAFETY: `read_uninit` initialises as many bytes as it says.
        let append = || unsafe { append_uninit(buf, read) };
        self.poll_transfer(cx, Direction::Read, wanted, append)
            .map_ok(drop)
    }
}

impl<S: Source> Evented<S>
where
    for<'a> &'a S: Read,
{
    #[cfg(feature = "futures-io")]
    pub(crate) fn poll_read_vectored(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<io::Result<usize>> {
        let wanted = bufs.iter().map(|buf| buf.len()).sum();
        let read = || self.get_ref().read_vectored(bufs);
        self.poll_transfer(cx, Direction::Read, wanted, read)
    }

    /// Reads at once if the stream is known to be readable, else fails with
    /// [`io::ErrorKind::WouldBlock`].
    pub(crate) fn try_read(&self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.try_io(Interest::READABLE, || self.get_ref().read(buf))
    }

    pub(crate) fn try_read_vectored(&self, bufs: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Ok(0);
        }
        self.try_io(Interest::READABLE, || self.get_ref().read_vectored(bufs))
    }
}

impl<S: Source> Evented<S>
where
    for<'a> &'a S: Write,
{
    pub(crate) fn poll_write(&self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let write = || self.get_ref().write(buf);
        self.poll_transfer(cx, Direction::Write, buf.len(), write)
    }

    pub(crate) fn poll_write_vectored(
        &self,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wanted = bufs.iter().map(|buf| buf.len()).sum();
        let write = || self.get_ref().write_vectored(bufs);
        self.poll_transfer(cx, Direction::Write, wanted, write)
    }

    /// Writes at once if the stream is known to be writable, else fails with
    /// [`io::ErrorKind::WouldBlock`].
    pub(crate) fn try_write(&self, buf: &[u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        self.try_io(Interest::WRITABLE, || self.get_ref().write(buf))
    }

    pub(crate) fn try_write_vectored(&self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Ok(0);
        }
        self.try_io(Interest::WRITABLE, || self.get_ref().write_vectored(bufs))
    }
}
