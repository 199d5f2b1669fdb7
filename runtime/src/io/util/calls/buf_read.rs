//! What the methods of `AsyncBufReadExt` return.

use std::io;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, ready};

use super::super::text::Text;
use crate::io::AsyncBufRead;
use crate::io::cooperative::poll_another_round;

/// Appends up to and with the next `byte`; whether the end was found, or the stream has ended, tells `Ready`. `read` counts.
pub(in crate::io::util) fn poll_read_until<R: AsyncBufRead + ?Sized>(
    mut reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    byte: u8,
    buf: &mut Vec<u8>,
    read: &mut usize,
) -> Poll<io::Result<()>> {
    loop {
        let available = match ready!(reader.as_mut().poll_fill_buf(cx)) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            available => available?,
        };
        // A slice never fails, and the search is that of the standard library.
        let used = io::BufRead::read_until(&mut &*available, byte, buf)?;
        let found = used > 0 && available[used - 1] == byte;
        reader.as_mut().consume(used);
        *read += used;
        if found || used == 0 {
            return Poll::Ready(Ok(()));
        }
        ready!(poll_another_round(cx));
    }
}

/// What [`AsyncBufReadExt::read_until`](crate::io::AsyncBufReadExt::read_until) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadUntil<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) byte: u8,
    pub(in crate::io::util) buf: &'a mut Vec<u8>,
    pub(in crate::io::util) read: usize,
}

impl<R: AsyncBufRead + Unpin + ?Sized> Future for ReadUntil<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let reader = Pin::new(&mut *this.reader);
        ready!(poll_read_until(
            reader,
            cx,
            this.byte,
            this.buf,
            &mut this.read
        ))?;
        Poll::Ready(Ok(std::mem::take(&mut this.read)))
    }
}

/// What [`AsyncBufReadExt::read_line`](crate::io::AsyncBufReadExt::read_line) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct ReadLine<'a, R: ?Sized> {
    pub(in crate::io::util) reader: &'a mut R,
    pub(in crate::io::util) text: Text<'a>,
    pub(in crate::io::util) read: usize,
}

impl<R: AsyncBufRead + Unpin + ?Sized> Future for ReadLine<'_, R> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let reader = Pin::new(&mut *this.reader);
        let ended = ready!(poll_read_until(
            reader,
            cx,
            b'\n',
            &mut this.text.bytes,
            &mut this.read
        ));
        let text = this.text.finish();
        Poll::Ready(ended.and(text).map(|()| std::mem::take(&mut this.read)))
    }
}

/// What [`AsyncBufReadExt::fill_buf`](crate::io::AsyncBufReadExt::fill_buf) returns.
#[derive(Debug)]
#[must_use = "futures do nothing unless polled or awaited"]
pub struct FillBuf<'a, R: ?Sized> {
    pub(in crate::io::util) reader: Option<&'a mut R>,
}

impl<'a, R: AsyncBufRead + Unpin + ?Sized> Future for FillBuf<'a, R> {
    type Output = io::Result<&'a [u8]>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&'a [u8]>> {
        let this = self.get_mut();
        let reader = this.reader.take().expect("polled after it was ready");
        match Pin::new(&mut *reader).poll_fill_buf(cx) {
            // SAFETY: the reader is borrowed for `'a`, and this borrow is the last: we have it no longer. The compiler does not see
            // that, as in another case the reader is put back. To ask once more instead could be pending: at the end, or for the budget.
            Poll::Ready(Ok(filled)) => Poll::Ready(Ok(unsafe { &*ptr::from_ref(filled) })),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                this.reader = Some(reader);
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Waker;

    use super::*;
    use crate::coop;
    use crate::io::{AsyncBufReadExt, BufReader};

    use super::super::read::tests::Endless;

    #[test]
    fn a_search_that_never_ends_yields_and_goes_on() {
        let cx = &mut Context::from_waker(Waker::noop());
        let (mut reader, mut bytes) = (BufReader::new(Endless), Vec::new());
        let mut search = pin!(reader.read_until(b'b', &mut bytes));
        for _ in 0..2 {
            assert!(coop::with_budget(|| search.as_mut().poll(cx)).is_pending());
        }
        let (mut reader, mut line) = (BufReader::new(Endless), String::new());
        let mut search = pin!(reader.read_line(&mut line));
        assert!(coop::with_budget(|| search.as_mut().poll(cx)).is_pending());
    }
}
