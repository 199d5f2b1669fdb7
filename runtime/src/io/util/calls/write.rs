//! What the methods of `AsyncWriteExt` return.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Buf;

use crate::io::AsyncWrite;
use crate::io::interrupted::poll_uninterrupted;

/// What [`AsyncWriteExt::write`](crate::io::AsyncWriteExt::write) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct Write<'a, W: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
    pub(in crate::io::util) src: &'a [u8],
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Write<'_, W> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        Pin::new(&mut *this.writer).poll_write(cx, this.src)
    }
}

/// What [`AsyncWriteExt::write_vectored`](crate::io::AsyncWriteExt::write_vectored) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct WriteVectored<'a, 'b, W: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
    pub(in crate::io::util) bufs: &'a [IoSlice<'b>],
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for WriteVectored<'_, '_, W> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        Pin::new(&mut *this.writer).poll_write_vectored(cx, this.bufs)
    }
}

/// What [`AsyncWriteExt::write_buf`](crate::io::AsyncWriteExt::write_buf) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct WriteFrom<'a, W: ?Sized, B: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
    pub(in crate::io::util) src: &'a mut B,
}

impl<W: AsyncWrite + Unpin + ?Sized, B: Buf + ?Sized> Future for WriteFrom<'_, W, B> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if !this.src.has_remaining() {
            return Poll::Ready(Ok(0));
        }
        poll_write_from(this.writer, cx, this.src)
    }
}

/// What [`AsyncWriteExt::write_all_buf`](crate::io::AsyncWriteExt::write_all_buf) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct WriteAllFrom<'a, W: ?Sized, B: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
    pub(in crate::io::util) src: &'a mut B,
}

impl<W: AsyncWrite + Unpin + ?Sized, B: Buf + ?Sized> Future for WriteAllFrom<'_, W, B> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while this.src.has_remaining() {
            let (writer, src) = (&mut *this.writer, &mut *this.src);
            if ready!(poll_uninterrupted(|| poll_write_from(writer, cx, src)))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// So many pieces of a buffer are written at once at most.
const MOST_PIECES: usize = 64;

/// Writes some bytes of `src`, and advances it.
fn poll_write_from<W, B>(
    writer: &mut W,
    cx: &mut Context<'_>,
    src: &mut B,
) -> Poll<io::Result<usize>>
where
    W: AsyncWrite + Unpin + ?Sized,
    B: Buf + ?Sized,
{
    let writer = Pin::new(writer);
    let written = ready!(if writer.is_write_vectored() {
        let mut pieces = [IoSlice::new(&[]); MOST_PIECES];
        let count = src.chunks_vectored(&mut pieces);
        writer.poll_write_vectored(cx, &pieces[..count])
    } else {
        writer.poll_write(cx, src.chunk())
    })?;
    src.advance(written);
    Poll::Ready(Ok(written))
}

/// What [`AsyncWriteExt::write_all`](crate::io::AsyncWriteExt::write_all) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct WriteAll<'a, W: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
    pub(in crate::io::util) src: &'a [u8],
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for WriteAll<'_, W> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        while !this.src.is_empty() {
            let (writer, src) = (&mut *this.writer, this.src);
            match ready!(poll_uninterrupted(
                || Pin::new(&mut *writer).poll_write(cx, src)
            ))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => this.src = &this.src[written..],
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// What [`AsyncWriteExt::flush`](crate::io::AsyncWriteExt::flush) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct Flush<'a, W: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Flush<'_, W> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().writer).poll_flush(cx)
    }
}

/// What [`AsyncWriteExt::shutdown`](crate::io::AsyncWriteExt::shutdown) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct Shutdown<'a, W: ?Sized> {
    pub(in crate::io::util) writer: &'a mut W,
}

impl<W: AsyncWrite + Unpin + ?Sized> Future for Shutdown<'_, W> {
    type Output = io::Result<()>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.get_mut().writer).poll_shutdown(cx)
    }
}
