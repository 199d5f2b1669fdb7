//! Appends to vectors what a reader has.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::interrupted::poll_uninterrupted;
use crate::io::{AsyncRead, ReadBuf};

/// The least room that is made for a read, in bytes.
const LEAST_ROOM: usize = 32;

/// What is known of the memory of a vector from one read to the next.
#[derive(Debug)]
pub(super) struct Memory {
    /// The capacity that the caller came with.
    given: usize,
    /// So many bytes from the start are initialised, those of the vector among them: a reader need not do that again.
    initialized: usize,
}

impl Memory {
    pub(super) fn of(bytes: &Vec<u8>) -> Memory {
        Memory {
            given: bytes.capacity(),
            initialized: bytes.len(),
        }
    }

    /// Makes room for a read, which may move the vector.
    fn make_room(&mut self, bytes: &mut Vec<u8>) {
        if bytes.capacity() - bytes.len() < LEAST_ROOM {
            bytes.reserve(LEAST_ROOM);
            self.initialized = bytes.len();
        }
    }

    /// Whether the capacity that was given is just used up: then a look at whether the stream has ended comes before more memory.
    fn is_used_up(&self, bytes: &Vec<u8>) -> bool {
        let left = bytes.capacity() - bytes.len();
        left < LEAST_ROOM && bytes.capacity() == self.given && self.given >= LEAST_ROOM
    }

    /// Appends what was read elsewhere.
    fn append(&mut self, bytes: &mut Vec<u8>, read: &[u8]) {
        let capacity = bytes.capacity();
        bytes.extend_from_slice(read);
        if bytes.capacity() != capacity {
            self.initialized = 0;
        }
        self.initialized = self.initialized.max(bytes.len());
    }
}

/// Reads once, and answers how many bytes were appended; 0 at the end of the stream. What is interrupted is tried again.
///
/// # Safety
///
/// `memory` is of this vector, which nothing but this function has changed since it was made.
pub(super) unsafe fn poll_append<R: AsyncRead + Unpin + ?Sized>(
    reader: &mut R,
    cx: &mut Context<'_>,
    bytes: &mut Vec<u8>,
    memory: &mut Memory,
) -> Poll<io::Result<usize>> {
    if memory.is_used_up(bytes) {
        let mut probe = [MaybeUninit::uninit(); LEAST_ROOM];
        let mut buf = ReadBuf::uninit(&mut probe);
        ready!(poll_uninterrupted(
            || Pin::new(&mut *reader).poll_read(cx, &mut buf)
        ))?;
        memory.append(bytes, buf.filled());
        return Poll::Ready(Ok(buf.filled().len()));
    }
    memory.make_room(bytes);
    let initialized = memory.initialized - bytes.len();
    let free = bytes.spare_capacity_mut();
    let start = free.as_ptr();
    let mut buf = ReadBuf::uninit(free);
    // SAFETY: `memory` says so, by the promise of the caller.
    unsafe { buf.assume_init(initialized) };
    let polled = poll_uninterrupted(|| Pin::new(&mut *reader).poll_read(cx, &mut buf));
    let (read, initialized) = (buf.filled(), buf.initialized().len());
    assert!(
        std::ptr::eq(read.as_ptr().cast(), start),
        "a reader has put another buffer in the place of the one to read into"
    );
    let read = read.len();
    memory.initialized = bytes.len() + initialized;
    ready!(polled)?;
    // SAFETY: the bytes that are filled are initialised, and are the first of what was free in the vector.
    unsafe { bytes.set_len(bytes.len() + read) };
    Poll::Ready(Ok(read))
}
