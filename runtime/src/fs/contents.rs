//! Whole files, each in one hop.

use std::io;
use std::path::Path;

use super::hop::hop;

/// Reads a whole file.
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
/// let bytes = runtime::fs::read("image.png").await?;
/// println!("{} bytes", bytes.len());
/// # Ok(())
/// # }
/// ```
pub async fn read(path: impl AsRef<Path>) -> io::Result<Vec<u8>> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::read(path)).await
}

/// Reads a whole file, which must be UTF-8.
///
/// # Errors
///
/// Fails with the system's error, and with [`io::ErrorKind::InvalidData`] if the file is not UTF-8.
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
/// let hosts = runtime::fs::read_to_string("/etc/hosts").await?;
/// println!("{} lines", hosts.lines().count());
/// # Ok(())
/// # }
/// ```
pub async fn read_to_string(path: impl AsRef<Path>) -> io::Result<String> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::read_to_string(path)).await
}

/// Writes a whole file: makes it, or replaces what is in it.
///
/// The bytes are copied first.
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
/// A call that has begun goes on when the future is dropped. Until it ends, others see a file that is
/// written in part.
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// runtime::fs::write("greeting.txt", "hello").await?;
/// # Ok(())
/// # }
/// ```
pub async fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    let contents = contents.as_ref().to_owned();
    hop(move || std::fs::write(path, contents)).await
}

/// Copies a file with its permission bits, and returns how many bytes it has. What is at `to` is
/// replaced.
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
/// A call that has begun goes on when the future is dropped. Until it ends, others see a file that is
/// written in part.
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-copy-{}", std::process::id()));
/// # let copy = path.with_extension("copy");
/// fs::write(&path, "hello").await?;
/// assert_eq!(fs::copy(&path, &copy).await?, 5);
/// assert_eq!(fs::read(&copy).await?, b"hello");
/// # std::fs::remove_file(&path)?;
/// # std::fs::remove_file(copy)?;
/// # Ok(())
/// # }
/// ```
pub async fn copy(from: impl AsRef<Path>, to: impl AsRef<Path>) -> io::Result<u64> {
    let from = from.as_ref().to_owned();
    let to = to.as_ref().to_owned();
    hop(move || std::fs::copy(from, to)).await
}
