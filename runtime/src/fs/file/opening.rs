//! How a file comes to be open.

use std::io;
use std::path::Path;

use super::File;
use crate::fs::OpenOptions;

impl File {
    /// Opens a file to read it.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, as when there is no such file.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no descriptor is left open.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn example() -> std::io::Result<()> {
    /// let file = runtime::fs::File::open("/etc/hosts").await?;
    /// println!("{} bytes", file.metadata().await?.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> io::Result<File> {
        File::options().read(true).open(path).await
    }

    /// Opens a file to write it, and makes it if there is none. One that exists is emptied.
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
    /// If the future is dropped, no descriptor is left open, but the file may have been made or
    /// emptied.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, File};
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-create-{}", std::process::id()));
    /// let mut file = File::create(&path).await?;
    /// file.write_all(b"hello").await?;
    /// file.flush().await?; // what is written may still be under way before
    /// assert_eq!(fs::read(&path).await?, b"hello");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(path: impl AsRef<Path>) -> io::Result<File> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        options.open(path).await
    }

    /// Makes a file that is not there yet, and opens it to read and write.
    ///
    /// # Errors
    ///
    /// Fails with [`io::ErrorKind::AlreadyExists`] if there is anything of that name, and with the
    /// system's error otherwise.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no descriptor is left open, but the file may have been made.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-create-new-{}", std::process::id()));
    /// let _lock = File::create_new(&path).await?;
    /// let error = File::create_new(&path).await.unwrap_err(); // somebody was here before
    /// assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_new<P: AsRef<Path>>(path: P) -> io::Result<File> {
        let mut options = File::options();
        options.read(true).write(true).create_new(true);
        options.open(path).await
    }

    /// Returns options to open a file with.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-options-{}", std::process::id()));
    /// let mut log = File::options().append(true).create(true).open(&path).await?;
    /// log.write_all(b"started\n").await?;
    /// log.flush().await?;
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn options() -> OpenOptions {
        OpenOptions::new()
    }

    /// Opens a file here, on a thread that may block.
    pub(in crate::fs) fn open_blocking(
        options: &std::fs::OpenOptions,
        path: &Path,
    ) -> io::Result<File> {
        let std = options.open(path)?;
        let is_regular = std.metadata().is_ok_and(|metadata| metadata.is_file());
        Ok(File::new(std, is_regular))
    }
}
