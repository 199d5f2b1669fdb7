use std::fmt;
use std::io::{self, IoSlice, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::forward::{forward_buf_read, forward_read};
use crate::io::interrupted::unless_interrupted;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite};

/// Bytes of a buffer, unless asked otherwise.
const DEFAULT_CAPACITY: usize = 8 * 1024;

pin_project! {
    /// Writes through a buffer, so that many small writes are few of the writer's.
    ///
    /// What is written stays in the buffer until that is full, or until it is flushed or shut down: **dropping it loses
    /// what is in the buffer**. A write that is as large as the buffer passes it by, after what is in it. What is read
    /// comes from the inner stream as it is.
    ///
    /// # Cancel safety
    ///
    /// A write that was dropped while it waited has taken nothing, and what was in the buffer is there or
    /// with the writer, in order and once.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncWriteExt, BufWriter};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let mut packets = BufWriter::new(Vec::new());
    /// packets.write_u16(5).await?;
    /// packets.write_all(b"hello").await?;
    /// assert_eq!(packets.get_ref(), b"");
    /// packets.flush().await?;
    /// assert_eq!(packets.into_inner(), b"\x00\x05hello");
    /// # Ok(())
    /// # }
    /// ```
    pub struct BufWriter<W> {
        #[pin]
        inner: W,
        buffer: Buffer,
    }
}

/// What a [`BufWriter`] has besides its writer.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    /// So many of the first bytes have been written to the writer.
    written: usize,
    seek: Seek,
}

/// The seek that is under way.
#[derive(Clone, Copy)]
enum Seek {
    None,
    Asked(SeekFrom),
    Started,
}

impl<W: AsyncWrite> BufWriter<W> {
    /// Makes one with a buffer of 8 KiB.
    pub fn new(inner: W) -> BufWriter<W> {
        BufWriter::with_capacity(DEFAULT_CAPACITY, inner)
    }

    /// Makes one with a buffer of `cap` bytes. With 0, all writes pass it by.
    pub fn with_capacity(cap: usize, inner: W) -> BufWriter<W> {
        BufWriter {
            inner,
            buffer: Buffer {
                bytes: Vec::with_capacity(cap),
                written: 0,
                seek: Seek::None,
            },
        }
    }

    /// Lends the writer.
    pub fn get_ref(&self) -> &W {
        &self.inner
    }

    /// Lends the writer, to be changed. What is written to it overtakes what is in the buffer.
    pub fn get_mut(&mut self) -> &mut W {
        &mut self.inner
    }

    /// Lends the writer, to be changed, and pinned as this is. What is written to it overtakes what is in the buffer.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut W> {
        self.project().inner
    }

    /// Returns the writer. What is in the buffer is lost.
    pub fn into_inner(self) -> W {
        self.inner
    }

    /// Returns what is in the buffer, and not yet with the writer.
    pub fn buffer(&self) -> &[u8] {
        self.buffer.unwritten()
    }

    /// Writes all that is in the buffer to the writer.
    fn poll_drain(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut this = self.project();
        let mut result = Ok(());
        while result.is_ok() && !this.buffer.unwritten().is_empty() {
            match ready!(this.inner.as_mut().poll_write(cx, this.buffer.unwritten())) {
                Ok(0) => result = Err(accepts_no_more()),
                Ok(written) => this.buffer.written += written,
                Err(error) => result = unless_interrupted(error),
            }
        }
        this.buffer.make_room();
        Poll::Ready(result)
    }
}

#[cold]
fn accepts_no_more() -> io::Error {
    io::Error::new(
        io::ErrorKind::WriteZero,
        "the writer accepts no more of what is in the buffer",
    )
}

impl<W> BufWriter<W> {
    pub(super) fn from_parts(inner: W, buffer: Buffer) -> BufWriter<W> {
        BufWriter { inner, buffer }
    }

    pub(super) fn into_parts(self) -> (W, Buffer) {
        (self.inner, self.buffer)
    }
}

impl Buffer {
    fn unwritten(&self) -> &[u8] {
        &self.bytes[self.written..]
    }

    fn room(&self) -> usize {
        self.bytes.capacity() - self.bytes.len()
    }

    /// Takes away what is written.
    fn make_room(&mut self) {
        self.bytes.drain(..self.written);
        self.written = 0;
    }
}

