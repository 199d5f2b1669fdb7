//! Copies between two streams, both ways at once.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::interrupted::unless_interrupted;
use super::{AsyncRead, AsyncWrite, ReadBuf};
use crate::coop;

/// Bytes of each of the two buffers, unless asked otherwise.
const DEFAULT_SIZE: usize = 8 * 1024;

/// Copies from `a` to `b` and from `b` to `a` until both have ended, and returns how many bytes went
/// each way, first those from `a` to `b`.
///
/// When one stream ends, the other is flushed and closed for writing, and the opposite
/// direction goes on. What is written is flushed whenever there is nothing more to read. A direction
/// that is always ready does not hold up the other.
///
/// # Errors
///
/// Fails with the first error of either stream, but for [`Interrupted`](io::ErrorKind::Interrupted) of a read or a write, which
/// is tried again. The opposite direction is given up with it.
///
/// # Cancel safety
///
/// What was read and not yet written is lost when the future is dropped.
///
/// # Examples
///
/// ```no_run
/// use runtime::net::TcpStream;
///
/// # async fn example(mut client: TcpStream) -> std::io::Result<()> {
/// let mut server = TcpStream::connect("127.0.0.1:8080").await?;
/// let (up, down) = runtime::io::copy_bidirectional(&mut client, &mut server).await?;
/// println!("{up} bytes sent and {down} received");
/// # Ok(())
/// # }
/// ```
pub async fn copy_bidirectional<A, B>(a: &mut A, b: &mut B) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin + ?Sized,
    B: AsyncRead + AsyncWrite + Unpin + ?Sized,
{
    copy_bidirectional_with_sizes(a, b, DEFAULT_SIZE, DEFAULT_SIZE).await
}

/// As [`copy_bidirectional`], with buffers of so many bytes.
///
/// # Errors
///
/// As [`copy_bidirectional`].
///
/// # Panics
///
/// If a size is 0.
///
/// # Cancel safety
///
/// As of [`copy_bidirectional`].
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional_with_sizes, duplex};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut client, mut ours) = duplex(64);
/// let (mut theirs, mut server) = duplex(64);
/// let proxy = runtime::spawn(async move {
///     copy_bidirectional_with_sizes(&mut ours, &mut theirs, 1024, 1024).await
/// });
/// client.write_all(b"hello").await?;
/// client.shutdown().await?;
/// let mut request = String::new();
/// server.read_to_string(&mut request).await?;
/// server.shutdown().await?;
/// assert_eq!((&*request, proxy.await.unwrap()?), ("hello", (5, 0)));
/// # Ok(())
/// # }
/// ```
pub async fn copy_bidirectional_with_sizes<A, B>(
    a: &mut A,
    b: &mut B,
    a_to_b_buf_size: usize,
    b_to_a_buf_size: usize,
) -> io::Result<(u64, u64)>
where
    A: AsyncRead + AsyncWrite + Unpin + ?Sized,
    B: AsyncRead + AsyncWrite + Unpin + ?Sized,
{
    assert!(
        a_to_b_buf_size > 0,
        "`a_to_b_buf_size` must be greater than 0"
    );
    assert!(
        b_to_a_buf_size > 0,
        "`b_to_a_buf_size` must be greater than 0"
    );
    let mut there = OneWay::new(a_to_b_buf_size);
    let mut back = OneWay::new(b_to_a_buf_size);
    let mut back_is_first = false;
    poll_fn(|cx| {
        // Whoever comes first may spend the whole budget: it is not always the same.
        back_is_first = !back_is_first;
        // One step each in turn: a direction that is always ready does not hold up the other.
        loop {
            let (a_to_b, b_to_a) = if back_is_first {
                let b_to_a = back.step(cx, b, a)?;
                (there.step(cx, a, b)?, b_to_a)
            } else {
                (there.step(cx, a, b)?, back.step(cx, b, a)?)
            };
            if there.is_done() && back.is_done() {
                return Poll::Ready(Ok((there.copied, back.copied)));
            }
            if a_to_b.is_pending() && b_to_a.is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await
}

/// One direction.
struct OneWay {
    buffer: Box<[u8]>,
    /// What of `buffer` is read and not yet written.
    start: usize,
    end: usize,
    copied: u64,
    unflushed: bool,
    stage: Stage,
}

#[derive(Clone, Copy)]
enum Stage {
    Copying,
    /// The reader has ended; its last bytes are written.
    Closing,
    Done,
}

impl OneWay {
    fn new(size: usize) -> OneWay {
        OneWay {
            buffer: vec![0; size].into(),
            start: 0,
            end: 0,
            copied: 0,
            unflushed: false,
            stage: Stage::Copying,
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.stage, Stage::Done)
    }

    /// Makes one call that moves it on: one write of what is read, or one read if nothing is, or the end.
    ///
    /// `Pending` if it has to be waited for, or if all is done.
    fn step<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        // Streams of others may know nothing of the budget.
        let coop = ready!(coop::poll_proceed(cx));
        let result = ready!(match self.stage {
            Stage::Copying if self.start < self.end => self.poll_drain(cx, writer),
            Stage::Copying => self.poll_fill(cx, reader, writer),
            Stage::Closing => self.poll_close(cx, writer),
            Stage::Done => return Poll::Pending,
        });
        coop.made_progress();
        Poll::Ready(result)
    }

    /// Writes of what the buffer holds.
    fn poll_drain<W>(&mut self, cx: &mut Context<'_>, writer: &mut W) -> Poll<io::Result<()>>
    where
        W: AsyncWrite + Unpin + ?Sized,
    {
        let rest = &self.buffer[self.start..self.end];
        let written = match ready!(Pin::new(writer).poll_write(cx, rest)) {
            Ok(0) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Ok(written) => written,
            Err(error) => return Poll::Ready(unless_interrupted(error)),
        };
        self.start += written;
        self.copied += written as u64;
        self.unflushed = true;
        Poll::Ready(Ok(()))
    }

    fn poll_close<W>(&mut self, cx: &mut Context<'_>, writer: &mut W) -> Poll<io::Result<()>>
    where
        W: AsyncWrite + Unpin + ?Sized,
    {
        ready!(Pin::new(writer).poll_shutdown(cx))?;
        self.stage = Stage::Done;
        Poll::Ready(Ok(()))
    }

    /// Reads into the empty buffer. While there is nothing to read, the writer flushes.
    fn poll_fill<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        let mut buf = ReadBuf::new(&mut self.buffer);
        let Poll::Ready(read) = Pin::new(reader).poll_read(cx, &mut buf) else {
            if self.unflushed {
                ready!(Pin::new(writer).poll_flush(cx))?;
                self.unflushed = false;
            }
            return Poll::Pending;
        };
        if let Err(error) = read {
            return Poll::Ready(unless_interrupted(error));
        }
        (self.start, self.end) = (0, buf.filled().len());
        if self.end == 0 {
            self.stage = Stage::Closing;
        }
        Poll::Ready(Ok(()))
    }
}
