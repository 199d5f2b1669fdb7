//! What comes up to a delimiter, gathered over as many polls as it takes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::calls::poll_read_until;
use crate::io::AsyncBufRead;

/// Reads the next piece, its delimiter with it; `None` if the stream has ended. What has come of it is kept in `begun`.
pub(super) fn poll_next_piece<R: AsyncBufRead>(
    reader: Pin<&mut R>,
    cx: &mut Context<'_>,
    delimiter: u8,
    begun: &mut Vec<u8>,
) -> Poll<io::Result<Option<Vec<u8>>>> {
    ready!(poll_read_until(reader, cx, delimiter, begun, &mut 0))?;
    if begun.is_empty() {
        return Poll::Ready(Ok(None));
    }
    Poll::Ready(Ok(Some(std::mem::take(begun))))
}
