//! Numbers of a fixed size, read from a stream or written to one.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::interrupted::poll_uninterrupted;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Reads `N` bytes and decodes them.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadNumber<'a, R: ?Sized, T, const N: usize> {
    reader: &'a mut R,
    bytes: [u8; N],
    filled: usize,
    decode: fn([u8; N]) -> T,
}

impl<'a, R: ?Sized, T, const N: usize> ReadNumber<'a, R, T, N> {
    pub(in crate::io::util) fn new(reader: &'a mut R, decode: fn([u8; N]) -> T) -> Self {
        ReadNumber {
            reader,
            bytes: [0; N],
            filled: 0,
            decode,
        }
    }
}

impl<R: AsyncRead + Unpin + ?Sized, T, const N: usize> Future for ReadNumber<'_, R, T, N> {
    type Output = io::Result<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        while this.filled < N {
            let mut buf = ReadBuf::new(&mut this.bytes[this.filled..]);
            let reader = &mut *this.reader;
            ready!(poll_uninterrupted(|| {
                Pin::new(&mut *reader).poll_read(cx, &mut buf)
            }))?;
            match buf.filled().len() {
                0 => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                read => this.filled += read,
            }
        }
        Poll::Ready(Ok((this.decode)(this.bytes)))
    }
}

/// Writes the `N` bytes of a number.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct WriteNumber<'a, W: ?Sized, const N: usize> {
    writer: &'a mut W,
    bytes: [u8; N],
    written: usize,
}

impl<'a, W: ?Sized, const N: usize> WriteNumber<'a, W, N> {
    pub(in crate::io::util) fn new(writer: &'a mut W, bytes: [u8; N]) -> Self {
        WriteNumber {
            writer,
            bytes,
            written: 0,
        }
    }
}

impl<W: AsyncWrite + Unpin + ?Sized, const N: usize> Future for WriteNumber<'_, W, N> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.written < N {
            let rest = &this.bytes[this.written..];
            let writer = &mut *this.writer;
            match ready!(poll_uninterrupted(
                || Pin::new(&mut *writer).poll_write(cx, rest)
            ))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => this.written += written,
            }
        }
        Poll::Ready(Ok(()))
    }
}
