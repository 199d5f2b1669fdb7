//! Gives a type that moves bytes the I/O traits of every family: `futures-io`, `tokio::io` and
//! `hyper::rt`.
//!
//! A type takes part if it has, visible where the macro is called,
//!
//! - `fn io(&self) -> &Evented<_>`, which tells through what descriptor its bytes go;
//! - if it writes, `fn close_write(&self)` or `(&mut self)`, which ends the stream for the peer
//!   and answers with an [`io::Result`](std::io::Result).
//!
//! Nothing is buffered in the process, so flushing is done before it begins.

/// The traits of a type that reads.
macro_rules! impl_reading {
    ($reader:ty) => {
        $crate::io::families::impl_futures_read!($reader);
        #[cfg(feature = "tokio-io")]
        $crate::io::families::impl_read_into!($reader, ::tokio::io::AsyncRead, {
            &mut ::tokio::io::ReadBuf<'_> => poll_read_buf
        });
        #[cfg(feature = "hyper")]
        $crate::io::families::impl_read_into!($reader, ::hyper::rt::Read, {
            ::hyper::rt::ReadBufCursor<'_> => poll_read_cursor
        });
    };
}

/// The traits of a type that writes.
macro_rules! impl_writing {
    ($writer:ty) => {
        $crate::io::families::impl_futures_write!($writer);
        #[cfg(feature = "tokio-io")]
        $crate::io::families::impl_write!($writer, ::tokio::io::AsyncWrite, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                true
            }
        });
        #[cfg(feature = "hyper")]
        $crate::io::families::impl_write!($writer, ::hyper::rt::Write, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                true
            }
        });
    };
}

/// `futures_io::AsyncRead`, which reads into initialised memory.
macro_rules! impl_futures_read {
    ($reader:ty) => {
        const _: () = {
            use ::std::io::{IoSliceMut, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            impl ::futures_io::AsyncRead for $reader {
                fn poll_read(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &mut [u8],
                ) -> Poll<Result<usize>> {
                    self.io().poll_read(cx, buf)
                }

                fn poll_read_vectored(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    bufs: &mut [IoSliceMut<'_>],
                ) -> Poll<Result<usize>> {
                    self.io().poll_read_vectored(cx, bufs)
                }
            }
        };
    };
}

/// `futures_io::AsyncWrite`.
macro_rules! impl_futures_write {
    ($writer:ty) => {
        $crate::io::families::impl_write!($writer, ::futures_io::AsyncWrite, poll_close, {});
    };
}

/// A trait that reads into a buffer of its own kind, which `$read` of `Evented` fills.
#[cfg(any(feature = "hyper", feature = "tokio-io"))]
macro_rules! impl_read_into {
    ($reader:ty, $family:path, { $buffer:ty => $read:ident }) => {
        impl $family for $reader {
            fn poll_read(
                self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
                buf: $buffer,
            ) -> ::std::task::Poll<::std::io::Result<()>> {
                self.io().$read(cx, buf)
            }
        }
    };
}

/// A trait that writes; the families agree but for the name of `$close` and `$rest`.
macro_rules! impl_write {
    ($writer:ty, $family:path, $close:ident, { $($rest:tt)* }) => {
        const _: () = {
            use ::std::io::{IoSlice, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            impl $family for $writer {
                fn poll_write(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &[u8],
                ) -> Poll<Result<usize>> {
                    self.io().poll_write(cx, buf)
                }

                fn poll_write_vectored(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    bufs: &[IoSlice<'_>],
                ) -> Poll<Result<usize>> {
                    self.io().poll_write_vectored(cx, bufs)
                }

                fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
                    Poll::Ready(Ok(()))
                }

                fn $close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
                    Poll::Ready(self.get_mut().close_write())
                }

                $($rest)*
            }
        };
    };
}

#[cfg(any(feature = "hyper", feature = "tokio-io"))]
pub(crate) use impl_read_into;
pub(crate) use {impl_futures_read, impl_futures_write, impl_reading, impl_write, impl_writing};
