use std::fmt;
use std::io::{self, SeekFrom};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::forward::forward_write;
use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, AsyncWrite, ReadBuf};

/// Bytes of a buffer, unless asked otherwise.
const DEFAULT_CAPACITY: usize = 8 * 1024;

pin_project! {
    /// Reads through a buffer, so that many small reads are few of the reader's.
    ///
    /// A read that has as much room as the buffer passes it by, if it is empty. What is written goes to the inner
    /// stream as it is.
    ///
    /// # Cancel safety
    ///
    /// A read that was dropped has lost nothing: what had come is in the buffer.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, duplex};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let (mut client, server) = duplex(64);
    /// client.write_all(b"hello\nworld\n").await?;
    /// let mut server = BufReader::new(server);
    /// let mut line = String::new();
    /// server.read_line(&mut line).await?;
    /// assert_eq!((&*line, server.buffer()), ("hello\n", &b"world\n"[..]));
    /// # Ok(())
    /// # }
    /// ```
    pub struct BufReader<R> {
        #[pin]
        inner: R,
        buffer: Buffer,
    }
}

/// What a [`BufReader`] has besides its reader.
pub(super) struct Buffer {
    bytes: Box<[u8]>,
    /// What of `bytes` has been read from the reader and not yet from here.
    start: usize,
    end: usize,
    seek: Seek,
}

/// The seek that is under way.
enum Seek {
    None,
    Asked(SeekFrom),
    /// The reader seeks, and then once more by this offset.
    Started(Option<i64>),
}

impl<R: AsyncRead> BufReader<R> {
    /// Makes one with a buffer of 8 KiB.
    pub fn new(inner: R) -> BufReader<R> {
        BufReader::with_capacity(DEFAULT_CAPACITY, inner)
    }

    /// Makes one with a buffer of `capacity` bytes.
    ///
    /// # Panics
    ///
    /// If `capacity` is 0.
    #[track_caller]
    pub fn with_capacity(capacity: usize, inner: R) -> BufReader<R> {
        assert!(capacity > 0, "capacity must be greater than zero");
        BufReader {
            inner,
            buffer: Buffer {
                bytes: vec![0; capacity].into(),
                start: 0,
                end: 0,
                seek: Seek::None,
            },
        }
    }

    /// Lends the reader.
    pub fn get_ref(&self) -> &R {
        &self.inner
    }

    /// Lends the reader, to be changed. What is read from it is missing here.
    pub fn get_mut(&mut self) -> &mut R {
        &mut self.inner
    }

    /// Lends the reader, to be changed, and pinned as this is. What is read from it is missing here.
    pub fn get_pin_mut(self: Pin<&mut Self>) -> Pin<&mut R> {
        self.project().inner
    }

    /// Returns the reader. What is in the buffer is lost.
    pub fn into_inner(self) -> R {
        self.inner
    }

    /// Returns what is in the buffer, and reads nothing.
    pub fn buffer(&self) -> &[u8] {
        self.buffer.unread()
    }
}

impl<R> BufReader<R> {
    pub(super) fn from_parts(inner: R, buffer: Buffer) -> BufReader<R> {
        BufReader { inner, buffer }
    }

    pub(super) fn into_parts(self) -> (R, Buffer) {
        (self.inner, self.buffer)
    }
}

impl Buffer {
    fn unread(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    fn clear(&mut self) {
        (self.start, self.end) = (0, 0);
    }
}

impl<R: AsyncRead> AsyncRead for BufReader<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.buffer.is_empty() && buf.remaining() >= self.buffer.bytes.len() {
            return self.project().inner.poll_read(cx, buf);
        }
        let unread = ready!(self.as_mut().poll_fill_buf(cx))?;
        let read = unread.len().min(buf.remaining());
        buf.put_slice(&unread[..read]);
        self.consume(read);
        Poll::Ready(Ok(()))
    }
}

impl<R: AsyncRead> AsyncBufRead for BufReader<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let this = self.project();
        if this.buffer.is_empty() {
            let mut buf = ReadBuf::new(&mut this.buffer.bytes);
            ready!(this.inner.poll_read(cx, &mut buf))?;
            (this.buffer.start, this.buffer.end) = (0, buf.filled().len());
        }
        Poll::Ready(Ok(this.buffer.unread()))
    }

    fn consume(self: Pin<&mut Self>, amt: usize) {
        let buffer = self.project().buffer;
        buffer.start += amt.min(buffer.end - buffer.start);
    }
}

/// Seeks from where the next read would have begun, and empties the buffer, even if the place is in it.
impl<R: AsyncRead + AsyncSeek> AsyncSeek for BufReader<R> {
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        // The reader may have to be asked twice, and waited for in between.
        self.project().buffer.seek = Seek::Asked(position);
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let mut this = self.project();
        loop {
            // An error ends the seek.
            let then = match mem::replace(&mut this.buffer.seek, Seek::None) {
                Seek::None => return this.inner.poll_complete(cx),
                Seek::Asked(position) => {
                    let (position, then) = this.buffer.position_of_reader(position);
                    this.inner.as_mut().start_seek(position)?;
                    then
                }
                Seek::Started(then) => {
                    let Poll::Ready(position) = this.inner.as_mut().poll_complete(cx)? else {
                        this.buffer.seek = Seek::Started(then);
                        return Poll::Pending;
                    };
                    this.buffer.clear();
                    let Some(offset) = then else {
                        return Poll::Ready(Ok(position));
                    };
                    let position = SeekFrom::Current(offset);
                    this.inner.as_mut().start_seek(position)?;
                    None
                }
            };
            this.buffer.seek = Seek::Started(then);
        }
    }
}

