use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::forward::{forward_buf_read, forward_read, forward_write};
use super::{BufReader, BufWriter};
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

pin_project! {
    /// Reads and writes through two buffers: a [`BufReader`] and a [`BufWriter`] in one.
    ///
    /// As with the latter, what is written has to be flushed, and **dropping it loses what is in the buffers**.
    ///
    /// # Cancel safety
    ///
    /// As of [`BufReader`] and [`BufWriter`].
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncBufReadExt, AsyncWriteExt, BufStream, duplex};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (client, server) = duplex(64);
    /// let (mut client, mut server) = (BufStream::new(client), BufStream::new(server));
    /// client.write_all(b"hello\n").await?;
    /// client.flush().await?;
    /// let mut line = String::new();
    /// server.read_line(&mut line).await?;
    /// assert_eq!(line, "hello\n");
    /// # Ok(())
    /// # }
    /// ```
    #[derive(Debug)]
    pub struct BufStream<RW> {
        #[pin]
        inner: BufReader<BufWriter<RW>>,
    }
}

impl<RW: AsyncRead + AsyncWrite> BufStream<RW> {
    /// Makes one with two buffers of 8 KiB each.
    pub fn new(stream: RW) -> BufStream<RW> {
        BufReader::new(BufWriter::new(stream)).into()
    }

    /// Makes one with buffers of so many bytes.
    ///
    /// # Panics
    ///
    /// If `reader_capacity` is 0.
    #[track_caller]
    pub fn with_capacity(
        reader_capacity: usize,
        writer_capacity: usize,
        stream: RW,
    ) -> BufStream<RW> {
        let writer = BufWriter::with_capacity(writer_capacity, stream);
        BufReader::with_capacity(reader_capacity, writer).into()
    }

    /// Lends the stream.
    pub fn get_ref(&self) -> &RW {
        self.inner.get_ref().get_ref()
    }

    /// Lends the stream, to be changed. What is read from it is missing here, and what is written to it overtakes what is in
    /// the buffer.
    pub fn get_mut(&mut self) -> &mut RW {
        self.inner.get_mut().get_mut()
    }

    /// As [`get_mut`](Self::get_mut), pinned as this is.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut RW> {
        self.project().inner.get_pin_mut().get_pin_mut()
    }

    /// Returns the stream. What is in the buffers is lost.
    pub fn into_inner(self) -> RW {
        self.inner.into_inner().into_inner()
    }
}

impl<RW> From<BufReader<BufWriter<RW>>> for BufStream<RW> {
    fn from(inner: BufReader<BufWriter<RW>>) -> BufStream<RW> {
        BufStream { inner }
    }
}

/// Keeps what is in the buffers.
impl<RW> From<BufWriter<BufReader<RW>>> for BufStream<RW> {
    fn from(writer: BufWriter<BufReader<RW>>) -> BufStream<RW> {
        let (reader, unwritten) = writer.into_parts();
        let (stream, unread) = reader.into_parts();
        BufReader::from_parts(BufWriter::from_parts(stream, unwritten), unread).into()
    }
}

impl<RW: AsyncRead + AsyncWrite> AsyncRead for BufStream<RW> {
    forward_read!(inner);
}

impl<RW: AsyncRead + AsyncWrite> AsyncBufRead for BufStream<RW> {
    forward_buf_read!(inner);
}

impl<RW: AsyncRead + AsyncWrite> AsyncWrite for BufStream<RW> {
    forward_write!(inner);
}

impl<RW: AsyncRead + AsyncWrite + AsyncSeek> AsyncSeek for BufStream<RW> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        self.project().inner.start_seek(position)
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        self.project().inner.poll_complete(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Waker};

    use super::BufStream;
    use crate::io::util::script::{Answer, Script};
    use crate::io::{AsyncRead, AsyncWrite, BufReader, BufWriter, ReadBuf};

    #[test]
    fn what_is_in_the_buffers_stays_there_when_they_change_places() {
        let cx = &mut Context::from_waker(Waker::noop());
        let script = Script::reading(&[Answer::Ready(b"read")]);
        let mut inside_out = BufWriter::new(BufReader::new(script));
        let mut memory = [0; 1];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(&mut inside_out).poll_read(cx, &mut buf).is_ready());
        assert!(
            Pin::new(&mut inside_out)
                .poll_write(cx, b"written")
                .is_ready()
        );

        let mut stream = BufStream::from(inside_out);
        let mut memory = [0; 4];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(&mut stream).poll_read(cx, &mut buf).is_ready());
        assert_eq!(buf.filled(), b"ead");
        assert!(Pin::new(&mut stream).poll_flush(cx).is_ready());
        assert_eq!(stream.into_inner().asked, ["write written", "flush"]);
    }
}
