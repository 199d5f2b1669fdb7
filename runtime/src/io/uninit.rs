//! Reads into memory that nobody has initialised.
//!
//! Who uses it trusts [`ReadUninit`], which only this file implements, to initialise as much as it says.

use std::io;
use std::mem::MaybeUninit;

use io_driver::Source;
#[cfg(feature = "net")]
use socket2::SockRef;

#[cfg(all(feature = "net", feature = "bytes"))]
use super::Evented;
use super::ReadBuf;
use crate::util::system;

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
        system::bytes::read_uninit(self, buf)
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
pub(crate) unsafe fn append_uninit<A>(
    buf: &mut ReadBuf<'_>,
    read: impl FnOnce(&mut [MaybeUninit<u8>]) -> io::Result<(usize, A)>,
) -> io::Result<A> {
    // SAFETY: bytes are written to or left alone, so none becomes uninitialised.
    let free = unsafe { buf.unfilled_mut() };
    let (n, answer) = read(free)?;
    // SAFETY: the caller vouches for the first `n` bytes of what was free.
    unsafe { buf.assume_init(n) };
    buf.advance(n);
    Ok(answer)
}

/// As [`append_uninit`], for a buffer of `bytes`.
///
/// # Safety
///
/// As for [`append_uninit`].
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
