use std::pin::Pin;

use super::calls::{FillBuf, ReadLine, ReadUntil};
use super::text::Text;
use super::{Lines, Split, lines, split_bytes};
use crate::io::AsyncBufRead;

/// Methods of everything that reads through a buffer.
///
/// # Examples
///
/// ```
/// use runtime::io::AsyncBufReadExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let text = &b"one\ntwo\n"[..];
/// let mut lines = text.lines();
/// assert_eq!(lines.next_line().await?.as_deref(), Some("one"));
/// assert_eq!(lines.next_line().await?.as_deref(), Some("two"));
/// assert_eq!(lines.next_line().await?, None);
/// # Ok(())
/// # }
/// ```
pub trait AsyncBufReadExt: AsyncBufRead {
    /// Appends to `buf` up to and with the next `byte`, or up to the end of the stream, and answers how many bytes.
    ///
    /// # Errors
    ///
    /// What the reader fails with. What was read before that is in `buf`.
    ///
    /// # Cancel safety
    ///
    /// What was read is in `buf` when the future is dropped; another call goes on there.
    fn read_until<'a>(&'a mut self, byte: u8, buf: &'a mut Vec<u8>) -> ReadUntil<'a, Self>
    where
        Self: Unpin,
    {
        ReadUntil {
            reader: self,
            byte,
            buf,
            read: 0,
        }
    }

    /// Appends the next line to `buf`, its end (`\n` or `\r\n`) with it, and answers how many bytes: 0 if the stream has ended.
    ///
    /// # Errors
    ///
    /// [`InvalidData`](std::io::ErrorKind::InvalidData) if the line is no UTF-8, with `buf` as it was; what the reader fails
    /// with, with what was read before that in `buf` if it is UTF-8.
    ///
    /// # Cancel safety
    ///
    /// What was read is lost when the future is dropped, and `buf` is empty. [`lines`](Self::lines) loses nothing.
    fn read_line<'a>(&'a mut self, buf: &'a mut String) -> ReadLine<'a, Self>
    where
        Self: Unpin,
    {
        ReadLine {
            reader: self,
            text: Text::of(buf),
            read: 0,
        }
    }

    /// Makes a source of the pieces between bytes that are `byte`.
    fn split(self, byte: u8) -> Split<Self>
    where
        Self: Sized + Unpin,
    {
        split_bytes::split(self, byte)
    }

    /// Answers what is in the buffer, and reads if that is nothing. An empty slice says that the stream has ended.
    ///
    /// # Errors
    ///
    /// What the reader fails with.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing.
    fn fill_buf(&mut self) -> FillBuf<'_, Self>
    where
        Self: Unpin,
    {
        FillBuf { reader: Some(self) }
    }

    /// Takes the first `amt` bytes out of the buffer.
    ///
    /// # Panics
    ///
    /// Some readers panic if the buffer holds fewer.
    fn consume(&mut self, amt: usize)
    where
        Self: Unpin,
    {
        Pin::new(self).consume(amt);
    }

    /// Makes a source of lines, without their ends.
    fn lines(self) -> Lines<Self>
    where
        Self: Sized,
    {
        lines::lines(self)
    }
}

impl<R: AsyncBufRead + ?Sized> AsyncBufReadExt for R {}
