//! What a path leads to: asking, renaming, linking, removing.

use std::fs::{Metadata, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use super::hop::hop;

/// Asks for the metadata of what a path leads to, symbolic links followed.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped.
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// let length = runtime::fs::metadata("/etc/hosts").await?.len();
/// # let _ = length;
/// # Ok(())
/// # }
/// ```
pub async fn metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::metadata(path)).await
}

/// Asks for the metadata of what a path names: of a symbolic link, its own.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped.
pub async fn symlink_metadata(path: impl AsRef<Path>) -> io::Result<Metadata> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::symlink_metadata(path)).await
}

/// Returns whether a path leads to anything, symbolic links followed.
///
/// # Errors
///
/// Fails with the system's error if that cannot be told, as when a directory on the way may not be
/// searched.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped.
pub async fn try_exists(path: impl AsRef<Path>) -> io::Result<bool> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::exists(path)).await
}

/// Returns the absolute path without links, `.` and `..`, of what a path leads to.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped.
pub async fn canonicalize(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::canonicalize(path)).await
}

/// Returns where a symbolic link leads.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// Nothing is lost when the future is dropped.
pub async fn read_link(path: impl AsRef<Path>) -> io::Result<PathBuf> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::read_link(path)).await
}

/// Changes who may do what with a file or a directory.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// A call that has begun goes on when the future is dropped.
pub async fn set_permissions(path: impl AsRef<Path>, perm: Permissions) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::set_permissions(path, perm)).await
}

/// Renames a file or a directory. What was at `to` is replaced, in one step.
///
/// # Errors
///
/// Fails with the system's error, as when the two are on different file systems.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// A call that has begun goes on when the future is dropped.
pub async fn rename(from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<()> {
    let from = from.as_ref().to_owned();
    let to = to.as_ref().to_owned();
    hop(move || std::fs::rename(from, to)).await
}

/// Gives a file a second name.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// A call that has begun goes on when the future is dropped.
pub async fn hard_link(original: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    let original = original.as_ref().to_owned();
    let link = link.as_ref().to_owned();
    hop(move || std::fs::hard_link(original, link)).await
}

/// Makes a symbolic link that leads to `original`.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// A call that has begun goes on when the future is dropped.
pub async fn symlink(original: impl AsRef<Path>, link: impl AsRef<Path>) -> io::Result<()> {
    let original = original.as_ref().to_owned();
    let link = link.as_ref().to_owned();
    hop(move || std::os::unix::fs::symlink(original, link)).await
}

/// Removes the name of a file, and the file if it has no other and nobody has it open.
///
/// # Errors
///
/// Fails with the system's error.
///
/// # Panics
///
/// Panics if it is polled outside a runtime.
///
/// # Cancel safety
///
/// A call that has begun goes on when the future is dropped.
pub async fn remove_file(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::remove_file(path)).await
}
