//! What the methods of `AsyncReadExt` return.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BufMut;

use super::super::append::{Memory, poll_append};
use super::super::text::Text;
use crate::io::cooperative::poll_another_round;
use crate::io::interrupted::poll_uninterrupted;
use crate::io::{AsyncRead, ReadBuf};

/// What [`AsyncReadExt::read`](crate::io::AsyncReadExt::read) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct Read<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) buf: &'a mut [u8],
}

impl<R: AsyncRead + Unpin + ?Sized> Future for Read<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let mut buf = ReadBuf::new(this.buf);
        ready!(Pin::new(&mut *this.reader).poll_read(cx, &mut buf))?;
        Poll::Ready(Ok(buf.filled().len()))
    }
}

/// What [`AsyncReadExt::read_buf`](crate::io::AsyncReadExt::read_buf) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadInto<'a, R: ?Sized, B: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) buf: &'a mut B,
}

impl<R: AsyncRead + Unpin + ?Sized, B: BufMut + ?Sized> Future for ReadInto<'_, R, B> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.buf.has_remaining_mut() {
            return Poll::Ready(Ok(0));
        }
        // SAFETY: a `ReadBuf` makes no byte uninitialised.
        let free = unsafe { this.buf.chunk_mut().as_uninit_slice_mut() };
        let start = free.as_ptr();
        let mut buf = ReadBuf::uninit(free);
        ready!(Pin::new(&mut *this.reader).poll_read(cx, &mut buf))?;
        let read = buf.filled();
        assert!(
            std::ptr::eq(read.as_ptr().cast(), start),
            "a reader has put another buffer in the place of the one to read into"
        );
        let read = read.len();
        // SAFETY: the bytes that are filled are initialised, and are the first of what was free.
        unsafe { this.buf.advance_mut(read) };
        Poll::Ready(Ok(read))
    }
}

/// What [`AsyncReadExt::read_exact`](crate::io::AsyncReadExt::read_exact) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadExact<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) buf: ReadBuf<'a>,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadExact<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        while this.buf.remaining() > 0 {
            let before = this.buf.filled().len();
            let (reader, buf) = (&mut *this.reader, &mut this.buf);
            ready!(poll_uninterrupted(
                || Pin::new(&mut *reader).poll_read(cx, buf)
            ))?;
            if this.buf.filled().len() == before {
                return Poll::Ready(Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "early eof",
                )));
            }
        }
        Poll::Ready(Ok(this.buf.capacity()))
    }
}

/// What [`AsyncReadExt::read_to_end`](crate::io::AsyncReadExt::read_to_end) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadToEnd<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) bytes: &'a mut Vec<u8>,
    pub(in crate::io::util) memory: Memory,
    pub(in crate::io::util) read: usize,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadToEnd<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            // SAFETY: `memory` was made of this vector, which we have borrowed since.
            let appended = unsafe { poll_append(this.reader, cx, this.bytes, &mut this.memory) };
            match ready!(appended)? {
                0 => return Poll::Ready(Ok(this.read)),
                read => this.read += read,
            }
            ready!(poll_another_round(cx));
        }
    }
}

/// What [`AsyncReadExt::read_to_string`](crate::io::AsyncReadExt::read_to_string) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadToString<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) text: Text<'a>,
    pub(in crate::io::util) memory: Memory,
    pub(in crate::io::util) read: usize,
}

impl<R: AsyncRead + Unpin + ?Sized> Future for ReadToString<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        loop {
            let (bytes, memory) = (&mut this.text.bytes, &mut this.memory);
            // SAFETY: `memory` was made of this vector, which was ours since. When the text goes out, a new one is made.
            let appended = match ready!(unsafe { poll_append(this.reader, cx, bytes, memory) }) {
                Ok(0) => this.text.finish(),
                Ok(read) => {
                    this.read += read;
                    ready!(poll_another_round(cx));
                    continue;
                }
                Err(error) => {
                    this.text.undo();
                    Err(error)
                }
            };
            this.memory = Memory::of(&this.text.bytes);
            return Poll::Ready(appended.map(|()| this.read));
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::pin::pin;
    use std::task::Waker;

    use super::*;
    use crate::coop;
    use crate::io::AsyncReadExt;

    /// Has bytes for ever, and knows nothing of the budget.
    pub(crate) struct Endless;

    impl AsyncRead for Endless {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buf.put_slice(b"a");
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn reading_to_an_end_that_never_comes_yields_and_goes_on() {
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut bytes, mut text) = (Vec::new(), String::new());
        let (mut reader, mut other) = (Endless, Endless);
        let mut all = pin!(reader.read_to_end(&mut bytes));
        let mut as_text = pin!(other.read_to_string(&mut text));
        for _ in 0..2 {
            assert!(coop::with_budget(|| all.as_mut().poll(cx)).is_pending());
            assert!(coop::with_budget(|| as_text.as_mut().poll(cx)).is_pending());
        }
    }
}
