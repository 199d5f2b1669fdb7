use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

pin_project! {
    /// A reader that ends after so many bytes, if not before. Made by [`AsyncReadExt::take`](crate::io::AsyncReadExt::take).
    ///
    /// # Cancel safety
    ///
    /// As of the reader that it reads from.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, Take};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut body: Take<&[u8]> = b"hello, and the next request".take(5);
    /// let mut text = String::new();
    /// body.read_to_string(&mut text).await?;
    /// assert_eq!((&*text, body.limit()), ("hello", 0));
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "readers do nothing unless they are read"]
    pub struct Take<R> {
        #[pin]
        inner: R,
        // What is left of it.
        bytes: u64,
    }
}

pub(super) fn take<R: AsyncRead>(inner: R, limit: u64) -> Take<R> {
    Take {
        inner,
        bytes: limit,
    }
}

impl<R: AsyncRead> Take<R> {
    /// Returns how many bytes can still be read, unless the reader ends before.
    pub fn limit(&self) -> u64 {
        self.bytes
    }

    /// Lets `limit` bytes be read from now on, whatever was read before.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::AsyncReadExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut packets = b"ab cde".take(2);
    /// let mut packet = Vec::new();
    /// packets.read_to_end(&mut packet).await?;
    /// packets.set_limit(4);
    /// packets.read_to_end(&mut packet).await?;
    /// assert_eq!(packet, b"ab cde");
    /// # Ok(())
    /// # }
    /// ```
    pub fn set_limit(&mut self, limit: u64) {
        self.bytes = limit;
    }

    /// Lends the reader.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// Lends the reader, to be changed. What is read from it does not count.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    /// Lends the reader, to be changed, and pinned as this is. What is read from it does not count.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().inner
    }

    /// Returns the reader.
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: AsyncRead> AsyncRead for Take<R> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.project();
        // The reader is not asked: it may wait for what nobody wants.
        if *this.bytes == 0 {
            return Poll::Ready(Ok(()));
        }
        let mut part = buf.take(usize::try_from(*this.bytes).unwrap_or(usize::MAX));
        let start = part.filled().as_ptr();
        ready!(this.inner.poll_read(cx, &mut part))?;
        let read = part.filled();
        assert!(
            std::ptr::eq(read.as_ptr(), start),
            "a reader has put another buffer in the place of the one to read into"
        );
        let read = read.len();
        // SAFETY: `part` is what follows the filled bytes of `buf`, as it begins where it did; what is filled in it is
        // initialised.
        unsafe { buf.assume_init(read) };
        buf.advance(read);
        *this.bytes -= read as u64;
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncBufRead> AsyncBufRead for Take<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if *this.bytes == 0 {
            return Poll::Ready(Ok(&[]));
        }
        let filled = ready!(this.inner.poll_fill_buf(cx))?;
        Poll::Ready(Ok(&filled[..at_most(*this.bytes, filled.len())]))
    }

    fn consume(self: Pin<&mut Self>, amt: usize) {
        let this = self.project();
        // Not more than there is to see, or the limit would wrap around.
        let amt = at_most(*this.bytes, amt);
        *this.bytes -= amt as u64;
        this.inner.consume(amt);
    }
}

fn at_most(limit: u64, len: usize) -> usize {
    usize::try_from(limit).map_or(len, |limit| limit.min(len))
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::take;
    use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

    #[test]
    fn a_read_goes_behind_what_is_filled() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut take = take(&b"bcd"[..], 2);
        let mut memory = [0; 8];
        let mut buf = ReadBuf::new(&mut memory);
        buf.put_slice(b"a");
        assert!(Pin::new(&mut take).poll_read(cx, &mut buf).is_ready());
        assert_eq!((buf.filled(), take.limit()), (&b"abc"[..], 0));
        assert_eq!(take.into_inner(), b"d");
    }

    #[test]
    fn no_more_is_consumed_than_there_is_to_see() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut take = take(&b"abc"[..], 2);
        assert!(matches!(
            Pin::new(&mut take).poll_fill_buf(cx),
            Poll::Ready(Ok(b"ab"))
        ));
        Pin::new(&mut take).consume(3);
        assert_eq!((take.limit(), *take.get_ref()), (0, &b"c"[..]));
    }

    struct Never;

    impl AsyncRead for Never {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    #[test]
    fn a_reader_that_would_wait_is_not_asked_at_the_limit() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut take = take(Never, 0);
        let mut memory = [0; 8];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(&mut take).poll_read(cx, &mut buf).is_ready());
        take.set_limit(1);
        assert!(Pin::new(&mut take).poll_read(cx, &mut buf).is_pending());
    }

    /// Reads into memory of its own.
    struct Swaps;

    impl AsyncRead for Swaps {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            *buf = ReadBuf::new(Box::leak(Box::new([1; 4])));
            buf.advance(4);
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    #[should_panic(expected = "another buffer")]
    fn bytes_of_another_buffer_are_not_taken_for_those_of_this_one() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut memory = [0; 8];
        let _ = Pin::new(&mut take(Swaps, 8)).poll_read(cx, &mut ReadBuf::new(&mut memory));
    }
}
