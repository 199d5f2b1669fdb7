//! Bytes that a standard stream has accepted, on their way through the blocking pool.

use std::io::{self, Write};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, poll};

/// The streams that are written to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Stdout,
    Stderr,
}

/// Bytes for a target.
///
/// They get there whatever happens: if the pool drops the delivery because it is shut down, the drop
/// writes them.
pub(super) struct Delivery {
    target: Target,
    /// Taken by the one who writes them.
    bytes: Option<Vec<u8>>,
}

impl Delivery {
    pub(super) fn new(target: Target, bytes: Vec<u8>) -> Delivery {
        Delivery {
            target,
            bytes: Some(bytes),
        }
    }

    /// Writes the bytes and gives their buffer back.
    pub(super) fn make(mut self) -> (Vec<u8>, io::Result<()>) {
        let bytes = self.bytes.take().expect("it is made once");
        let result = self.target.write(&bytes);
        (bytes, result)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Some(bytes) = self.bytes.take() {
            // There is nobody to be told of an error.
            let _ = self.target.write(&bytes);
        }
    }
}

impl Target {
    /// What reports call a write.
    pub(super) fn name_of_write(self) -> &'static str {
        match self {
            Target::Stdout => "a write to standard output",
            Target::Stderr => "a write to standard error",
        }
    }

    fn write(self, bytes: &[u8]) -> io::Result<()> {
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
        let written = patiently(stream, |stream| Ok(rustix::io::write(stream, bytes)?))?;
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
                let _ = poll(&mut [PollFd::new(stream, PollFlags::OUT)], None);
            }
            result => return result,
        }
    }
}
