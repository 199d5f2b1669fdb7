//! What the methods of `AsyncSeekExt` return.

use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::AsyncSeek;

/// What [`AsyncSeekExt::seek`](crate::io::AsyncSeekExt::seek) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct Seek<'a, S: ?Sized> {
    pub(in crate::io::util) stream: &'a mut S,
    /// Until it has begun.
    pub(in crate::io::util) to: Option<SeekFrom>,
}

impl<S: AsyncSeek + Unpin + ?Sized> Future for Seek<'_, S> {
    type Output = io::Result<u64>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        let this = self.get_mut();
        let mut stream = Pin::new(&mut *this.stream);
        if let Some(to) = this.to {
            // Another one may be under way.
            ready!(stream.as_mut().poll_complete(cx))?;
            stream.as_mut().start_seek(to)?;
            this.to = None;
        }
        stream.poll_complete(cx)
    }
}
