//! A stream that returns what was written to it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::shared::SharedPipe;
use crate::io::families::impl_families;
#[cfg(feature = "futures-io")]
use crate::io::families::poll_read_in_turn;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
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
/// stream.shutdown().await?;
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
    /// # Panics
    ///
    /// If `max_buf_size` is 0.
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
    #[track_caller]
    pub fn new_unsplit(max_buf_size: usize) -> SimplexStream {
        SimplexStream {
            pipe: SharedPipe::new(max_buf_size),
        }
    }
}

/// Makes a reader, and a writer whose bytes it reads: at most `max_buf_size` wait in between.
///
/// The writer must be shut down for the reader to see the end: the halves, which are those of [`split`](crate::io::split), are
/// two views of one stream, which lives until both are dropped.
///
/// # Panics
///
/// If `max_buf_size` is 0.
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
/// writer.shutdown().await?;
/// let mut text = String::new();
/// reader.read_to_string(&mut text).await?;
/// assert_eq!(text, "one way");
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "io-util")]
#[track_caller]
pub fn simplex(max_buf_size: usize) -> (ReadHalf<SimplexStream>, WriteHalf<SimplexStream>) {
    crate::io::split(SimplexStream::new_unsplit(max_buf_size))
}

impl AsyncRead for SimplexStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.pipe.poll_read(cx, buf)
    }
}

impl AsyncWrite for SimplexStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.pipe.poll_write(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.pipe.poll_write(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.pipe.close())
    }
}

impl_families!(read SimplexStream, |this, cx, bufs| poll_read_in_turn(this, cx, bufs));
impl_families!(write SimplexStream);