impl Buffer {
    /// Where the reader has to seek, and by what offset after that.
    fn position_of_reader(&self, position: SeekFrom) -> (SeekFrom, Option<i64>) {
        let SeekFrom::Current(offset) = position else {
            return (position, None);
        };
        // The reader is ahead by what is in the buffer: an allocation, which has at most `isize::MAX` bytes.
        let ahead = self.unread().len() as i64;
        match offset.checked_sub(ahead) {
            Some(offset) => (SeekFrom::Current(offset), None),
            None => (SeekFrom::Current(-ahead), Some(offset)),
        }
    }
}

impl<R: AsyncRead + AsyncWrite> AsyncWrite for BufReader<R> {
    forward_write!(inner);
}

impl<R: fmt::Debug> fmt::Debug for BufReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (used, capacity) = (self.buffer.unread().len(), self.buffer.bytes.len());
        f.debug_struct("BufReader")
            .field("reader", &self.inner)
            .field("buffer", &format_args!("{used}/{capacity}"))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor, SeekFrom};
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::BufReader;
    use crate::io::{AsyncBufRead, AsyncRead, AsyncSeek, ReadBuf};

    fn read<R: AsyncRead + Unpin>(reader: &mut R, len: usize) -> Vec<u8> {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut memory = vec![0; len];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(reader).poll_read(cx, &mut buf).is_ready());
        buf.filled().to_vec()
    }

    #[test]
    fn small_reads_go_through_the_buffer_and_large_ones_pass_it_by() {
        let mut reader = BufReader::with_capacity(4, &b"abcdefgh"[..]);
        assert_eq!(read(&mut reader, 1), b"a");
        assert_eq!(
            (reader.buffer(), *reader.get_ref()),
            (&b"bcd"[..], &b"efgh"[..])
        );
        assert_eq!(read(&mut reader, 9), b"bcd");
        assert_eq!(read(&mut reader, 4), b"efgh");
        assert_eq!(reader.buffer(), b"");
        assert_eq!(read(&mut reader, 1), b"");
    }

    #[test]
    fn no_more_is_consumed_than_is_there() {
        let mut reader = BufReader::with_capacity(4, &b"abcdef"[..]);
        assert_eq!(read(&mut reader, 1), b"a");
        Pin::new(&mut reader).consume(9);
        assert_eq!(read(&mut reader, 9), b"ef");
    }

    /// Seeks in memory, and is pending once each time.
    struct Slow {
        cursor: Cursor<Vec<u8>>,
        was_pending: bool,
        seeks: Vec<SeekFrom>,
    }

    impl AsyncRead for Slow {
        fn poll_read(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Pin::new(&mut self.cursor).poll_read(cx, buf)
        }
    }

    impl AsyncSeek for Slow {
        fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
            self.seeks.push(position);
            if position == SeekFrom::Current(i64::MIN) {
                return Err(io::ErrorKind::InvalidInput.into());
            }
            Pin::new(&mut self.cursor).start_seek(position)
        }

        fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
            self.was_pending = !self.was_pending;
            if self.was_pending {
                return Poll::Pending;
            }
            Pin::new(&mut self.cursor).poll_complete(cx)
        }
    }

    fn seek(reader: &mut BufReader<Slow>, position: SeekFrom) -> io::Result<u64> {
        let cx = &mut Context::from_waker(Waker::noop());
        Pin::new(&mut *reader).start_seek(position)?;
        loop {
            if let Poll::Ready(result) = Pin::new(&mut *reader).poll_complete(cx) {
                return result;
            }
        }
    }

    #[test]
    fn a_seek_starts_where_the_next_read_would_have() {
        let slow = Slow {
            cursor: Cursor::new(b"abcdefgh".to_vec()),
            was_pending: false,
            seeks: Vec::new(),
        };
        let mut reader = BufReader::with_capacity(4, slow);
        assert_eq!(read(&mut reader, 1), b"a");
        assert_eq!(seek(&mut reader, SeekFrom::Current(1)).unwrap(), 2);
        assert_eq!(read(&mut reader, 1), b"c");
        assert_eq!(seek(&mut reader, SeekFrom::Start(0)).unwrap(), 0);
        assert_eq!(read(&mut reader, 2), b"ab");
        // Too far to say in one offset with what is in the buffer.
        seek(&mut reader, SeekFrom::Current(i64::MIN)).unwrap_err();
        let asked = &reader.get_ref().seeks;
        let twice = [SeekFrom::Current(-2), SeekFrom::Current(i64::MIN)];
        assert_eq!(asked[asked.len() - 2..], twice);
        assert_eq!(read(&mut reader, 1), b"c");
    }
}
