use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::piece::poll_next_piece;
use crate::io::AsyncBufRead;

pin_project! {
    /// The segments of a reader between bytes of one value. Made by [`AsyncBufReadExt::split`](crate::io::AsyncBufReadExt::split).
    ///
    /// A segment ends with such a byte, which is not part of it, or with the stream. There is none after such a byte at the
    /// end of the stream.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncBufReadExt, Split};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut fields: Split<&[u8]> = AsyncBufReadExt::split(&b"one,two"[..], b',');
    /// assert_eq!(fields.next_segment().await?.as_deref(), Some(&b"one"[..]));
    /// assert_eq!(fields.next_segment().await?.as_deref(), Some(&b"two"[..]));
    /// assert_eq!(fields.next_segment().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "segments are not read unless they are asked for"]
    pub struct Split<R> {
        #[pin]
        reader: R,
        // What has come of the next segment.
        begun: Vec<u8>,
        delimiter: u8,
    }
}

pub(super) fn split<R: AsyncBufRead>(reader: R, delimiter: u8) -> Split<R> {
    Split {
        reader,
        begun: Vec::new(),
        delimiter,
    }
}

impl<R: AsyncBufRead + Unpin> Split<R> {
    /// Reads the next segment; `None` if the stream has ended.
    ///
    /// # Errors
    ///
    /// What the reader fails with; the next call goes on with the same segment.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what has come of the segment is kept for the next call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::io::{AsyncBufReadExt, BufReader, stdin};
    ///
    /// # async fn example() -> std::io::Result<()> {
    /// let mut paths = BufReader::new(stdin()).split(0);
    /// while let Some(path) = paths.next_segment().await? {
    ///     println!("{}", String::from_utf8_lossy(&path));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_segment(&mut self) -> io::Result<Option<Vec<u8>>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next_segment(cx)).await
    }
}

impl<R: AsyncBufRead> Split<R> {
    /// As [`next_segment`](Self::next_segment), as a poll.
    ///
    /// # Errors
    ///
    /// As [`next_segment`](Self::next_segment).
    pub fn poll_next_segment(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Vec<u8>>>> {
        let this = self.project();
        let piece = poll_next_piece(this.reader, cx, *this.delimiter, this.begun);
        let Some(mut segment) = ready!(piece)? else {
            return Poll::Ready(Ok(None));
        };
        if segment.last() == Some(this.delimiter) {
            segment.pop();
        }
        Poll::Ready(Ok(Some(segment)))
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::split;

    #[test]
    fn segments_may_be_empty_but_for_the_last() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut segments = split(&b",a,,b,"[..], b',');
        let mut seen = Vec::new();
        while let Poll::Ready(Ok(Some(segment))) = Pin::new(&mut segments).poll_next_segment(cx) {
            seen.push(segment);
        }
        assert_eq!(seen, [&b""[..], b"a", b"", b"b"]);
    }
}
