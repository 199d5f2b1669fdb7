//! What a file's user and the thread of an operation share.

use std::fs::File as StdFile;
use std::io::{self, SeekFrom, Write};

use super::buffer::Buffer;
use crate::primitive::sync::Mutex;

/// The least that is read at once, in bytes, where reading more than was asked for does no harm.
const READ_AHEAD: usize = 8 * 1024;

/// The descriptor, and what was read ahead.
///
/// The lock is never waited for long: the user takes it only when no operation is under way.
#[derive(Debug)]
pub(super) struct SharedFile {
    std: StdFile,
    ahead: Mutex<Ahead>,
}

#[derive(Debug)]
struct Ahead {
    buffer: Buffer,
    /// It is an ordinary file, and nobody else moves the descriptor's position.
    is_private: bool,
}

impl SharedFile {
    pub(super) fn new(std: StdFile, is_private: bool) -> Self {
        let ahead = Ahead {
            buffer: Buffer::default(),
            is_private,
        };
        SharedFile {
            std,
            ahead: Mutex::new(ahead),
        }
    }

    pub(super) fn std(&self) -> &StdFile {
        &self.std
    }

    pub(super) fn has_unread(&self) -> bool {
        !self.ahead.lock().buffer.unread().is_empty()
    }

    /// Shows `take` what is unread; it answers how much of it is read now.
    pub(super) fn take_unread(&self, take: impl FnOnce(&[u8]) -> usize) -> usize {
        let buffer = &mut self.ahead.lock().buffer;
        let taken = take(buffer.unread());
        buffer.consume(taken);
        taken
    }

    /// Reads `wanted` bytes, or more, but at most `limit`.
    pub(super) fn read(&self, wanted: usize, limit: usize) -> io::Result<()> {
        let mut ahead = self.ahead.lock();
        let most = match ahead.is_private {
            true => wanted.max(READ_AHEAD),
            false => wanted,
        };
        ahead.buffer.refill(&self.std, most.min(limit))
    }

    pub(super) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        self.ahead.lock().buffer.rewind(&self.std)?;
        (&self.std).write_all(bytes)
    }

    pub(super) fn seek(&self, to: SeekFrom) -> io::Result<u64> {
        self.ahead.lock().buffer.seek(&self.std, to)
    }

    /// Seeks here and now where that is a matter of the descriptor alone: no operation of somebody
    /// else holds its position, and no file server is asked for the length.
    pub(super) fn try_seek_here(&self, to: SeekFrom) -> Option<io::Result<u64>> {
        let mut ahead = self.ahead.lock();
        let at_once = ahead.is_private && !matches!(to, SeekFrom::End(_));
        at_once.then(|| ahead.buffer.seek(&self.std, to))
    }

    pub(super) fn set_len(&self, size: u64) -> io::Result<()> {
        self.ahead.lock().buffer.rewind(&self.std)?;
        self.std.set_len(size)
    }

    /// A second descriptor, with the position in common.
    pub(super) fn try_clone(&self) -> io::Result<StdFile> {
        let mut ahead = self.ahead.lock();
        ahead.buffer.rewind(&self.std)?;
        ahead.is_private = false;
        self.std.try_clone()
    }

    /// The descriptor, at the position that the user has seen.
    pub(super) fn into_std(self) -> StdFile {
        // If it fails, the position stays where the system has it: there is nobody to be told.
        let _ = self.ahead.into_inner().buffer.rewind(&self.std);
        self.std
    }
}
