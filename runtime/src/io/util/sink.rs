use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::io::AsyncWrite;
use crate::io::cooperative::poll_with_budget;

/// A writer that takes everything and keeps nothing. Made by [`sink`](fn@sink).
///
/// It is always ready, and each operation spends a unit of the poll budget.
///
/// # Cancel safety
///
/// An operation that was dropped has done nothing.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncWriteExt, Sink, sink};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut log: Sink = sink();
/// assert_eq!(log.write(b"nobody reads this").await?, 17);
/// # Ok(())
/// # }
/// ```
pub struct Sink {
    _made_by_sink: (),
}

/// Makes a writer that takes everything and keeps nothing.
///
/// # Examples
///
/// Reads a stream to its end for its length alone:
///
/// ```
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut body = &b"hello"[..];
/// let length = runtime::io::copy(&mut body, &mut runtime::io::sink()).await?;
/// assert_eq!(length, 5);
/// # Ok(())
/// # }
/// ```
pub fn sink() -> Sink {
    Sink { _made_by_sink: () }
}

/// The trait of a writer that takes everything.
macro_rules! impl_swallowing {
    ($writer:ty) => {
        impl AsyncWrite for $writer {
            #[inline]
            fn poll_write(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                buf: &[u8],
            ) -> Poll<io::Result<usize>> {
                poll_with_budget(cx, |_| Poll::Ready(Ok(buf.len())))
            }

            #[inline]
            fn poll_write_vectored(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bufs: &[IoSlice<'_>],
            ) -> Poll<io::Result<usize>> {
                poll_with_budget(cx, |_| {
                    Poll::Ready(Ok(bufs.iter().map(|buf| buf.len()).sum()))
                })
            }

            #[inline]
            fn is_write_vectored(&self) -> bool {
                true
            }

            #[inline]
            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                poll_with_budget(cx, |_| Poll::Ready(Ok(())))
            }

            #[inline]
            fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                poll_with_budget(cx, |_| Poll::Ready(Ok(())))
            }
        }
    };
}

pub(super) use impl_swallowing;

impl_swallowing!(Sink);

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Sink { .. }")
    }
}

#[cfg(test)]
mod tests {
    use std::io::IoSlice;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::sink;
    use crate::coop;
    use crate::io::AsyncWrite;

    #[test]
    fn it_takes_all_buffers() {
        let cx = &mut Context::from_waker(Waker::noop());
        let bufs = [IoSlice::new(b"ab"), IoSlice::new(b"c")];
        let written = pin!(sink()).poll_write_vectored(cx, &bufs);
        assert!(matches!(written, Poll::Ready(Ok(3))));
    }

    #[test]
    fn writing_for_ever_yields() {
        let cx = &mut Context::from_waker(Waker::noop());
        coop::with_budget(|| while pin!(sink()).poll_write(cx, b"a").is_ready() {});
    }
}
