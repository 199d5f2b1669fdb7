use std::io::SeekFrom;

use super::calls::Seek;
use crate::io::AsyncSeek;

/// Methods of everything that has a position.
///
/// # Examples
///
/// ```
/// use std::io::{Cursor, SeekFrom};
///
/// use runtime::io::AsyncSeekExt;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut text = Cursor::new("hello");
/// assert_eq!(text.seek(SeekFrom::End(-2)).await?, 3);
/// text.rewind().await?;
/// assert_eq!(text.stream_position().await?, 0);
/// # Ok(())
/// # }
/// ```
pub trait AsyncSeekExt: AsyncSeek {
    /// Moves to `pos`, and answers how many bytes that is from the start of the stream.
    ///
    /// # Errors
    ///
    /// The place is before the first byte, and what the stream fails with.
    ///
    /// # Cancel safety
    ///
    /// The seek may go on when the future is dropped.
    fn seek(&mut self, pos: SeekFrom) -> Seek<'_, Self>
    where
        Self: Unpin,
    {
        Seek {
            stream: self,
            to: Some(pos),
        }
    }

    /// Moves to the start, which is 0 bytes from it.
    ///
    /// # Errors
    ///
    /// As [`seek`](Self::seek).
    ///
    /// # Cancel safety
    ///
    /// As of [`seek`](Self::seek).
    fn rewind(&mut self) -> Seek<'_, Self>
    where
        Self: Unpin,
    {
        self.seek(SeekFrom::Start(0))
    }

    /// Answers how many bytes from the start of the stream the position is.
    ///
    /// # Errors
    ///
    /// As [`seek`](Self::seek).
    ///
    /// # Cancel safety
    ///
    /// As of [`seek`](Self::seek).
    fn stream_position(&mut self) -> Seek<'_, Self>
    where
        Self: Unpin,
    {
        self.seek(SeekFrom::Current(0))
    }
}

impl<S: AsyncSeek + ?Sized> AsyncSeekExt for S {}
