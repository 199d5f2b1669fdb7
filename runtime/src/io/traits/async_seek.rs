use std::io::{self, SeekFrom};
use std::ops::DerefMut;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Moves about in a stream asynchronously.
///
/// The asynchronous counterpart of [`std::io::Seek`], in the shape of `tokio::io::AsyncSeek`. Programs mostly use
/// the methods of [`AsyncSeekExt`](crate::io::AsyncSeekExt).
///
/// # Examples
///
/// ```
/// use std::io::{Cursor, SeekFrom};
///
/// use runtime::io::{AsyncReadExt, AsyncSeekExt};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut text = Cursor::new("hello world");
/// text.seek(SeekFrom::Start(6)).await?;
/// let mut rest = String::new();
/// text.read_to_string(&mut rest).await?;
/// assert_eq!(rest, "world");
/// # Ok(())
/// # }
/// ```
pub trait AsyncSeek {
    /// Begins to seek; [`poll_complete`](Self::poll_complete) tells how it ends.
    ///
    /// # Errors
    ///
    /// Another operation is under way, or the place is before the first byte.
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()>;

    /// Waits until no seek is under way, and answers the position from the start of the stream. Without a seek before it, a
    /// type may answer 0.
    ///
    /// # Errors
    ///
    /// What the seek failed with.
    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>>;
}

impl<S: AsyncSeek + Unpin + ?Sized> AsyncSeek for Box<S> {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut **self).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut **self).poll_complete(cx)
    }
}

impl<S: AsyncSeek + Unpin + ?Sized> AsyncSeek for &mut S {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        Pin::new(&mut **self).start_seek(position)
    }

    fn poll_complete(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Pin::new(&mut **self).poll_complete(cx)
    }
}

impl<P> AsyncSeek for Pin<P>
where
    P: DerefMut<Target: AsyncSeek>,
{
    fn start_seek(self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        self.as_deref_mut().start_seek(position)
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        self.as_deref_mut().poll_complete(cx)
    }
}
