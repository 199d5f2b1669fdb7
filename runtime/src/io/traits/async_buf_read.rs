use std::io;
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::AsyncRead;

/// Reads through a buffer that can be looked into.
///
/// The asynchronous counterpart of [`std::io::BufRead`], in the shape of `tokio::io::AsyncBufRead`. Programs
/// mostly use the methods of [`AsyncBufReadExt`](crate::io::AsyncBufReadExt).
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncBufReadExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut text = &b"one\ntwo\n"[..];
/// let mut line = String::new();
/// text.read_line(&mut line).await?;
/// assert_eq!(line, "one\n");
/// # Ok(())
/// # }
/// ```
pub trait AsyncBufRead: AsyncRead {
    /// Answers what is in the buffer, and reads if that is nothing. An empty slice says that the stream has ended.
    ///
    /// # Errors
    ///
    /// What the source fails with.
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>>;

    /// Takes the first `amt` bytes out of the buffer, which must hold as many.
    fn consume(self: Pin<&mut Self>, amt: usize);
}

impl<R: AsyncBufRead + Unpin + ?Sized> AsyncBufRead for Box<R> {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Pin::new(&mut **self.get_mut()).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, amt: usize) {
        Pin::new(&mut **self).consume(amt);
    }
}

impl<R: AsyncBufRead + Unpin + ?Sized> AsyncBufRead for &mut R {
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        Pin::new(&mut **self.get_mut()).poll_fill_buf(cx)
    }

    fn consume(mut self: Pin<&mut Self>, amt: usize) {
        Pin::new(&mut **self).consume(amt);
    }
}

impl<P> AsyncBufRead for Pin<P>
where
    P: DerefMut<Target: AsyncBufRead>,
{
    fn poll_fill_buf(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        self.as_deref_mut().poll_fill_buf(cx)
    }

    fn consume(self: Pin<&mut Self>, amt: usize) {
        self.as_deref_mut().consume(amt);
    }
}
