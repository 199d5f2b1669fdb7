use std::io::{self, IoSlice};
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Writes bytes asynchronously.
///
/// The asynchronous counterpart of [`std::io::Write`], in the shape of `tokio::io::AsyncWrite`. Programs mostly
/// use the methods of [`AsyncWriteExt`](crate::io::AsyncWriteExt).
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncWriteExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut written = Vec::new();
/// written.write_all(b"hello").await?;
/// assert_eq!(written, b"hello");
/// # Ok(())
/// # }
/// ```
pub trait AsyncWrite {
    /// Writes some bytes of `buf`, and answers how many.
    ///
    /// `Ready(Ok(0))` for a `buf` that is not empty mostly says that the writer accepts no more. `Pending` has
    /// written nothing, and wakes the task when a new attempt is worth while.
    ///
    /// # Errors
    ///
    /// What the writer fails with; nothing of `buf` is written then.
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>>;

    /// Sees to it that all that was written has reached its destination.
    ///
    /// # Errors
    ///
    /// What the writer fails with.
    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// Flushes, and ends the stream for who reads it. Nothing can be written afterwards.
    ///
    /// # Errors
    ///
    /// What the writer fails with.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>>;

    /// As [`poll_write`](Self::poll_write), from several buffers in order. Unless a type says otherwise, from the first one
    /// that is not empty.
    ///
    /// # Errors
    ///
    /// As [`poll_write`](Self::poll_write).
    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = bufs.iter().find(|buf| !buf.is_empty());
        self.poll_write(cx, first.map_or(&[], |buf| &**buf))
    }

    /// Whether [`poll_write_vectored`](Self::poll_write_vectored) writes more than one buffer at a time.
    fn is_write_vectored(&self) -> bool {
        false
    }
}

/// All methods of a type that leads to another writer.
macro_rules! forward_write {
    (|$this:ident| $writer:expr) => {
        fn poll_write(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            buf: &[u8],
        ) -> Poll<io::Result<usize>> {
            let $this = self;
            $writer.poll_write(cx, buf)
        }

        fn poll_write_vectored(
            self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            bufs: &[IoSlice<'_>],
        ) -> Poll<io::Result<usize>> {
            let $this = self;
            $writer.poll_write_vectored(cx, bufs)
        }

        fn is_write_vectored(&self) -> bool {
            (**self).is_write_vectored()
        }

        fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            let $this = self;
            $writer.poll_flush(cx)
        }

        fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            let $this = self;
            $writer.poll_shutdown(cx)
        }
    };
}

impl<W: AsyncWrite + Unpin + ?Sized> AsyncWrite for Box<W> {
    forward_write!(|this| Pin::new(&mut **this.get_mut()));
}

impl<W: AsyncWrite + Unpin + ?Sized> AsyncWrite for &mut W {
    forward_write!(|this| Pin::new(&mut **this.get_mut()));
}

impl<P> AsyncWrite for Pin<P>
where
    P: DerefMut<Target: AsyncWrite>,
{
    forward_write!(|this| this.as_deref_mut());
}
