//! What was read from a file and not asked for yet.

use std::fs::File as StdFile;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

/// Bytes that lie between the position that the user sees and that of the descriptor.
///
/// `descriptor's position = user's position + unread().len()` holds before and after each method,
/// also if it fails.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// Initialised throughout, and as long as the longest read so far.
    bytes: Vec<u8>,
    /// Where the unread bytes begin, and where they end.
    begin: usize,
    end: usize,
}

impl Buffer {
    pub(super) fn unread(&self) -> &[u8] {
        &self.bytes[self.begin..self.end]
    }

    /// Counts the first `n` unread bytes as read.
    pub(super) fn consume(&mut self, n: usize) {
        self.begin += n;
        debug_assert!(self.begin <= self.end);
    }

    /// Reads once, and at most so many bytes. Nothing may be unread.
    pub(super) fn refill(&mut self, mut file: &StdFile, at_most: usize) -> io::Result<()> {
        debug_assert!(self.unread().is_empty());
        if self.bytes.len() < at_most {
            self.bytes.resize(at_most, 0);
        }
        let n = loop {
            match file.read(&mut self.bytes[..at_most]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                answer => break answer?,
            }
        };
        (self.begin, self.end) = (0, n);
        Ok(())
    }

    /// Moves the descriptor back to where the user is, before something happens there. A file that
    /// has no position, such as a pipe, keeps the unread bytes for the next read.
    pub(super) fn rewind(&mut self, mut file: &StdFile) -> io::Result<()> {
        if self.unread().is_empty() {
            return Ok(());
        }
        match file.seek(SeekFrom::Current(-self.lead())) {
            Err(error) if error.kind() == ErrorKind::NotSeekable => return Ok(()),
            moved => moved?,
        };
        self.forget();
        Ok(())
    }

    /// Moves both positions. If that fails, neither has moved and nothing is lost.
    pub(super) fn seek(&mut self, mut file: &StdFile, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Current(offset) => SeekFrom::Current(
                offset
                    .checked_sub(self.lead())
                    .ok_or(ErrorKind::InvalidInput)?,
            ),
            absolute => absolute,
        };
        let position = file.seek(to)?;
        self.forget();
        Ok(position)
    }

    fn lead(&self) -> i64 {
        i64::try_from(self.unread().len()).expect("a slice is no longer than `isize::MAX`")
    }

    fn forget(&mut self) {
        (self.begin, self.end) = (0, 0);
    }
}