impl<W: AsyncWrite> AsyncWrite for BufWriter<W> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if buf.len() > self.buffer.room() {
            ready!(self.as_mut().poll_drain(cx))?;
        }
        let this = self.project();
        if buf.len() >= this.buffer.bytes.capacity() {
            return this.inner.poll_write(cx, buf);
        }
        this.buffer.bytes.extend_from_slice(buf);
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if !self.inner.is_write_vectored() {
            return self.poll_write_first_ones(cx, bufs);
        }
        let lens = bufs.iter().map(|buf| buf.len());
        let len = lens.fold(0, usize::saturating_add);
        if len > self.buffer.room() {
            ready!(self.as_mut().poll_drain(cx))?;
        }
        let this = self.project();
        if len >= this.buffer.bytes.capacity() {
            return this.inner.poll_write_vectored(cx, bufs);
        }
        for buf in bufs {
            this.buffer.bytes.extend_from_slice(buf);
        }
        Poll::Ready(Ok(len))
    }

    /// Small ones are put together even if the writer cannot do it.
    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_drain(cx))?;
        self.project().inner.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.as_mut().poll_drain(cx))?;
        self.project().inner.poll_shutdown(cx)
    }
}

impl<W: AsyncWrite> BufWriter<W> {
    /// Writes the first buffer, and as many of the next as there is room for.
    fn poll_write_first_ones(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut bufs = bufs.iter().filter(|buf| !buf.is_empty());
        let Some(first) = bufs.next() else {
            return Poll::Ready(Ok(0));
        };
        let mut written = ready!(self.as_mut().poll_write(cx, first))?;
        let buffer = self.project().buffer;
        // It has passed the buffer by, and nothing must follow: it may have been written in part.
        if buffer.bytes.is_empty() {
            return Poll::Ready(Ok(written));
        }
        for buf in bufs {
            if buf.len() > buffer.room() {
                break;
            }
            buffer.bytes.extend_from_slice(buf);
            written += buf.len();
        }
        Poll::Ready(Ok(written))
    }
}

/// Writes what is in the buffer before it seeks.
impl<W: AsyncWrite + AsyncSeek> AsyncSeek for BufWriter<W> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        self.project().buffer.seek = Seek::Asked(position);
        Ok(())
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let result = ready!(self.as_mut().poll_seek(cx));
        self.project().buffer.seek = Seek::None;
        Poll::Ready(result)
    }
}

impl<W: AsyncWrite + AsyncSeek> BufWriter<W> {
    fn poll_seek(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        if let Seek::Asked(position) = self.buffer.seek {
            ready!(self.as_mut().poll_drain(cx))?;
            let mut this = self.as_mut().project();
            // One seek at a time.
            ready!(this.inner.as_mut().poll_complete(cx))?;
            this.inner.start_seek(position)?;
            this.buffer.seek = Seek::Started;
        }
        self.project().inner.poll_complete(cx)
    }
}

impl<W: AsyncWrite + AsyncRead> AsyncRead for BufWriter<W> {
    forward_read!(inner);
}

impl<W: AsyncWrite + AsyncBufRead> AsyncBufRead for BufWriter<W> {
    forward_buf_read!(inner);
}

