//! A stream that is short, pending or fails by chance, and does the same for the same seed.

use std::io::{self, SeekFrom};
use std::task::Poll;

/// What it reads from, over and over.
const TEXT: &[u8] = b"one\ntwo\r\n\nthree, and more\r";

/// So many bytes there are.
const LENGTH: u64 = 300;

#[derive(Debug)]
pub(crate) struct Moody {
    random: Random,
    position: u64,
    is_write_vectored: bool,
    /// The calls in order, with their answers.
    pub(crate) calls: Vec<String>,
}

impl Moody {
    pub(crate) fn new(seed: u64) -> Moody {
        let mut random = Random::new(seed);
        Moody {
            is_write_vectored: random.below(2) == 0,
            random,
            position: 0,
            calls: Vec::new(),
        }
    }

    pub(crate) fn is_write_vectored(&self) -> bool {
        self.is_write_vectored
    }

    pub(crate) fn read(&mut self, room: usize) -> Poll<io::Result<Vec<u8>>> {
        let answer = self.answer(|this| {
            let left = LENGTH.saturating_sub(this.position).min(room as u64);
            let some = this.random.some_of(left);
            let bytes = (this.position..this.position + some)
                .map(|position| TEXT[(position % TEXT.len() as u64) as usize])
                .collect();
            this.position += some;
            bytes
        });
        self.note(format_args!("read {room}"), answer)
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let answer = self.answer(|this| match this.random.below(20) {
            0 => 0,
            _ => this.random.some_of(bytes.len() as u64) as usize,
        });
        self.note(format_args!("write {bytes:?}"), answer)
    }

    pub(crate) fn flush(&mut self) -> Poll<io::Result<()>> {
        let answer = self.answer(|_| ());
        self.note(format_args!("flush"), answer)
    }

    pub(crate) fn start_seek(&mut self, position: SeekFrom) -> io::Result<()> {
        self.calls.push(format!("seek {position:?}"));
        let position = match position {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => LENGTH.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(())
    }

    pub(crate) fn sought(&mut self) -> Poll<io::Result<u64>> {
        let answer = self.answer(|this| this.position);
        self.note(format_args!("sought"), answer)
    }

    fn answer<T>(&mut self, value: impl FnOnce(&mut Moody) -> T) -> Poll<io::Result<T>> {
        match self.random.below(8) {
            0 | 1 => Poll::Pending,
            2 if self.random.below(3) == 0 => {
                let kinds = [io::ErrorKind::Interrupted, io::ErrorKind::TimedOut];
                Poll::Ready(Err(kinds[self.random.below(2) as usize].into()))
            }
            _ => Poll::Ready(Ok(value(self))),
        }
    }

    fn note<T: std::fmt::Debug>(
        &mut self,
        call: std::fmt::Arguments<'_>,
        answer: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        self.calls.push(format!("{call}: {answer:?}"));
        answer
    }
}

/// Marsaglia's xorshift64.
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random((seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    /// All, or fewer, but not none of some.
    fn some_of(&mut self, all: u64) -> u64 {
        match self.below(2) {
            0 if all > 0 => 1 + self.below(all),
            _ => all,
        }
    }
}
