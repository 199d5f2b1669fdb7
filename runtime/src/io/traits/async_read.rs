use std::io;
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::ReadBuf;

/// Reads bytes asynchronously.
///
/// The asynchronous counterpart of [`std::io::Read`], in the shape of `tokio::io::AsyncRead`. Programs mostly use
/// the methods of [`AsyncReadExt`](crate::io::AsyncReadExt).
///
/// # Examples
///
/// A reader that gives zeros for ever:
///
/// ```
/// use std::io;
/// use std::pin::Pin;
/// use std::task::{Context, Poll};
///
/// use runtime::io::{AsyncRead, AsyncReadExt, ReadBuf};
///
/// struct Zeros;
///
/// impl AsyncRead for Zeros {
///     fn poll_read(
///         self: Pin<&mut Self>,
///         _: &mut Context<'_>,
///         buf: &mut ReadBuf<'_>,
///     ) -> Poll<io::Result<()>> {
///         buf.initialize_unfilled().fill(0);
///         buf.advance(buf.remaining());
///         Poll::Ready(Ok(()))
///     }
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> io::Result<()> {
/// let mut bytes = [1; 3];
/// Zeros.read_exact(&mut bytes).await?;
/// assert_eq!(bytes, [0; 3]);
/// # Ok(())
/// # }
/// ```
pub trait AsyncRead {
    /// Appends some bytes to `buf`, up to its capacity.
    ///
    /// `Ready(Ok(()))` with nothing appended says that the stream has ended, or that `buf` was full. `Pending` appends
    /// nothing, and wakes the task when a new attempt is worth while.
    ///
    /// # Errors
    ///
    /// What the source fails with; nothing is appended then.
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>>;
}

impl<R: AsyncRead + Unpin + ?Sized> AsyncRead for Box<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut **self).poll_read(cx, buf)
    }
}

impl<R: AsyncRead + Unpin + ?Sized> AsyncRead for &mut R {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut **self).poll_read(cx, buf)
    }
}

impl<P> AsyncRead for Pin<P>
where
    P: DerefMut<Target: AsyncRead>,
{
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.as_deref_mut().poll_read(cx, buf)
    }
}
