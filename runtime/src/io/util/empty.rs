use std::fmt;
use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::sink::impl_swallowing;
use crate::io::cooperative::poll_with_budget;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

/// A stream with nothing to read, which takes whatever is written to it and keeps nothing. Made by [`empty`](fn@empty).
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
/// use runtime::io::{AsyncReadExt, AsyncWriteExt, Empty, empty};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut nothing: Empty = empty();
/// nothing.write_all(b"lost").await?;
/// let mut text = String::new();
/// assert_eq!(nothing.read_to_string(&mut text).await?, 0);
/// # Ok(())
/// # }
/// ```
pub struct Empty {
    _made_by_empty: (),
}

/// Makes a stream that has ended for who reads it, and takes all that is written to it.
///
/// # Examples
///
/// A request without a body:
///
/// ```
/// use runtime::io::{AsyncReadExt, empty};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut request = Vec::new();
/// b"GET /".chain(empty()).read_to_end(&mut request).await?;
/// assert_eq!(request, b"GET /");
/// # Ok(())
/// # }
/// ```
pub fn empty() -> Empty {
    Empty { _made_by_empty: () }
}

impl AsyncRead for Empty {
    #[inline]
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        poll_with_budget(cx, |_| Poll::Ready(Ok(())))
    }
}

impl AsyncBufRead for Empty {
    #[inline]
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        poll_with_budget(cx, |_| Poll::Ready(Ok(&[][..])))
    }

    #[inline]
    fn consume(self: Pin<&mut Self>, _: usize) {}
}

impl_swallowing!(Empty);

/// Every place is the start.
impl AsyncSeek for Empty {
    #[inline]
    fn start_seek(self: Pin<&mut Self>, _: SeekFrom) -> io::Result<()> {
        Ok(())
    }

    #[inline]
    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        poll_with_budget(cx, |_| Poll::Ready(Ok(0)))
    }
}

impl fmt::Debug for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad("Empty { .. }")
    }
}

#[cfg(test)]
mod tests {
    use std::io::{IoSlice, SeekFrom};
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::empty;
    use crate::coop;
    use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

    #[test]
    fn it_has_ended_and_takes_everything() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut empty = pin!(empty());
        let mut memory = [7; 2];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(empty.as_mut().poll_read(cx, &mut buf).is_ready());
        assert_eq!(buf.filled(), b"");
        assert!(matches!(
            empty.as_mut().poll_fill_buf(cx),
            Poll::Ready(Ok([]))
        ));
        let bufs = [IoSlice::new(b"ab"), IoSlice::new(b"c")];
        let Poll::Ready(Ok(3)) = empty.as_mut().poll_write_vectored(cx, &bufs) else {
            panic!("not everything was taken")
        };
        empty.as_mut().start_seek(SeekFrom::End(9)).unwrap();
        assert!(matches!(empty.poll_complete(cx), Poll::Ready(Ok(0))));
    }

    #[test]
    fn reading_nothing_for_ever_yields() {
        let cx = &mut Context::from_waker(Waker::noop());
        coop::with_budget(|| while pin!(empty()).poll_fill_buf(cx).is_ready() {});
    }
}
