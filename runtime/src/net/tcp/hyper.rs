//! The traits of `hyper::rt` on the stream and its halves.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};

use super::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, TcpStream, WriteHalf};
use crate::net::{transfer, transfer_uninit};

impl TcpStream {
    fn poll_fill_cursor(
        &self,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // SAFETY: the bytes are written to or left alone, so none that was
        // initialised becomes uninitialised.
        let unfilled = unsafe { buf.as_mut() };
        let n = ready!(transfer_uninit::poll_read_uninit(&self.io, cx, unfilled))?;
        // SAFETY: `poll_read_uninit` has initialised the first `n` bytes of the unfilled part.
        unsafe { buf.advance(n) };
        Poll::Ready(Ok(()))
    }
}

macro_rules! impl_read {
    ($($reader:ty),+) => {$(
        impl Read for $reader {
            fn poll_read(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: ReadBufCursor<'_>,
            ) -> Poll<io::Result<()>> {
                let stream: &TcpStream = AsRef::as_ref(&*self);
                stream.poll_fill_cursor(cx, buf)
            }
        }
    )+};
}

macro_rules! impl_write {
    ($($writer:ty),+) => {$(
        impl Write for $writer {
            fn poll_write(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &[u8],
            ) -> Poll<io::Result<usize>> {
                let stream: &TcpStream = AsRef::as_ref(&*self);
                transfer::poll_write(&stream.io, cx, buf)
            }

            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                let stream: &TcpStream = AsRef::as_ref(&*self);
                transfer::poll_write_vectored(&stream.io, cx, bufs)
            }

            fn is_write_vectored(&self) -> bool {
                true
            }

            fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }

            fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(self.get_mut().close_write())
            }
        }
    )+};
}

impl_read!(TcpStream, ReadHalf<'_>, OwnedReadHalf);
impl_write!(TcpStream, WriteHalf<'_>, OwnedWriteHalf);
