//! The blocking write to a standard stream.

use std::io::{self, Write};
use std::os::fd::AsFd;

use crate::util::system;
use crate::util::system::readiness::{Look, wait};

/// The streams that are written to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Stdout,
    Stderr,
}

impl Target {
    /// What reports call a write.
    pub(super) fn name_of_write(self) -> &'static str {
        match self {
            Target::Stdout => "a write to standard output",
            Target::Stderr => "a write to standard error",
        }
    }

    /// Blocks until all bytes are written: not for threads that run tasks, nor for who shuts a runtime down.
    pub(super) fn write(self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Target::Stdout => write_through(&mut io::stdout().lock(), bytes),
            Target::Stderr => write_through(&mut io::stderr().lock(), bytes),
        }
    }
}

/// Writes what std's buffer holds and then `bytes`, so that the order of `println!` and ours is kept.
///
/// Past the buffer: it loses count of bytes if the descriptor is in non-blocking mode, into which
/// other processes may have put it.
fn write_through<W: Write + AsFd>(stream: &mut W, mut bytes: &[u8]) -> io::Result<()> {
    patiently(stream, |stream| stream.flush())?;
    while !bytes.is_empty() {
        let written = patiently(stream, |stream| system::bytes::write(stream, bytes))?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
    }
    Ok(())
}

/// Tries until it works or fails, and waits in between if it would block.
fn patiently<W: AsFd, R>(
    stream: &mut W,
    mut attempt: impl FnMut(&mut W) -> io::Result<R>,
) -> io::Result<R> {
    loop {
        match attempt(stream) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                // Interrupted or not, the next attempt tells.
                let _ = wait(&mut [Look::for_writing(stream)]);
            }
            result => return result,
        }
    }
}
