//! The I/O traits of a type whose bytes go through a descriptor that the reactor watches.
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
        impl $crate::io::AsyncRead for $reader {
            fn poll_read(
                self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
                buf: &mut $crate::io::ReadBuf<'_>,
            ) -> ::std::task::Poll<::std::io::Result<()>> {
                self.io().poll_read(cx, buf)
            }
        }

        $crate::io::families::impl_families!(read $reader, |this, cx, bufs| this.io().poll_read_vectored(cx, bufs));
    };
}

/// The traits of a type that writes.
macro_rules! impl_writing {
    ($writer:ty) => {
        const _: () = {
            use ::std::io::{IoSlice, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            impl $crate::io::AsyncWrite for $writer {
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

                fn is_write_vectored(&self) -> bool {
                    true
                }

                fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
                    Poll::Ready(Ok(()))
                }

                fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
                    Poll::Ready(self.get_mut().close_write())
                }
            }
        };

        $crate::io::families::impl_families!(write $writer);
    };
}

pub(crate) use {impl_reading, impl_writing};
