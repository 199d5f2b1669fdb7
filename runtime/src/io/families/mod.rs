//! Gives a type that has this runtime's I/O traits those of the other families: `futures-io`'s, real
//! `tokio::io`'s and `hyper::rt`'s.
//!
//! The families differ only in how they describe a buffer, and in the name of what ends a stream.

#[cfg(any(feature = "futures-io", feature = "tokio-io", feature = "hyper"))]
mod read;

/// The other families' traits of a type that reads or writes. Where `$vectored` is given, it is how the type reads into
/// several buffers at once, for the one family that has such reads; else they fill the first buffer alone.
macro_rules! impl_families {
    (read $reader:ty $(, |$this:ident, $cx:ident, $bufs:ident| $vectored:expr)?) => {
        #[cfg(feature = "futures-io")]
        impl ::futures_io::AsyncRead for $reader {
            fn poll_read(
                self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
                buf: &mut [u8],
            ) -> ::std::task::Poll<::std::io::Result<usize>> {
                $crate::io::families::poll_read_slice(self, cx, buf)
            }

            $(
                fn poll_read_vectored(
                    self: ::std::pin::Pin<&mut Self>,
                    $cx: &mut ::std::task::Context<'_>,
                    $bufs: &mut [::std::io::IoSliceMut<'_>],
                ) -> ::std::task::Poll<::std::io::Result<usize>> {
                    let $this = self;
                    $vectored
                }
            )?
        }

        #[cfg(feature = "tokio-io")]
        impl ::tokio::io::AsyncRead for $reader {
            fn poll_read(
                self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
                buf: &mut ::tokio::io::ReadBuf<'_>,
            ) -> ::std::task::Poll<::std::io::Result<()>> {
                $crate::io::families::poll_read_tokio(self, cx, buf)
            }
        }

        #[cfg(feature = "hyper")]
        impl ::hyper::rt::Read for $reader {
            fn poll_read(
                self: ::std::pin::Pin<&mut Self>,
                cx: &mut ::std::task::Context<'_>,
                buf: ::hyper::rt::ReadBufCursor<'_>,
            ) -> ::std::task::Poll<::std::io::Result<()>> {
                $crate::io::families::poll_read_hyper(self, cx, buf)
            }
        }
    };

    (write $writer:ty) => {
        #[cfg(feature = "futures-io")]
        $crate::io::families::impl_write!($writer, ::futures_io::AsyncWrite, poll_close, {});
        #[cfg(feature = "tokio-io")]
        $crate::io::families::impl_write!($writer, ::tokio::io::AsyncWrite, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                $crate::io::AsyncWrite::is_write_vectored(self)
            }
        });
        #[cfg(feature = "hyper")]
        $crate::io::families::impl_write!($writer, ::hyper::rt::Write, poll_shutdown, {
            fn is_write_vectored(&self) -> bool {
                $crate::io::AsyncWrite::is_write_vectored(self)
            }
        });
    };
}

/// A trait that writes; the families agree but for the name of `$close` and `$rest`.
#[cfg(any(feature = "futures-io", feature = "tokio-io", feature = "hyper"))]
macro_rules! impl_write {
    ($writer:ty, $family:path, $close:ident, { $($rest:tt)* }) => {
        const _: () = {
            use ::std::io::{IoSlice, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            use $crate::io::AsyncWrite as Ours;

            impl $family for $writer {
                fn poll_write(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &[u8],
                ) -> Poll<Result<usize>> {
                    Ours::poll_write(self, cx, buf)
                }

                fn poll_write_vectored(
                    self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    bufs: &[IoSlice<'_>],
                ) -> Poll<Result<usize>> {
                    Ours::poll_write_vectored(self, cx, bufs)
                }

                fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                    Ours::poll_flush(self, cx)
                }

                fn $close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                    Ours::poll_shutdown(self, cx)
                }

                $($rest)*
            }
        };
    };
}

pub(crate) use impl_families;
#[cfg(any(feature = "futures-io", feature = "tokio-io", feature = "hyper"))]
pub(crate) use impl_write;
#[cfg(feature = "hyper")]
pub(crate) use read::poll_read_hyper;
#[cfg(feature = "tokio-io")]
pub(crate) use read::poll_read_tokio;
#[cfg(feature = "futures-io")]
pub(crate) use read::{poll_read_in_turn, poll_read_slice};
