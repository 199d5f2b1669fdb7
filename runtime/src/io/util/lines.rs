use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::piece::poll_next_piece;
use crate::io::AsyncBufRead;

pin_project! {
    /// The lines of a reader. Made by [`AsyncBufReadExt::lines`](crate::io::AsyncBufReadExt::lines).
    ///
    /// A line ends with `\n` or `\r\n`, which is not part of it, or with the stream.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncBufReadExt, Lines};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut lines: Lines<&[u8]> = b"one\r\ntwo".lines();
    /// assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
    /// assert_eq!(lines.next_line().await?.as_deref(), Some("two"));
    /// assert_eq!(lines.next_line().await?, None);
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    #[must_use = "lines are not read unless they are asked for"]
    pub struct Lines<R> {
        #[pin]
        reader: R,
        // What has come of the next line.
        begun: Vec<u8>,
    }
}

pub(super) fn lines<R: AsyncBufRead>(reader: R) -> Lines<R> {
    Lines {
        reader,
        begun: Vec::new(),
    }
}

impl<R: AsyncBufRead + Unpin> Lines<R> {
    /// Reads the next line; `None` if the stream has ended.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](io::ErrorKind::InvalidData) if the line is no UTF-8; the next call goes on behind it. What the
    /// reader fails with; the next call goes on with the same line.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: what has come of the line is kept for the next call.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use runtime::io::{AsyncBufReadExt, BufReader};
    ///
    /// # async fn example(socket: runtime::net::TcpStream) -> std::io::Result<()> {
    /// let mut lines = BufReader::new(socket).lines();
    /// while let Some(line) = lines.next_line().await? {
    ///     println!("{line}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next_line(cx)).await
    }

    /// Lends the reader.
    pub fn get_ref(&self) -> &R {
        &self.reader
    }

    /// Lends the reader, to be changed. What is read from it is missing here.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Returns the reader. What has come of a line that has not ended is lost.
    pub fn into_inner(self) -> R {
        self.reader
    }
}

impl<R: AsyncBufRead> Lines<R> {
    /// As [`next_line`](Self::next_line), as a poll.
    ///
    /// # Errors
    ///
    /// As [`next_line`](Self::next_line).
    pub fn poll_next_line(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<Option<String>>> {
        let this = self.project();
        let piece = poll_next_piece(this.reader, cx, b'\n', this.begun);
        let Some(mut line) = ready!(piece)? else {
            return Poll::Ready(Ok(None));
        };
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        // With its bytes, as the line is lost otherwise.
        let line = String::from_utf8(line)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Poll::Ready(Ok(Some(line)))
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::{Lines, lines};
    use crate::io::AsyncBufRead;

    fn next<R: AsyncBufRead + Unpin>(lines: &mut Lines<R>) -> io::Result<Option<String>> {
        let cx = &mut Context::from_waker(Waker::noop());
        match Pin::new(lines).poll_next_line(cx) {
            Poll::Ready(line) => line,
            Poll::Pending => panic!("memory is always ready"),
        }
    }

    #[test]
    fn only_the_end_of_a_line_is_taken_away() {
        let mut lines = lines(&b"a\r\n\r\r\n\nb\r"[..]);
        for expected in ["a", "\r", "", "b\r"] {
            assert_eq!(next(&mut lines).unwrap().as_deref(), Some(expected));
        }
        assert_eq!(next(&mut lines).unwrap(), None);
        assert_eq!(next(&mut lines).unwrap(), None);
    }

    #[test]
    fn a_line_that_is_no_text_is_skipped() {
        let mut lines = lines(&b"\xff\nnext"[..]);
        assert_eq!(
            next(&mut lines).unwrap_err().kind(),
            io::ErrorKind::InvalidData
        );
        assert_eq!(next(&mut lines).unwrap().as_deref(), Some("next"));
    }
}
