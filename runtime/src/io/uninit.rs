//! Reads into memory that nobody has initialised, which `tokio::io`, `hyper::rt` and
//! `bytes` hand out.
//!
//! All unsafe code about such memory is here. It trusts [`ReadUninit`], which only this file
//! implements, to initialise as much as it says.

use std::io;
use std::mem::MaybeUninit;
#[cfg(any(feature = "hyper", feature = "tokio-io"))]
use std::task::{Context, Poll, ready};

use io_driver::Source;
#[cfg(feature = "net")]
use socket2::SockRef;

use super::Evented;

/// A source of bytes that reads into memory which need not be initialised.
pub(crate) trait ReadUninit: Source {
    /// Answers how many bytes it has read. So many of the first of `buf` are initialised then.
    fn read_uninit(&self, buf: &mut [MaybeUninit<u8>]) -> io::Result<usize>;
}

#[cfg(feature = "net")]
impl ReadUninit for mio::net::TcpStream {
    fn read_uninit(&self, buf: &mut [MaybeUninit<u8>]) -> io::Result<usize> {
        SockRef::from(self).recv(buf)
    }
}

#[cfg(feature = "net")]
impl ReadUninit for mio::net::UnixStream {
    fn read_uninit(&self, buf: &mut [MaybeUninit<u8>]) -> io::Result<usize> {
        SockRef::from(self).recv(buf)
    }
}

impl ReadUninit for mio::unix::pipe::Receiver {
    fn read_uninit(&self, buf: &mut [MaybeUninit<u8>]) -> io::Result<usize> {
        let (read, _) = rustix::io::read(self, buf)?;
        Ok(read.len())
    }
}

#[cfg(any(feature = "hyper", feature = "tokio-io"))]
impl<S: ReadUninit> Evented<S> {
    fn poll_read_uninit(
        &self,
        cx: &mut Context<'_>,
        buf: &mut [MaybeUninit<u8>],
    ) -> Poll<io::Result<usize>> {
        let wanted = buf.len();
        let read = || self.get_ref().read_uninit(buf);
        self.poll_transfer(cx, io_driver::Direction::Read, wanted, read)
    }

    /// Reads into the unfilled part of tokio's buffer.
    #[cfg(feature = "tokio-io")]
    pub(crate) fn poll_read_buf(
        &self,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // SAFETY: the bytes are written to or left alone, so none that was
        // initialised becomes uninitialised.
        let unfilled = unsafe { buf.unfilled_mut() };
        let n = ready!(self.poll_read_uninit(cx, unfilled))?;
        // SAFETY: `poll_read_uninit` has initialised the first `n` bytes of the unfilled part.
        unsafe { buf.assume_init(n) };
        buf.advance(n);
        Poll::Ready(Ok(()))
    }

    /// Reads into the unfilled part of hyper's buffer.
    #[cfg(feature = "hyper")]
    pub(crate) fn poll_read_cursor(
        &self,
        cx: &mut Context<'_>,
        mut buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // SAFETY: the bytes are written to or left alone, so none that was
        // initialised becomes uninitialised.
        let unfilled = unsafe { buf.as_mut() };
        let n = ready!(self.poll_read_uninit(cx, unfilled))?;
        // SAFETY: `poll_read_uninit` has initialised the first `n` bytes of the unfilled part.
        unsafe { buf.advance(n) };
        Poll::Ready(Ok(()))
    }
}

#[cfg(all(feature = "net", feature = "bytes"))]
impl<S: ReadUninit> Evented<S> {
    /// As `try_read`, into the free part of a buffer of `bytes`.
    pub(crate) fn try_read_buf(&self, buf: &mut impl bytes::BufMut) -> io::Result<usize> {
        if !buf.has_remaining_mut() {
            return Ok(0);
        }
        let read = |free: &mut [MaybeUninit<u8>]| self.get_ref().read_uninit(free);
        self.try_io(super::Interest::READABLE, || {
            // SAFETY: `read_uninit` initialises as many bytes as it says.
            unsafe { fill(buf, |free| read(free).map(|n| (n, ()))) }.map(|(n, ())| n)
        })
    }
}

/// Appends to `buf` what `read` puts into its free part.
///
/// # Safety
///
/// `read` answers with how many bytes it has initialised, counted from the first.
#[cfg(all(feature = "net", feature = "bytes"))]
pub(crate) unsafe fn fill<A>(
    buf: &mut impl bytes::BufMut,
    read: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, A)>,
) -> io::Result<(usize, A)> {
    // SAFETY: `MaybeUninit<u8>` has no invalid values; whoever gets the slice may only write to it
    // or leave it alone, so none that was initialised becomes uninitialised.
    let free = unsafe { buf.chunk_mut().as_uninit_slice_mut() };
    let (n, answer) = read(free)?;
    // SAFETY: the caller vouches for the first `n` bytes.
    unsafe { buf.advance_mut(n) };
    Ok((n, answer))
}
