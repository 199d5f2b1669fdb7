//! A stream that returns what was written to it.

use std::io::{self, IoSlice};
use std::task::{Context, Poll};

use super::shared::SharedPipe;
use crate::io::cooperative::poll_with_budget;
use crate::io::copied::{ByteSink, ByteSource, Put, impl_reading, impl_writing};
#[cfg(feature = "io-util")]
use crate::io::{ReadHalf, WriteHalf};

/// A stream in memory from which one reads what was written to it.
///
/// Made by [`simplex`](crate::io::simplex) in two halves, or whole by
/// [`new_unsplit`](Self::new_unsplit). After it is closed, writes fail with
/// [`BrokenPipe`](io::ErrorKind::BrokenPipe), and reads end after what is left.
///
/// # Cancel safety
///
/// As of [`DuplexStream`](crate::io::DuplexStream).
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt, SimplexStream};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut stream = SimplexStream::new_unsplit(64);
/// stream.write_all(b"hello").await?;
/// stream.close().await?;
/// let mut text = String::new();
/// stream.read_to_string(&mut text).await?;
/// assert_eq!(text, "hello");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SimplexStream {
    pipe: SharedPipe,
}

impl SimplexStream {
    /// Makes a stream in which at most `max_buf_size` bytes wait to be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt, SimplexStream};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut stream = SimplexStream::new_unsplit(4);
    /// stream.write_all(b"four").await?; // more would wait for a reader
    /// let mut buf = [0; 4];
    /// stream.read_exact(&mut buf).await?;
    /// assert_eq!(&buf, b"four");
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_unsplit(max_buf_size: usize) -> SimplexStream {
        SimplexStream {
            pipe: SharedPipe::new(max_buf_size),
        }
    }
}

/// Makes a reader, and a writer whose bytes it reads: at most `max_buf_size` wait in between.
///
/// The writer must be closed for the reader to see the end: the halves are two views of one
/// stream, which lives until both are dropped. They are those of [`split`](crate::io::split), each of which
/// locks the stream for a poll: a waker that uses the other half itself as it is
/// woken waits for ever. The ends of a [`duplex`](crate::io::duplex) have no such limit.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut reader, mut writer) = runtime::io::simplex(64);
/// writer.write_all(b"one way").await?;
/// writer.close().await?;
/// let mut text = String::new();
/// reader.read_to_string(&mut text).await?;
/// assert_eq!(text, "one way");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "io-util")]
pub fn simplex(max_buf_size: usize) -> (ReadHalf<SimplexStream>, WriteHalf<SimplexStream>) {
    crate::io::split(SimplexStream::new_unsplit(max_buf_size))
}

impl ByteSource for SimplexStream {
    fn poll_take(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        put: Put<'_>,
    ) -> Poll<io::Result<()>> {
        if wanted == 0 {
            return Poll::Ready(Ok(()));
        }
        poll_with_budget(cx, |cx| self.pipe.poll_take(cx, wanted, put))
    }
}

impl ByteSink for SimplexStream {
    fn poll_put(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        poll_with_budget(cx, |cx| self.pipe.poll_put(cx, bufs))
    }

    fn poll_flush(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.pipe.close())
    }
}

impl_reading!(SimplexStream);
impl_writing!(SimplexStream);
