//! Says something on standard error without waiting for it.

use std::io::{IoSlice, Write, stderr};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::system::bytes::write_parts;
use super::system::readiness::{Look, look};
#[cfg(not(runtime_loom))]
use super::thread_builder::{start, thread_builder};

/// So many lines wait for standard error at most, each on its thread.
const MOST_LINES: usize = 4;

static LINES: AtomicUsize = AtomicUsize::new(0);

/// Counts as long as it lives.
struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        LINES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Writes a line on a thread of its own: standard error may be a full pipe that nobody reads, and whoever has
/// something to say here must not wait for it. It is not said if there is no thread, or if as many lines wait as may.
#[cfg(not(runtime_loom))]
pub(crate) fn say(line: String) {
    let before = LINES.fetch_add(1, Ordering::Relaxed);
    let counted = Counted;
    if before >= MOST_LINES {
        return;
    }
    let write = Box::new(move || {
        let _counted = counted;
        drop(writeln!(stderr(), "{line}"));
    });
    let builder = thread_builder(&|| "rt-says".to_owned(), "rt-says", None);
    drop(start(builder, write));
}

/// Writes a line of these parts and aborts the process.
///
/// The end must come: past the lock of the standard library, which in a fork may belong to a thread of the
/// parent, without memory, and not at all if standard error takes nothing now.
#[cold]
pub(crate) fn abort_saying<const PARTS: usize>(parts: [&str; PARTS]) -> ! {
    let stderr = stderr();
    let mut room = [Look::for_writing(&stderr)];
    // A pipe that is ready takes `PIPE_BUF` bytes, which is more than any of these lines has.
    if matches!(look(&mut room), Ok(1)) && room[0].has_found() {
        let parts = parts.map(|part| IoSlice::new(part.as_bytes()));
        // Whether it is heard or not, the process ends.
        let _ = write_parts(&stderr, &parts);
    }
    std::process::abort()
}
