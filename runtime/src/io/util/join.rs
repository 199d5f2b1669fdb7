use std::pin::Pin;

use pin_project_lite::pin_project;

use super::forward::{forward_buf_read, forward_read, forward_write};
use crate::io::{AsyncBufRead, AsyncRead, AsyncWrite};

pin_project! {
    /// A reader and a writer as one stream. Made by [`join`](fn@join).
    ///
    /// # Cancel safety
    ///
    /// As of the reader and of the writer.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncReadExt, AsyncWriteExt, Join, join};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut stream: Join<&[u8], Vec<u8>> = join(&b"question"[..], Vec::new());
    /// let mut question = String::new();
    /// stream.read_to_string(&mut question).await?;
    /// stream.write_all(b"answer").await?;
    /// assert_eq!(stream.writer(), b"answer");
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    pub struct Join<R, W> {
        #[pin]
        reader: R,
        #[pin]
        writer: W,
    }
}

/// Makes one stream of a reader and a writer. The opposite of [`split`](fn@crate::io::split), but that the two need
/// have nothing to do with each other.
///
/// # Examples
///
/// The standard streams as one connection:
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// let mut ours = runtime::io::join(runtime::io::stdin(), runtime::io::stdout());
/// let mut server = runtime::net::TcpStream::connect("127.0.0.1:8080").await?;
/// runtime::io::copy_bidirectional(&mut ours, &mut server).await?;
/// # Ok(())
/// # }
/// ```
pub fn join<R, W>(reader: R, writer: W) -> Join<R, W>
where
    R: AsyncRead,
    W: AsyncWrite,
{
    Join { reader, writer }
}

impl<R, W> Join<R, W>
where
    R: AsyncRead,
    W: AsyncWrite,
{
    /// Returns the reader and the writer.
    pub fn into_inner(self) -> (R, W) {
        (self.reader, self.writer)
    }

    /// Lends the reader.
    pub fn reader(&self) -> &R {
        &self.reader
    }

    /// Lends the writer.
    pub fn writer(&self) -> &W {
        &self.writer
    }

    /// Lends the reader, to be changed.
    pub fn reader_mut(&mut self) -> &mut R {
        &mut self.reader
    }

    /// Lends the writer, to be changed.
    pub fn writer_mut(&mut self) -> &mut W {
        &mut self.writer
    }

    /// Lends the reader, to be changed, and pinned as this is.
    pub fn reader_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().reader
    }

    /// Lends the writer, to be changed, and pinned as this is.
    pub fn writer_pin_mut(self: Pin<&mut Self>) -> Pin<&mut W> {
        self.project().writer
    }
}

impl<R: AsyncRead, W> AsyncRead for Join<R, W> {
    forward_read!(reader);
}

impl<R: AsyncBufRead, W> AsyncBufRead for Join<R, W> {
    forward_buf_read!(reader);
}

impl<R, W: AsyncWrite> AsyncWrite for Join<R, W> {
    forward_write!(writer);
}
