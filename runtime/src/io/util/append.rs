//! Appends to vectors what a reader has.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::{AsyncRead, ReadBuf};

/// The least room that is made for a read, in bytes.
const LEAST_ROOM: usize = 32;

/// Reads once, and answers how many bytes were appended; 0 at the end of the stream.
///
/// `given` is the capacity that the caller came with: while it is just used up, a look at whether the stream has ended comes
/// before more memory.
pub(super) fn poll_append<R: AsyncRead + Unpin + ?Sized>(
    reader: &mut R,
    cx: &mut Context<'_>,
    bytes: &mut Vec<u8>,
    given: usize,
) -> Poll<io::Result<usize>> {
    if bytes.len() == bytes.capacity() && bytes.capacity() == given && given >= LEAST_ROOM {
        let mut probe = [MaybeUninit::uninit(); LEAST_ROOM];
        let mut buf = ReadBuf::uninit(&mut probe);
        ready!(Pin::new(reader).poll_read(cx, &mut buf))?;
        bytes.extend_from_slice(buf.filled());
        return Poll::Ready(Ok(buf.filled().len()));
    }
    if bytes.capacity() - bytes.len() < LEAST_ROOM {
        bytes.reserve(LEAST_ROOM);
    }
    let free = bytes.spare_capacity_mut();
    let start = free.as_ptr();
    let mut buf = ReadBuf::uninit(free);
    ready!(Pin::new(reader).poll_read(cx, &mut buf))?;
    let read = buf.filled();
    assert!(
        std::ptr::eq(read.as_ptr().cast(), start),
        "a reader has put another buffer in the place of the one to read into"
    );
    let read = read.len();
    // SAFETY: the bytes that are filled are initialised, and are the first of what was free in the vector.
    unsafe { bytes.set_len(bytes.len() + read) };
    Poll::Ready(Ok(read))
}
