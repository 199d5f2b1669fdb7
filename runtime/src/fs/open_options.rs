//! In which ways a file is opened.

use std::fs::OpenOptions as StdOpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::File;
use super::hop::hop;

/// Says how a file is opened, as [`std::fs::OpenOptions`] does.
///
/// # Examples
///
/// ```no_run
/// use runtime::fs::OpenOptions;
///
/// # async fn example() -> std::io::Result<()> {
/// let mut options = OpenOptions::new();
/// options.append(true).create(true).mode(0o600);
/// let log = options.open("server.log").await?;
/// # drop(log);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct OpenOptions(StdOpenOptions);

impl Default for OpenOptions {
    fn default() -> OpenOptions {
        OpenOptions::new()
    }
}

impl OpenOptions {
    /// Makes options with everything switched off.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-new-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let file = OpenOptions::new().read(true).write(true).open(&path).await?;
    /// assert_eq!(file.metadata().await?.len(), 5); // it is kept
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new() -> OpenOptions {
        OpenOptions(StdOpenOptions::new())
    }

    /// Opens the file for reading.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::OpenOptions;
    /// use runtime::io::AsyncReadExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-read-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let mut file = OpenOptions::new().read(true).open(&path).await?;
    /// let mut text = String::new();
    /// file.read_to_string(&mut text).await?;
    /// assert_eq!(text, "hello");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn read(&mut self, read: bool) -> &mut OpenOptions {
        self.0.read(read);
        self
    }

    /// Opens the file for writing. What it holds is kept, and overwritten from the beginning.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, OpenOptions};
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-write-{}", std::process::id()));
    /// fs::write(&path, "hello").await?;
    /// let mut file = OpenOptions::new().write(true).open(&path).await?;
    /// file.write_all(b"J").await?;
    /// file.flush().await?;
    /// assert_eq!(fs::read(&path).await?, b"Jello");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn write(&mut self, write: bool) -> &mut OpenOptions {
        self.0.write(write);
        self
    }

    /// Opens the file for writing at its end, wherever that is at the moment of each write.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, OpenOptions};
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-append-{}", std::process::id()));
    /// fs::write(&path, "hello").await?;
    /// let mut file = OpenOptions::new().append(true).open(&path).await?;
    /// file.write_all(b" there").await?;
    /// file.flush().await?;
    /// assert_eq!(fs::read(&path).await?, b"hello there");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn append(&mut self, append: bool) -> &mut OpenOptions {
        self.0.append(append);
        self
    }

    /// Empties the file. It must be opened for writing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, OpenOptions};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-truncate-{}", std::process::id()));
    /// fs::write(&path, "hello").await?;
    /// let file = OpenOptions::new().write(true).truncate(true).open(&path).await?;
    /// assert_eq!(file.metadata().await?.len(), 0);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn truncate(&mut self, truncate: bool) -> &mut OpenOptions {
        self.0.truncate(truncate);
        self
    }

    /// Makes the file if there is none. It must be opened for writing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, OpenOptions};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-create-{}", std::process::id()));
    /// OpenOptions::new().write(true).create(true).open(&path).await?;
    /// assert!(fs::try_exists(&path).await?);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create(&mut self, create: bool) -> &mut OpenOptions {
        self.0.create(create);
        self
    }

    /// Makes the file, and fails if there is one. It must be opened for writing.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-create-new-{}", std::process::id()));
    /// let mut options = OpenOptions::new();
    /// options.write(true).create_new(true);
    /// options.open(&path).await?;
    /// assert!(options.open(&path).await.is_err()); // it is there already
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn create_new(&mut self, create_new: bool) -> &mut OpenOptions {
        self.0.create_new(create_new);
        self
    }

    /// Sets the permission bits of a file that is made; the process's umask is taken from them.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::fs::PermissionsExt;
    /// use runtime::fs::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-mode-{}", std::process::id()));
    /// let mut options = OpenOptions::new();
    /// options.write(true).create_new(true).mode(0o600); // for nobody else
    /// let file = options.open(&path).await?;
    /// assert_eq!(file.metadata().await?.permissions().mode() & 0o077, 0);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn mode(&mut self, mode: u32) -> &mut OpenOptions {
        self.0.mode(mode);
        self
    }

    /// Passes more flags to `open(2)`, such as `O_NOFOLLOW`.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, OpenOptions};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-custom-flags-{}", std::process::id()));
    /// # let link = path.with_extension("link");
    /// fs::symlink(&path, &link).await?;
    /// let mut options = OpenOptions::new();
    /// options.read(true).custom_flags(libc::O_NOFOLLOW);
    /// assert!(options.open(&link).await.is_err()); // it is a link
    /// # std::fs::remove_file(&link)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn custom_flags(&mut self, flags: i32) -> &mut OpenOptions {
        self.0.custom_flags(flags);
        self
    }

    /// Opens the file.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, and with [`io::ErrorKind::InvalidInput`] if the options
    /// contradict each other.
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
    /// use runtime::fs::OpenOptions;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("open-options-open-{}", std::process::id()));
    /// let mut options = OpenOptions::new();
    /// options.write(true).create(true);
    /// let file = options.open(&path).await?;
    /// assert!(file.metadata().await?.is_file());
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(&self, path: impl AsRef<Path>) -> io::Result<File> {
        let options = self.0.clone();
        let path = path.as_ref().to_owned();
        hop(move || File::open_blocking(&options, &path)).await
    }
}

impl From<StdOpenOptions> for OpenOptions {
    fn from(options: StdOpenOptions) -> OpenOptions {
        OpenOptions(options)
    }
}
