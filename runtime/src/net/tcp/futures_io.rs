//! The traits of `futures-io` on the stream and its halves.
//!
//! By shared reference too: a connection that one task reads and another writes needs no split.

use std::io::{self, IoSlice, IoSliceMut};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};

use super::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, TcpStream, WriteHalf};
use crate::net::transfer;

macro_rules! impl_async_read {
    ($($reader:ty),+) => {$(
        impl AsyncRead for $reader {
            fn poll_read(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &mut [u8],
            ) -> Poll<io::Result<usize>> {
                let stream: &TcpStream = AsRef::as_ref(&*self);
                transfer::poll_read(&stream.io, cx, buf)
            }

            fn poll_read_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &mut [IoSliceMut<'_>],
            ) -> Poll<io::Result<usize>> {
                let stream: &TcpStream = AsRef::as_ref(&*self);
                transfer::poll_read_vectored(&stream.io, cx, bufs)
            }
        }
    )+};
}

macro_rules! impl_async_write {
    ($($writer:ty),+) => {$(
        impl AsyncWrite for $writer {
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

            fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Ok(()))
            }

            fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(self.get_mut().close_write())
            }
        }
    )+};
}

impl_async_read!(TcpStream, &TcpStream, ReadHalf<'_>, OwnedReadHalf);
impl_async_write!(TcpStream, &TcpStream, WriteHalf<'_>, OwnedWriteHalf);
