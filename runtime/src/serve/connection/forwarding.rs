//! The I/O traits of a connection, each of which its stream has.

#[cfg(feature = "futures-io")]
use std::io::IoSliceMut;
use std::io::{IoSlice, Result};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Connection;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};

impl<S: AsyncRead> AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.project().stream.poll_read(cx, buf)
    }
}

#[cfg(feature = "futures-io")]
impl<S: futures_io::AsyncRead> futures_io::AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<Result<usize>> {
        self.project().stream.poll_read(cx, buf)
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<Result<usize>> {
        self.project().stream.poll_read_vectored(cx, bufs)
    }
}

#[cfg(feature = "tokio-io")]
impl<S: tokio::io::AsyncRead> tokio::io::AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        self.project().stream.poll_read(cx, buf)
    }
}

#[cfg(feature = "hyper")]
impl<S: hyper::rt::Read> hyper::rt::Read for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: hyper::rt::ReadBufCursor<'_>,
    ) -> Poll<Result<()>> {
        self.project().stream.poll_read(cx, buf)
    }
}

/// A trait that writes; the families agree but for the name of `$close` and `$rest`.
macro_rules! forward_writes {
    ($family:path, $close:ident, { $($rest:tt)* }) => {
        impl<S: $family> $family for Connection<S> {
            fn poll_write(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &[u8],
            ) -> Poll<Result<usize>> {
                self.project().stream.poll_write(cx, buf)
            }

            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<Result<usize>> {
                self.project().stream.poll_write_vectored(cx, bufs)
            }

            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                self.project().stream.poll_flush(cx)
            }

            fn $close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                self.project().stream.$close(cx)
            }

            $($rest)*
        }
    };
}

forward_writes!(AsyncWrite, poll_shutdown, {
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
});
#[cfg(feature = "futures-io")]
forward_writes!(futures_io::AsyncWrite, poll_close, {});
#[cfg(feature = "tokio-io")]
forward_writes!(tokio::io::AsyncWrite, poll_shutdown, {
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
});
#[cfg(feature = "hyper")]
forward_writes!(hyper::rt::Write, poll_shutdown, {
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
});

/// By shared reference, where the stream reads so.
#[cfg(feature = "futures-io")]
impl<'a, S> futures_io::AsyncRead for &'a Connection<S>
where
    &'a S: futures_io::AsyncRead,
{
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut &self.get_mut().stream).poll_read(cx, buf)
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut &self.get_mut().stream).poll_read_vectored(cx, bufs)
    }
}

/// By shared reference, where the stream writes so.
#[cfg(feature = "futures-io")]
impl<'a, S> futures_io::AsyncWrite for &'a Connection<S>
where
    &'a S: futures_io::AsyncWrite,
{
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut &self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        Pin::new(&mut &self.get_mut().stream).poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut &self.get_mut().stream).poll_flush(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut &self.get_mut().stream).poll_close(cx)
    }
}
