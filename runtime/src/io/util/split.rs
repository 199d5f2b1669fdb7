use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::turns::Turns;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::Arc;

/// The half that reads of a stream that was [`split`](fn@split).
///
/// # Panics
///
/// Reading panics if the stream has panicked in a poll of either half.
///
/// # Cancel safety
///
/// As of the stream.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, ReadHalf};
/// use runtime::net::TcpStream;
///
/// async fn receive(mut socket: ReadHalf<TcpStream>) -> std::io::Result<Vec<u8>> {
///     let mut received = Vec::new();
///     socket.read_to_end(&mut received).await?;
///     Ok(received)
/// }
/// ```
pub struct ReadHalf<T> {
    stream: Arc<Turns<T>>,
}

/// The half that writes of a stream that was [`split`](fn@split).
///
/// Dropping it does not shut the stream down.
///
/// # Panics
///
/// Writing, flushing and shutting down panic if the stream has panicked in a poll of either half.
///
/// # Cancel safety
///
/// As of the stream.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncWriteExt, WriteHalf};
/// use runtime::net::TcpStream;
///
/// async fn send(mut socket: WriteHalf<TcpStream>) -> std::io::Result<()> {
///     socket.write_all(b"hello").await?;
///     socket.shutdown().await
/// }
/// ```
pub struct WriteHalf<T> {
    stream: Arc<Turns<T>>,
    is_write_vectored: bool,
}

/// Splits a stream in two halves, one that reads and one that writes, which can go to two tasks.
///
/// The stream is polled by one half at a time. Neither waits for the other with its thread: a half that comes amid a poll of
/// the other is `Pending`, and its task is woken as soon as that poll has ended. No lock is held while the stream is polled, so
/// a waker that the stream wakes may poll the other half at once.
///
/// The stream is dropped with the second half. Types that know better ways have `split` methods of their own, such as
/// [`TcpStream::into_split`](crate::net::TcpStream::into_split). [`join`](fn@crate::io::join) is the opposite for any two streams.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt, duplex, split};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut client, server) = duplex(64);
/// let (mut reader, mut writer) = split(server);
/// let echo = runtime::spawn(async move { runtime::io::copy(&mut reader, &mut writer).await });
/// client.write_all(b"hello").await?;
/// client.shutdown().await?;
/// let mut echoed = String::new();
/// client.read_to_string(&mut echoed).await?;
/// assert_eq!((&*echoed, echo.await.unwrap()?), ("hello", 5));
/// # Ok(())
/// # }
/// ```
pub fn split<T>(stream: T) -> (ReadHalf<T>, WriteHalf<T>)
where
    T: AsyncRead + AsyncWrite,
{
    let is_write_vectored = stream.is_write_vectored();
    let stream = Arc::new(Turns::new(stream));
    let reader = ReadHalf {
        stream: stream.clone(),
    };
    let writer = WriteHalf {
        stream,
        is_write_vectored,
    };
    (reader, writer)
}

impl<T> ReadHalf<T> {
    /// Returns whether `other` is of the same stream.
    pub fn is_pair_of(&self, other: &WriteHalf<T>) -> bool {
        Arc::ptr_eq(&self.stream, &other.stream)
    }

    /// Puts the stream together again.
    ///
    /// # Panics
    ///
    /// If the halves are not of the same stream, which [`is_pair_of`](Self::is_pair_of) tells, or if it has panicked in a poll.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::io::{duplex, split};
    ///
    /// let (reader, writer) = split(duplex(64).0);
    /// let stream = reader.unsplit(writer);
    /// # drop(stream);
    /// ```
    #[track_caller]
    pub fn unsplit(self, wr: WriteHalf<T>) -> T
    where
        T: Unpin,
    {
        assert!(
            self.is_pair_of(&wr),
            "the halves are of two streams: ask `is_pair_of` first"
        );
        drop(wr);
        let stream = Arc::into_inner(self.stream);
        stream.expect("a stream has two halves").into_inner()
    }
}

impl<T> WriteHalf<T> {
    /// Returns whether `other` is of the same stream.
    pub fn is_pair_of(&self, other: &ReadHalf<T>) -> bool {
        other.is_pair_of(self)
    }
}

impl<T: AsyncRead> AsyncRead for ReadHalf<T> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream.poll(cx, |stream, cx| stream.poll_read(cx, buf))
    }
}

impl<T: AsyncWrite> AsyncWrite for WriteHalf<T> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream
            .poll(cx, |stream, cx| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.stream
            .poll(cx, |stream, cx| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.is_write_vectored
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll(cx, |stream, cx| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll(cx, |stream, cx| stream.poll_shutdown(cx))
    }
}

impl<T> fmt::Debug for ReadHalf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadHalf").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for WriteHalf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WriteHalf").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::marker::PhantomData;
    use std::panic::{RefUnwindSafe, UnwindSafe};
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};

    use super::{ReadHalf, WriteHalf, split};
    use crate::io::util::script::{Answer, Script};
    use crate::io::{AsyncRead, AsyncWrite, ReadBuf};

    #[test]
    fn halves_of_one_stream_can_be_put_together() {
        let cx = &mut Context::from_waker(Waker::noop());
        let script = Script {
            is_write_vectored: true,
            ..Script::reading(&[Answer::Ready(b"read")])
        };
        let (mut reader, mut writer) = split(script);
        let mut memory = [0; 8];
        let mut buf = ReadBuf::new(&mut memory);
        assert!(Pin::new(&mut reader).poll_read(cx, &mut buf).is_ready());
        assert_eq!(buf.filled(), b"read");
        assert!(writer.is_write_vectored());
        let bufs = [b"a", b"b"].map(|buf| std::io::IoSlice::new(buf));
        let written = Pin::new(&mut writer).poll_write_vectored(cx, &bufs);
        assert!(matches!(written, Poll::Ready(Ok(2))));
        assert!(Pin::new(&mut writer).poll_flush(cx).is_ready());
        assert!(Pin::new(&mut writer).poll_shutdown(cx).is_ready());

        let (other_reader, other_writer) = split(Script::default());
        assert!(reader.is_pair_of(&writer) && writer.is_pair_of(&reader));
        assert!(!reader.is_pair_of(&other_writer) && !writer.is_pair_of(&other_reader));
        let asked = ["write vectored ab", "flush", "shutdown"];
        assert_eq!(reader.unsplit(writer).asked, asked);
    }

    #[test]
    #[should_panic(expected = "of two streams")]
    fn halves_of_two_streams_cannot() {
        let (reader, _) = split(Script::default());
        let (_, writer) = split(Script::default());
        reader.unsplit(writer);
    }

    #[test]
    fn halves_can_go_to_other_threads_if_the_stream_can() {
        fn goes_anywhere<T: Send + Sync + Unpin + UnwindSafe + RefUnwindSafe>() {}
        /// Neither `Sync` nor safe to look at after a panic.
        type Stream = PhantomData<Cell<&'static mut u8>>;
        goes_anywhere::<ReadHalf<Stream>>();
        goes_anywhere::<WriteHalf<Stream>>();
    }
}
