//! The I/O traits of every family for types whose bytes pass through memory of the process.
//!
//! A type says once, as [`ByteSource`] or [`ByteSink`], how its bytes move. The families differ only in
//! the buffers that they bring along, so a source hands out slices and knows no buffer at all. What reads
//! into the caller's memory directly belongs to `families` instead.

use std::io::{self, IoSlice};
use std::task::{Context, Poll, ready};

/// Takes bytes out of a source.
pub(super) type Put<'a> = &'a mut dyn FnMut(&[u8]);

/// What bytes come from.
pub(super) trait ByteSource {
    /// Passes up to `wanted` bytes to `put`, in one slice or several; none at the end of the stream.
    fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        put: Put<'_>,
    ) -> Poll<io::Result<()>>;
}

/// Where bytes go.
pub(super) trait ByteSink {
    /// Accepts the first bytes of `bufs`, at least one if there is any, and answers how many.
    fn poll_put(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>>;

    /// Waits until what was accepted is where it belongs.
    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Flushes, and ends the stream for who reads it.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}

/// Fills the front of `buf`.
pub(super) fn poll_read_slice(
    source: &mut impl ByteSource,
    cx: &mut Context<'_>,
    buf: &mut [u8],
) -> Poll<io::Result<usize>> {
    let (wanted, mut filled) = (buf.len(), 0);
    let put = &mut |bytes: &[u8]| {
        buf[filled..][..bytes.len()].copy_from_slice(bytes);
        filled += bytes.len();
    };
    ready!(source.poll_take(cx, wanted, put))?;
    Poll::Ready(Ok(filled))
}

/// Gives a [`ByteSource`] the traits that read.
macro_rules! impl_reading {
    ($source:ty) => {
        const _: () = {
            use ::std::io::Result;
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            impl ::futures_io::AsyncRead for $source {
                fn poll_read(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &mut [u8],
                ) -> Poll<Result<usize>> {
                    $crate::io::copied::poll_read_slice(self.get_mut(), cx, buf)
                }
            }

            #[cfg(feature = "tokio-io")]
            impl ::tokio::io::AsyncRead for $source {
                fn poll_read(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &mut ::tokio::io::ReadBuf<'_>,
                ) -> Poll<Result<()>> {
                    let wanted = buf.remaining();
                    let put = &mut |bytes: &[u8]| buf.put_slice(bytes);
                    $crate::io::copied::ByteSource::poll_take(self.get_mut(), cx, wanted, put)
                }
            }

            #[cfg(feature = "hyper")]
            impl ::hyper::rt::Read for $source {
                fn poll_read(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    mut buf: ::hyper::rt::ReadBufCursor<'_>,
                ) -> Poll<Result<()>> {
                    let wanted = buf.remaining();
                    let put = &mut |bytes: &[u8]| buf.put_slice(bytes);
                    $crate::io::copied::ByteSource::poll_take(self.get_mut(), cx, wanted, put)
                }
            }
        };
    };
}

/// Gives a [`ByteSink`] the traits that write.
macro_rules! impl_writing {
    ($sink:ty) => {
        $crate::io::copied::impl_write!($sink, ::futures_io::AsyncWrite, poll_close, {});
        #[cfg(feature = "tokio-io")]
        $crate::io::copied::impl_write!($sink, ::tokio::io::AsyncWrite, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                true
            }
        });
        #[cfg(feature = "hyper")]
        $crate::io::copied::impl_write!($sink, ::hyper::rt::Write, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                true
            }
        });
    };
}

/// A trait that writes; the families agree but for the name of `$close` and `$rest`.
macro_rules! impl_write {
    ($sink:ty, $family:path, $close:ident, { $($rest:tt)* }) => {
        const _: () = {
            use ::std::io::{IoSlice, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};
            use $crate::io::copied::ByteSink;

            impl $family for $sink {
                fn poll_write(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &[u8],
                ) -> Poll<Result<usize>> {
                    ByteSink::poll_put(self.get_mut(), cx, &[IoSlice::new(buf)])
                }

                fn poll_write_vectored(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    bufs: &[IoSlice<'_>],
                ) -> Poll<Result<usize>> {
                    ByteSink::poll_put(self.get_mut(), cx, bufs)
                }

                fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                    ByteSink::poll_flush(self.get_mut(), cx)
                }

                fn $close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                    ByteSink::poll_close(self.get_mut(), cx)
                }

                $($rest)*
            }
        };
    };
}

pub(super) use {impl_reading, impl_write, impl_writing};
