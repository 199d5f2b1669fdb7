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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-symlink-metadata-{}", std::process::id()));
/// fs::symlink("nowhere", &path).await?;
/// assert!(fs::symlink_metadata(&path).await?.is_symlink());
/// assert!(fs::metadata(&path).await.is_err()); // follows it
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-try-exists-{}", std::process::id()));
/// assert!(!fs::try_exists(&path).await?);
/// fs::write(&path, "hello").await?;
/// assert!(fs::try_exists(&path).await?);
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-canonicalize-{}", std::process::id()));
/// fs::create_dir(&path).await?;
/// let roundabout = path.join("..").join(path.file_name().unwrap());
/// assert_eq!(fs::canonicalize(roundabout).await?, fs::canonicalize(&path).await?);
/// # std::fs::remove_dir(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-read-link-{}", std::process::id()));
/// fs::symlink("somewhere", &path).await?;
/// assert_eq!(fs::read_link(&path).await?.to_str(), Some("somewhere"));
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-set-permissions-{}", std::process::id()));
/// fs::write(&path, "hello").await?;
/// let mut permissions = fs::metadata(&path).await?.permissions();
/// permissions.set_readonly(true);
/// fs::set_permissions(&path, permissions).await?;
/// assert!(fs::metadata(&path).await?.permissions().readonly());
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-rename-{}", std::process::id()));
/// # let new = path.with_extension("new");
/// fs::write(&path, "old settings").await?;
/// fs::write(&new, "new settings").await?;
/// fs::rename(&new, &path).await?; // nobody sees half a file
/// assert_eq!(fs::read(&path).await?, b"new settings");
/// # std::fs::remove_file(&path)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-hard-link-{}", std::process::id()));
/// # let other = path.with_extension("other");
/// fs::write(&path, "hello").await?;
/// fs::hard_link(&path, &other).await?;
/// fs::remove_file(&path).await?;
/// assert_eq!(fs::read(&other).await?, b"hello"); // it has this name left
/// # std::fs::remove_file(other)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-symlink-{}", std::process::id()));
/// # let link = path.with_extension("link");
/// fs::write(&path, "hello").await?;
/// fs::symlink(&path, &link).await?;
/// assert_eq!(fs::read(&link).await?, b"hello");
/// # std::fs::remove_file(&path)?;
/// # std::fs::remove_file(link)?;
/// # Ok(())
/// # }
/// ```
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
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-remove-file-{}", std::process::id()));
/// fs::write(&path, "hello").await?;
/// fs::remove_file(&path).await?;
/// assert!(!fs::try_exists(&path).await?);
/// # Ok(())
/// # }
/// ```
pub async fn remove_file(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::remove_file(path)).await
}
