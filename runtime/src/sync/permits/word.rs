//! The packed word: free permits above two marks.

use super::{Permits, TryAcquireError};

/// A value of the word. Nothing here is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(usize);

const SHIFT: u32 = 2;

/// A sum of two counts fits, so that an addition that is too much can be taken back.
const _: () = assert!(Permits::MAX <= (usize::MAX >> SHIFT) / 2);

impl Word {
    /// Nothing is to be acquired any more.
    pub(super) const CLOSED: usize = 1;
    /// Somebody is queued, so free permits are the front's.
    pub(super) const WAITERS: usize = 2;

    pub(super) const fn new(permits: usize) -> Self {
        Word(permits << SHIFT)
    }

    pub(super) const fn bits(self) -> usize {
        self.0
    }

    /// The permits that lie here, whomever they are for.
    pub(super) fn free(self) -> usize {
        self.0 >> SHIFT
    }

    /// The permits that may be taken without the lock.
    pub(super) fn available(self) -> usize {
        if self.has_waiters() { 0 } else { self.free() }
    }

    pub(super) fn is_closed(self) -> bool {
        self.0 & Self::CLOSED != 0
    }

    pub(super) fn has_waiters(self) -> bool {
        self.0 & Self::WAITERS != 0
    }

    /// The word after `n` permits are taken, if they may be.
    #[inline]
    pub(super) fn take(self, n: usize) -> Result<Word, TryAcquireError> {
        if self.is_closed() {
            Err(TryAcquireError::Closed)
        } else if self.available() < n {
            Err(TryAcquireError::NoPermits)
        } else {
            Ok(self.minus(n))
        }
    }

    pub(super) fn minus(self, n: usize) -> Word {
        Word(self.0 - (n << SHIFT))
    }

    pub(super) fn with_waiters(self) -> Word {
        Word(self.0 | Self::WAITERS)
    }
}

impl From<usize> for Word {
    fn from(bits: usize) -> Self {
        Word(bits)
    }
}
