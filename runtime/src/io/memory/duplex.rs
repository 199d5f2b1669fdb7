//! Two streams that are connected with each other.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::shared::SharedPipe;
use crate::io::families::impl_families;
#[cfg(feature = "futures-io")]
use crate::io::families::poll_read_in_turn;
use crate::io::{AsyncRead, AsyncWrite, ReadBuf};
use crate::primitive::sync::Arc;

/// One end of a pair made by [`duplex`].
///
/// What is written to one end is read from the other. A writer waits while the limit is reached,
/// which is the only thing a write waits for; flushing does nothing.
///
/// Closing an end (`shutdown`, or `close` of `futures-io`) lets the other end read what is left
/// and then the end of the stream; reading goes on. Dropping it does that as well, and writes
/// to the other end fail from then on with [`BrokenPipe`](io::ErrorKind::BrokenPipe).
///
/// Reading and writing take units of the poll budget.
///
/// # Cancel safety
///
/// A read or write that was dropped while it waited has moved nothing.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// async fn serve(mut connection: DuplexStream) -> std::io::Result<()> {
///     let mut question = String::new();
///     connection.read_to_string(&mut question).await?;
///     connection.write_all(question.to_uppercase().as_bytes()).await
/// }
///
/// let (mut client, server) = duplex(64); // a test needs no socket
/// client.write_all(b"hello").await?;
/// client.shutdown().await?;
/// serve(server).await?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await?;
/// assert_eq!(answer, "HELLO");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DuplexStream {
    reads: Arc<SharedPipe>,
    writes: Arc<SharedPipe>,
}

/// Makes two connected streams in memory.
///
/// At most `max_buf_size` bytes written to an end wait to be read from the other.
///
/// # Panics
///
/// If `max_buf_size` is 0: every write would wait for ever.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncWriteExt};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let (mut client, mut server) = runtime::io::duplex(64);
/// client.write_all(b"ping").await?;
/// let mut question = [0; 4];
/// server.read_exact(&mut question).await?;
/// assert_eq!(&question, b"ping");
/// # Ok(())
/// # }
/// ```
#[track_caller]
pub fn duplex(max_buf_size: usize) -> (DuplexStream, DuplexStream) {
    // Not by a closure, which would be named as the caller.
    let there = Arc::new(SharedPipe::new(max_buf_size));
    let back = Arc::new(SharedPipe::new(max_buf_size));
    let near = DuplexStream {
        reads: back.clone(),
        writes: there.clone(),
    };
    let far = DuplexStream {
        reads: there,
        writes: back,
    };
    (near, far)
}

impl AsyncRead for DuplexStream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.reads.poll_read(cx, buf)
    }
}

impl AsyncWrite for DuplexStream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.writes.poll_write(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.writes.poll_write(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.writes.close())
    }
}

impl_families!(read DuplexStream, |this, cx, bufs| poll_read_in_turn(this, cx, bufs));
impl_families!(write DuplexStream);

impl Drop for DuplexStream {
    fn drop(&mut self) {
        let _ = self.writes.close();
        let _ = self.reads.abandon();
    }
}
