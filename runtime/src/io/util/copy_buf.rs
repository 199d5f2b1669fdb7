use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::coop;
use crate::io::{AsyncBufRead, AsyncWrite};

/// As [`copy`](super::copy), without a buffer but the reader's own.
///
/// # Errors
///
/// As [`copy`](super::copy).
///
/// # Cancel safety
///
/// Dropping the future loses nothing: what was not written is still with the reader. How much was written is lost.
///
/// # Examples
///
/// With a buffer of another size than that of [`copy`](super::copy):
///
/// ```
/// use runtime::io::BufReader;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut reader = BufReader::with_capacity(64 * 1024, &b"hello"[..]);
/// let mut writer = Vec::new();
/// let copied = runtime::io::copy_buf(&mut reader, &mut writer).await?;
/// assert_eq!((copied, &*writer), (5, &b"hello"[..]));
/// # Ok(())
/// # }
/// ```
pub async fn copy_buf<R, W>(reader: &mut R, writer: &mut W) -> io::Result<u64>
where
    R: AsyncBufRead + Unpin + ?Sized,
    W: AsyncWrite + Unpin + ?Sized,
{
    let mut copying = Copying::default();
    poll_fn(|cx| copying.poll(cx, reader, writer)).await
}

#[derive(Default)]
struct Copying {
    copied: u64,
    unflushed: bool,
}

/// What a call has come to.
enum Step {
    Copied(usize),
    Interrupted,
    ReaderHasEnded,
}

impl Copying {
    fn poll<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<u64>>
    where
        R: AsyncBufRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        loop {
            // Streams of others may know nothing of the budget.
            let coop = ready!(coop::poll_proceed(cx));
            match ready!(self.poll_step(cx, reader, writer))? {
                Step::Copied(bytes) => {
                    Pin::new(&mut *reader).consume(bytes);
                    self.copied += bytes as u64;
                    self.unflushed = true;
                }
                Step::Interrupted => {}
                Step::ReaderHasEnded => {
                    ready!(Pin::new(&mut *writer).poll_flush(cx))?;
                    coop.made_progress();
                    return Poll::Ready(Ok(self.copied));
                }
            }
            coop.made_progress();
        }
    }

    /// Writes of what the reader holds. While that is nothing, the writer flushes.
    fn poll_step<R, W>(
        &mut self,
        cx: &mut Context<'_>,
        reader: &mut R,
        writer: &mut W,
    ) -> Poll<io::Result<Step>>
    where
        R: AsyncBufRead + Unpin + ?Sized,
        W: AsyncWrite + Unpin + ?Sized,
    {
        let mut writer = Pin::new(writer);
        let written = match Pin::new(reader).poll_fill_buf(cx) {
            Poll::Ready(Ok([])) => return Poll::Ready(Ok(Step::ReaderHasEnded)),
            Poll::Ready(Ok(filled)) => ready!(writer.poll_write(cx, filled)),
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => {
                if self.unflushed {
                    ready!(writer.as_mut().poll_flush(cx))?;
                    self.unflushed = false;
                }
                return Poll::Pending;
            }
        };
        Poll::Ready(match written {
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            Ok(bytes) => Ok(Step::Copied(bytes)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(Step::Interrupted),
            Err(error) => Err(error),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::io;
    use std::pin::{Pin, pin};
    use std::task::{Context, Poll, Waker};

    use super::copy_buf;
    use crate::coop;
    use crate::io::util::script::{Answer, Script};
    use crate::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};

    /// Polls again and again, and returns how often that was pending.
    fn run(reader: Script, writer: &mut Script) -> (usize, io::Result<u64>) {
        let cx = &mut Context::from_waker(Waker::noop());
        let mut reader = BufReader::new(reader);
        let mut copy = pin!(copy_buf(&mut reader, writer));
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
        let reader = Script::reading(&[
            Answer::Pending,
            Answer::Ready(b"question"),
            Answer::Pending,
            Answer::Pending,
            Answer::Ready(b"thanks"),
        ]);
        let mut writer = Script::writing(&[Answer::Ready(1)]);
        let (pending, copied) = run(reader, &mut writer);
        assert_eq!((pending, copied.unwrap()), (3, 14));
        let asked = [
            "write question",
            "write uestion",
            "flush",
            "write thanks",
            "flush",
        ];
        assert_eq!(writer.asked, asked);
    }

    #[test]
    fn what_was_interrupted_is_tried_again_and_other_errors_end_it() {
        let interrupted = io::ErrorKind::Interrupted;
        let reads = [Answer::Error(interrupted), Answer::Ready(&b"ab"[..])];
        let mut writer = Script::writing(&[Answer::Error(interrupted)]);
        let (pending, copied) = run(Script::reading(&reads), &mut writer);
        assert_eq!((pending, copied.unwrap()), (0, 2));
        let mut writer = Script::writing(&[Answer::Ready(0)]);
        let (_, error) = run(Script::reading(&reads), &mut writer);
        assert_eq!(error.unwrap_err().kind(), io::ErrorKind::WriteZero);
    }

    /// Has bytes for ever, and knows nothing of the budget.
    struct Endless;

    impl AsyncRead for Endless {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            unreachable!("the buffer is used")
        }
    }

    impl AsyncBufRead for Endless {
        fn poll_fill_buf(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
            Poll::Ready(Ok(b"a"))
        }

        fn consume(self: Pin<&mut Self>, _: usize) {}
    }

    #[test]
    fn copying_for_ever_yields() {
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut reader, mut writer) = (Endless, Vec::new());
        let mut copy = pin!(copy_buf(&mut reader, &mut writer));
        assert!(coop::with_budget(|| copy.as_mut().poll(cx)).is_pending());
    }
}