impl<W: fmt::Debug> fmt::Debug for BufWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let used = self.buffer.unwritten().len();
        let capacity = self.buffer.bytes.capacity();
        f.debug_struct("BufWriter")
            .field("writer", &self.inner)
            .field("buffer", &format_args!("{used}/{capacity}"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, IoSlice, SeekFrom};
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::BufWriter;
    use crate::io::util::script::{Answer, Script};
    use crate::io::{AsyncSeek, AsyncWrite};

    fn write<W: AsyncWrite + Unpin>(writer: &mut W, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let cx = &mut Context::from_waker(Waker::noop());
        Pin::new(writer).poll_write(cx, bytes)
    }

    fn write_all_of<W: AsyncWrite + Unpin>(writer: &mut W, pieces: &[&[u8]]) -> usize {
        let cx = &mut Context::from_waker(Waker::noop());
        let bufs: Vec<_> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
        match Pin::new(writer).poll_write_vectored(cx, &bufs) {
            Poll::Ready(written) => written.unwrap(),
            Poll::Pending => panic!("nothing to wait for"),
        }
    }

    fn flush<W: AsyncWrite + Unpin>(writer: &mut W) -> Poll<io::Result<()>> {
        let cx = &mut Context::from_waker(Waker::noop());
        Pin::new(writer).poll_flush(cx)
    }

    #[test]
    fn small_writes_are_put_together_and_large_ones_pass_the_buffer_by() {
        let mut writer = BufWriter::with_capacity(4, Script::default());
        for bytes in [&b"ab"[..], b"cd", b"e", b"fghi"] {
            assert!(
                matches!(write(&mut writer, bytes), Poll::Ready(Ok(len)) if len == bytes.len())
            );
        }
        assert!(flush(&mut writer).is_ready());
        let asked = ["write abcd", "write e", "write fghi", "flush"];
        assert_eq!(writer.into_inner().asked, asked);
    }

    #[test]
    fn a_write_that_waits_takes_nothing_and_writes_nothing_twice() {
        let answers = [Answer::Ready(1), Answer::Pending];
        let mut writer = BufWriter::with_capacity(4, Script::writing(&answers));
        assert!(write(&mut writer, b"abc").is_ready());
        assert!(write(&mut writer, b"de").is_pending());
        assert_eq!(writer.buffer(), b"bc");
        assert!(write(&mut writer, b"d").is_ready());
        assert!(flush(&mut writer).is_ready());
        assert_eq!(writer.buffer(), b"");
        assert_eq!(
            writer.get_ref().asked,
            ["write abc", "write bc", "write bcd", "flush"]
        );
    }

    #[test]
    fn an_error_keeps_what_was_not_written() {
        let answers = [
            Answer::Ready(1),
            Answer::Error(io::ErrorKind::Interrupted),
            Answer::Error(io::ErrorKind::TimedOut),
            Answer::Ready(0),
        ];
        let mut writer = BufWriter::with_capacity(4, Script::writing(&answers));
        assert!(write(&mut writer, b"abc").is_ready());
        for expected in [io::ErrorKind::TimedOut, io::ErrorKind::WriteZero] {
            let Poll::Ready(Err(error)) = flush(&mut writer) else {
                panic!("no error")
            };
            assert_eq!(error.kind(), expected);
        }
        assert!(flush(&mut writer).is_ready());
        assert_eq!(
            writer.get_ref().asked.last_chunk(),
            Some(&["write bc", "flush"].map(String::from))
        );
    }

    #[test]
    fn several_buffers_go_to_a_writer_that_can_take_them() {
        let script = Script {
            is_write_vectored: true,
            ..Script::default()
        };
        let mut writer = BufWriter::with_capacity(4, script);
        assert_eq!(write_all_of(&mut writer, &[b"a", b"", b"bc"]), 3);
        assert_eq!(writer.buffer(), b"abc");
        assert_eq!(write_all_of(&mut writer, &[b"de", b"fg"]), 4);
        assert_eq!(writer.get_ref().asked, ["write abc", "write vectored defg"]);
    }

    #[test]
    fn several_buffers_are_put_together_for_a_writer_that_cannot() {
        let mut writer = BufWriter::with_capacity(4, Script::default());
        assert!(writer.is_write_vectored());
        assert_eq!(write_all_of(&mut writer, &[b"", b""]), 0);
        assert_eq!(
            write_all_of(&mut writer, &[b"", b"a", b"", b"b", b"cdef", b"g"]),
            2
        );
        assert_eq!(writer.buffer(), b"ab");
        assert_eq!(write_all_of(&mut writer, &[b"cdef", b"g"]), 4);
        assert_eq!(writer.get_ref().asked, ["write ab", "write cdef"]);
        assert_eq!(writer.buffer(), b"");
    }

    #[test]
    fn without_a_buffer_everything_passes_by() {
        let mut writer = BufWriter::with_capacity(0, Script::default());
        assert!(write(&mut writer, b"a").is_ready());
        assert_eq!(write_all_of(&mut writer, &[b"b", b"c"]), 1);
        assert_eq!(writer.get_ref().asked, ["write a", "write b"]);
    }

    #[test]
    fn a_seek_comes_after_what_is_in_the_buffer() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut writer = BufWriter::new(Cursor::new(Vec::new()));
        assert!(write(&mut writer, b"abcd").is_ready());
        Pin::new(&mut writer)
            .start_seek(SeekFrom::Current(-1))
            .unwrap();
        let Poll::Ready(Ok(3)) = Pin::new(&mut writer).poll_complete(cx) else {
            panic!("the buffer was not written before")
        };
        assert!(write(&mut writer, b"x").is_ready());
        assert!(flush(&mut writer).is_ready());
        assert_eq!(writer.get_ref().get_ref(), b"abcx");
    }

    #[test]
    fn a_seek_that_fails_is_over() {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut writer = BufWriter::new(Cursor::new(b"abcd".to_vec()));
        Pin::new(&mut writer)
            .start_seek(SeekFrom::Current(-1))
            .unwrap();
        assert!(matches!(
            Pin::new(&mut writer).poll_complete(cx),
            Poll::Ready(Err(_))
        ));
        assert!(matches!(
            Pin::new(&mut writer).poll_complete(cx),
            Poll::Ready(Ok(0))
        ));
    }
}
