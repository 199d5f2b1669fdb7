use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::coop;
use crate::io::interrupted::unless_interrupted;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of the buffer.
const BUFFER: usize = 8 * 1024;

/// Copies all that comes from `reader` to `writer` until the former ends, and returns how many bytes that was.
///
/// What is written is flushed at the end, and whenever there is nothing more to read, so that a reader that waits for an
/// answer to it gets one. The writer is not shut down. The bytes go through a buffer of 8 KiB; [`copy_buf`](super::copy_buf) uses
/// that of the reader. [`copy_bidirectional`](crate::io::copy_bidirectional) copies both ways at once.
///
/// The future is cooperative: a reader and a writer that are always ready do not keep the other tasks from running.
///
/// # Errors
///
/// Fails with the first error of either stream, but for [`Interrupted`](io::ErrorKind::Interrupted) of a read or a write, which
/// is tried again, and with [`WriteZero`](io::ErrorKind::WriteZero) if the writer accepts no more.
///
/// # Cancel safety
///
/// What was read and not yet written is lost when the future is dropped.
///
/// # Examples
///
/// ```
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut reader, mut writer) = (&b"hello"[..], Vec::new());
/// let copied = runtime::io::copy(&mut reader, &mut writer).await?;
/// assert_eq!((copied, &*writer), (5, &b"hello"[..]));
/// # Ok(())
/// # }
/// ```
pub async fn copy<R, W>(reader: &mut R, writer: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin + ?Sized,
    W: AsyncWrite + Unpin + ?Sized,
{
    let mut copying = Copying::new();
    poll_fn(|cx| copying.poll(cx, reader, writer)).await
}

struct Copying {
    buffer: Box<[u8]>,
    /// What of `buffer` is read and not yet written.
    start: usize,
    end: usize,
    copied: u64,
    unflushed: bool,
    reader_has_ended: bool,
}

impl Copying {
    fn new() -> Copying {
        Copying {
            buffer: vec![0; BUFFER].into(),
            start: 0,
            end: 0,
            copied: 0,
            unflushed: false,
            reader_has_ended: false,
        }
    }

    fn poll<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<u64>>
    where
        R: AsyncRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        loop {
            // Streams of others may know nothing of the budget.
            let coop = ready!(coop::poll_proceed(cx));
            if self.start < self.end {
                ready!(self.poll_drain(cx, reader, writer))?;
            } else if !self.reader_has_ended {
                ready!(self.poll_fill_empty(cx, reader, writer))?;
            } else {
                ready!(Pin::new(&mut *writer).poll_flush(cx))?;
                coop.made_progress();
                return Poll::Ready(Ok(self.copied));
            }
            coop.made_progress();
        }
    }

    /// Writes of what the buffer holds. While the writer waits, more is read, for a larger write.
    fn poll_drain<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        let rest = &self.buffer[self.start..self.end];
        match Pin::new(writer).poll_write(cx, rest) {
            Poll::Ready(Ok(0)) => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            Poll::Ready(Ok(written)) => {
                self.start += written;
                self.copied += written as u64;
                self.unflushed = true;
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(unless_interrupted(error)),
            Poll::Pending => {
                if self.end < self.buffer.len() && !self.reader_has_ended {
                    ready!(self.poll_fill(cx, reader))?;
                }
                Poll::Pending
            }
        }
    }

    /// Reads into the empty buffer. While there is nothing to read, the writer flushes.
    fn poll_fill_empty<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        (self.start, self.end) = (0, 0);
        let filled = self.poll_fill(cx, reader);
        if filled.is_pending() && self.unflushed {
            ready!(Pin::new(writer).poll_flush(cx))?;
            self.unflushed = false;
        }
        filled
    }

    /// Reads behind what the buffer holds, which is less than it could.
    fn poll_fill<R>(&mut self, cx: &mut Context<'_>, reader: &mut R) -> Poll<io::Result<()>>
    where
        R: AsyncRead + Unpin + ?Sized,
    {
        let mut buf = ReadBuf::new(&mut self.buffer[self.end..]);
        if let Err(error) = ready!(Pin::new(reader).poll_read(cx, &mut buf)) {
            return Poll::Ready(unless_interrupted(error));
        }
        let read = buf.filled().len();
        self.reader_has_ended = read == 0;
        self.end += read;
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::io;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::copy;
    use crate::coop;
    use crate::io::util::script::{Answer, Script};
    use crate::io::{AsyncRead, AsyncWrite, repeat, sink};

    /// Polls again and again, and returns how often that was pending.
    fn run<R, W>(reader: &mut R, writer: &mut W) -> (usize, io::Result<u64>)
    where
        R: AsyncRead + Unpin,
        W: AsyncWrite + Unpin,
    {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut copy = pin!(copy(reader, writer));
        let mut pending = 0;
        loop {
            match copy.as_mut().poll(cx) {
                Poll::Ready(result) => return (pending, result),
                Poll::Pending => pending += 1,
            }
        }
    }

    #[test]
    fn the_writer_flushes_while_the_reader_waits_and_at_the_end() {
        let mut reader = Script::reading(&[
            Answer::Pending,
            Answer::Ready(b"question"),
            Answer::Pending,
            Answer::Pending,
            Answer::Ready(b"thanks"),
        ]);
        let mut writer = Script::default();
        let (pending, copied) = run(&mut reader, &mut writer);
        assert_eq!((pending, copied.unwrap()), (3, 14));
        let asked = ["write question", "flush", "write thanks", "flush"];
        assert_eq!(writer.asked, asked);
    }

    #[test]
    fn more_is_read_while_the_writer_waits() {
        let mut reader = Script::reading(&[Answer::Ready(b"ab"), Answer::Ready(b"cd")]);
        let mut writer = Script::writing(&[Answer::Ready(1), Answer::Pending]);
        let (pending, copied) = run(&mut reader, &mut writer);
        assert_eq!((pending, copied.unwrap()), (1, 4));
        assert_eq!(writer.asked, ["write ab", "write b", "write bcd", "flush"]);
    }

    #[test]
    fn what_was_interrupted_is_tried_again() {
        let interrupted = io::ErrorKind::Interrupted;
        let mut reader = Script::reading(&[Answer::Error(interrupted), Answer::Ready(b"ab")]);
        let mut writer = Script::writing(&[Answer::Error(interrupted)]);
        let (pending, copied) = run(&mut reader, &mut writer);
        assert_eq!((pending, copied.unwrap()), (0, 2));
    }

    #[test]
    fn errors_end_it() {
        let broken = io::ErrorKind::BrokenPipe;
        let kind_of = |reads: &[_], writes: &[_]| {
            let (mut reader, mut writer) = (Script::reading(reads), Script::writing(writes));
            run(&mut reader, &mut writer).1.unwrap_err().kind()
        };
        assert_eq!(kind_of(&[Answer::Error(broken)], &[]), broken);
        let read = [Answer::Ready(&b"a"[..])];
        assert_eq!(kind_of(&read, &[Answer::Error(broken)]), broken);
        let zero = kind_of(&read, &[Answer::Ready(0)]);
        assert_eq!(zero, io::ErrorKind::WriteZero);
    }

    #[test]
    fn copying_for_ever_yields() {
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut reader, mut writer) = (repeat(0), sink());
        let mut copy = pin!(copy(&mut reader, &mut writer));
        assert!(coop::with_budget(|| copy.as_mut().poll(cx)).is_pending());
    }
}
