//! Says something on standard error without waiting for it.

use std::io::Write;

use super::thread_builder::thread_builder;

/// Writes a line on a thread of its own: standard error may be a full pipe that nobody reads, and whoever has
/// something to say here must not wait for it. If there is no thread it is not said.
pub(crate) fn say(line: String) {
    let write = move || drop(writeln!(std::io::stderr(), "{line}"));
    drop(thread_builder(&|| "rt-says".to_owned(), "rt-says", None).spawn(write));
}
