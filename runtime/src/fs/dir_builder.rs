//! In which ways a directory is made.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use super::hop::hop;

/// Says how a directory is made, as [`std::fs::DirBuilder`] does.
///
/// # Examples
///
/// ```no_run
/// # async fn example() -> std::io::Result<()> {
/// let mut builder = runtime::fs::DirBuilder::new();
/// builder.recursive(true).mode(0o700).create("state/of/the/server").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct DirBuilder {
    recursive: bool,
    mode: Option<u32>,
}

impl DirBuilder {
    /// Makes a builder of one directory with the system's default permissions.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::DirBuilder;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-builder-new-{}", std::process::id()));
    /// DirBuilder::new().create(&path).await?;
    /// assert!(path.is_dir());
    /// # std::fs::remove_dir(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn new() -> DirBuilder {
        DirBuilder::default()
    }

    /// Makes the parents that are missing, too, and takes a directory that exists for made.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::DirBuilder;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-builder-recursive-{}", std::process::id()));
    /// let mut builder = DirBuilder::new();
    /// builder.recursive(true);
    /// builder.create(path.join("a/b/c")).await?;
    /// builder.create(path.join("a/b/c")).await?; // it exists, which is as good
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn recursive(&mut self, recursive: bool) -> &mut DirBuilder {
        self.recursive = recursive;
        self
    }

    /// Sets the permission bits; the process's umask is taken from them.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::fs::PermissionsExt;
    /// use runtime::fs::DirBuilder;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-builder-mode-{}", std::process::id()));
    /// DirBuilder::new().mode(0o700).create(&path).await?; // for nobody else
    /// assert_eq!(path.metadata()?.permissions().mode() & 0o077, 0);
    /// # std::fs::remove_dir(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn mode(&mut self, mode: u32) -> &mut DirBuilder {
        self.mode = Some(mode);
        self
    }

    /// Makes the directory.
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
    /// If the future is dropped, the directory may have been made, or be made yet.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::DirBuilder;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-builder-create-{}", std::process::id()));
    /// let builder = DirBuilder::new();
    /// builder.create(&path).await?;
    /// assert!(builder.create(&path).await.is_err()); // it is there already
    /// # std::fs::remove_dir(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let builder = self.to_std();
        let path = path.as_ref().to_owned();
        hop(move || builder.create(path)).await
    }

    fn to_std(&self) -> std::fs::DirBuilder {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(self.recursive);
        if let Some(mode) = self.mode {
            builder.mode(mode);
        }
        builder
    }
}
