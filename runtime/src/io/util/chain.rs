use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

pin_project! {
    /// A reader, and another one when the first has ended. Made by [`AsyncReadExt::chain`](crate::io::AsyncReadExt::chain).
    ///
    /// # Cancel safety
    ///
    /// As of the two readers.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, Chain};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut packet: Chain<&[u8], &[u8]> = b"head ".chain(&b"body"[..]);
    /// let mut text = String::new();
    /// packet.read_to_string(&mut text).await?;
    /// assert_eq!(text, "head body");
    /// # Ok(())
    /// # }
    /// ```
    #[must_use = "readers do nothing unless they are read"]
    pub struct Chain<T, U> {
        #[pin]
        first: T,
        #[pin]
        second: U,
        first_has_ended: bool,
    }
}

pub(super) fn chain<T: AsyncRead, U: AsyncRead>(first: T, second: U) -> Chain<T, U> {
    Chain {
        first,
        second,
        first_has_ended: false,
    }
}

impl<T, U> Chain<T, U>
where
    T: AsyncRead,
    U: AsyncRead,
{
    /// Lends both readers.
    pub fn get_ref(&self) -> (&T, &U) {
        (&self.first, &self.second)
    }

    /// Lends both readers, to be changed. What is read from them is missing here.
    pub fn get_mut(&mut self) -> (&mut T, &mut U) {
        (&mut self.first, &mut self.second)
    }

    /// Lends both readers, to be changed, and pinned as this is. What is read from them is missing here.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> (Pin<&mut T>, Pin<&mut U>) {
        let this = self.project();
        (this.first, this.second)
    }

    /// Returns both readers.
    pub fn into_inner(self) -> (T, U) {
        (self.first, self.second)
    }
}

impl<T: AsyncRead, U: AsyncRead> AsyncRead for Chain<T, U> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.project();
        if !*this.first_has_ended {
            let room = buf.remaining();
            ready!(this.first.poll_read(cx, buf))?;
            // Nothing read is no end if there was no room for anything.
            if buf.remaining() != room || room == 0 {
                return Poll::Ready(Ok(()));
            }
            *this.first_has_ended = true;
        }
        this.second.poll_read(cx, buf)
    }
}

impl<T: AsyncBufRead, U: AsyncBufRead> AsyncBufRead for Chain<T, U> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if !*this.first_has_ended {
            let filled = ready!(this.first.poll_fill_buf(cx))?;
            if !filled.is_empty() {
                return Poll::Ready(Ok(filled));
            }
            *this.first_has_ended = true;
        }
        this.second.poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amt: usize) {
        let this = self.project();
        if *this.first_has_ended {
            this.second.consume(amt);
        } else {
            this.first.consume(amt);
        }
    }
}

impl<T: fmt::Debug, U: fmt::Debug> fmt::Debug for Chain<T, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("first", &self.first)
            .field("second", &self.second)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::chain;
    use crate::io::{AsyncBufRead, AsyncRead, ReadBuf};

    #[test]
    fn a_read_into_no_room_does_not_end_the_first() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut chain = chain(&b"a"[..], &b"b"[..]);
        let mut none = ReadBuf::new(&mut []);
        assert!(Pin::new(&mut chain).poll_read(cx, &mut none).is_ready());
        for expected in [&b"a"[..], b"b", b""] {
            let mut memory = [0; 4];
            let mut buf = ReadBuf::new(&mut memory);
            assert!(Pin::new(&mut chain).poll_read(cx, &mut buf).is_ready());
            assert_eq!(buf.filled(), expected);
        }
    }

    #[test]
    fn a_buffer_is_taken_out_of_the_reader_it_belongs_to() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut chain = chain(&b"ab"[..], &b"cd"[..]);
        let mut seen = Vec::new();
        while let Poll::Ready(Ok(&[first, ..])) = Pin::new(&mut chain).poll_fill_buf(cx) {
            seen.push(first);
            Pin::new(&mut chain).consume(1);
        }
        assert_eq!(seen, b"abcd");
        assert_eq!(chain.into_inner(), (&b""[..], &b""[..]));
    }
}
