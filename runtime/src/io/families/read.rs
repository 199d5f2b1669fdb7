//! Reads into the buffers of the other families.

use std::io;
#[cfg(feature = "futures-io")]
use std::io::IoSliceMut;
#[cfg(any(feature = "tokio-io", feature = "hyper"))]
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use crate::io::{AsyncRead, ReadBuf};

/// Fills the front of `buf`.
#[cfg(feature = "futures-io")]
pub(crate) fn poll_read_slice<R: AsyncRead>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    buf: &mut [u8],
) -> Poll<io::Result<usize>> {
    let mut buf = ReadBuf::new(buf);
    ready!(reader.poll_read(cx, &mut buf))?;
    Poll::Ready(Ok(buf.filled().len()))
}

/// Fills one of `bufs` after the other, as long as there is something at hand.
///
/// For readers that meet an end, or an error, again if they are asked again.
#[cfg(feature = "futures-io")]
pub(crate) fn poll_read_in_turn<R: AsyncRead>(
    mut reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    bufs: &mut [IoSliceMut<'_>],
) -> Poll<io::Result<usize>> {
    let mut total = 0;
    for buf in bufs.iter_mut().filter(|buf| !buf.is_empty()) {
        match poll_read_slice(reader.as_mut(), cx, buf) {
            Poll::Ready(Ok(n)) => {
                total += n;
                if n < buf.len() {
                    break;
                }
            }
            Poll::Pending | Poll::Ready(Err(_)) if total > 0 => break,
            nothing => return nothing,
        }
    }
    Poll::Ready(Ok(total))
}

/// Fills the front of `buf`, and answers of how many bytes it is. Those are initialised: `reader` is a type of this
/// crate's, which fills the buffer that it is given and puts no other in its place.
#[cfg(any(feature = "tokio-io", feature = "hyper"))]
fn poll_read_uninit<R: AsyncRead>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    buf: &mut [MaybeUninit<u8>],
) -> Poll<io::Result<usize>> {
    let mut buf = ReadBuf::uninit(buf);
    ready!(reader.poll_read(cx, &mut buf))?;
    Poll::Ready(Ok(buf.filled().len()))
}

#[cfg(feature = "tokio-io")]
pub(crate) fn poll_read_tokio<R: AsyncRead>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    buf: &mut tokio::io::ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    // SAFETY: a `ReadBuf` makes no byte uninitialised.
    let unfilled = unsafe { buf.unfilled_mut() };
    let n = ready!(poll_read_uninit(reader, cx, unfilled))?;
    // SAFETY: the first `n` bytes of the unfilled part are initialised.
    unsafe { buf.assume_init(n) };
    buf.advance(n);
    Poll::Ready(Ok(()))
}

#[cfg(feature = "hyper")]
pub(crate) fn poll_read_hyper<R: AsyncRead>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    mut buf: hyper::rt::ReadBufCursor<'_>,
) -> Poll<io::Result<()>> {
    // SAFETY: a `ReadBuf` makes no byte uninitialised.
    let unfilled = unsafe { buf.as_mut() };
    let n = ready!(poll_read_uninit(reader, cx, unfilled))?;
    // SAFETY: the first `n` bytes of the unfilled part are initialised.
    unsafe { buf.advance(n) };
    Poll::Ready(Ok(()))
}
