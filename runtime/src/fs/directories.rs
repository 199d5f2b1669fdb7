//! Making and removing directories.

use std::io;
use std::path::Path;

use super::hop::hop;

/// Makes a directory.
///
/// # Errors
///
/// Fails with the system's error, as when there is something of that name, or no parent.
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
/// # let path = std::env::temp_dir().join(format!("fs-create-dir-{}", std::process::id()));
/// fs::create_dir(&path).await?;
/// assert!(fs::metadata(&path).await?.is_dir());
/// # std::fs::remove_dir(&path)?;
/// # Ok(())
/// # }
/// ```
pub async fn create_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::create_dir(path)).await
}

/// Makes a directory and the parents that are missing. One that exists is fine.
///
/// # Errors
///
/// Fails with the system's error; some of the parents may have been made then.
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
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// runtime::fs::create_dir_all("state/of/the/server").await?;
/// # Ok(())
/// # }
/// ```
pub async fn create_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::create_dir_all(path)).await
}

/// Removes a directory that is empty.
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
/// # let path = std::env::temp_dir().join(format!("fs-remove-dir-{}", std::process::id()));
/// fs::create_dir(&path).await?;
/// fs::remove_dir(&path).await?;
/// assert!(!fs::try_exists(&path).await?);
/// # Ok(())
/// # }
/// ```
pub async fn remove_dir(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::remove_dir(path)).await
}

/// Removes a directory and all that is in it. Symbolic links are removed, not followed.
///
/// # Errors
///
/// Fails with the system's error; some of what is in it may have been removed then.
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
/// # let path = std::env::temp_dir().join(format!("fs-remove-dir-all-{}", std::process::id()));
/// fs::create_dir(&path).await?;
/// fs::write(path.join("file"), "").await?;
/// fs::remove_dir_all(&path).await?;
/// assert!(!fs::try_exists(&path).await?);
/// # Ok(())
/// # }
/// ```
pub async fn remove_dir_all(path: impl AsRef<Path>) -> io::Result<()> {
    let path = path.as_ref().to_owned();
    hop(move || std::fs::remove_dir_all(path)).await
}
