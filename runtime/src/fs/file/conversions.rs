//! Files of the standard library, and descriptors.

use std::fs::File as StdFile;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::File;
use super::shared::SharedFile;
use crate::primitive::sync::Arc;

impl File {
    /// Takes over a file of the standard library. It does not read ahead, as others may have
    /// descriptors with the same position.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncReadExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-from-std-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let mut file = File::from_std(std::fs::File::open(&path)?);
    /// let mut text = String::new();
    /// file.read_to_string(&mut text).await?;
    /// assert_eq!(text, "hello");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_std(std: StdFile) -> File {
        File::new(std, false)
    }

    /// Gives the file back to the standard library, when the operation under way is over.
    ///
    /// It is at the position that this one has seen, whatever was read ahead. Flush the file
    /// first: an error of the last write is not told here.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the file is closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Read;
    /// use runtime::fs::File;
    /// use runtime::io::AsyncReadExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-into-std-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let mut file = File::open(&path).await?;
    /// file.read_exact(&mut [0; 2]).await?;
    /// let mut rest = String::new();
    /// file.into_std().await.read_to_string(&mut rest)?;
    /// assert_eq!(rest, "llo");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn into_std(mut self) -> StdFile {
        self.operations.get_mut().settle().await;
        Arc::try_unwrap(self.shared)
            .map(SharedFile::into_std)
            .expect("an operation that is over holds no file")
    }

    /// As [`into_std`](Self::into_std), without waiting.
    ///
    /// # Errors
    ///
    /// Gives the file back if an operation is under way.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-try-into-std-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let file = File::open(&path).await?;
    /// let file: std::fs::File = file.try_into_std().expect("no operation is under way");
    /// # drop(file);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn try_into_std(mut self) -> Result<StdFile, File> {
        match Arc::try_unwrap(self.shared) {
            Ok(shared) => Ok(shared.into_std()),
            Err(shared) => {
                self.shared = shared;
                Err(self)
            }
        }
    }
}

/// As [`File::from_std`].
impl From<StdFile> for File {
    fn from(std: StdFile) -> File {
        File::from_std(std)
    }
}

/// As [`File::from_std`].
impl From<OwnedFd> for File {
    fn from(descriptor: OwnedFd) -> File {
        File::from_std(descriptor.into())
    }
}

impl FromRawFd for File {
    unsafe fn from_raw_fd(descriptor: RawFd) -> File {
        // SAFETY: the caller says that it is open and theirs to give away.
        File::from_std(unsafe { StdFile::from_raw_fd(descriptor) })
    }
}

/// The position of the descriptor may be ahead of the file's.
impl AsFd for File {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.shared.std().as_fd()
    }
}

/// The position of the descriptor may be ahead of the file's.
impl AsRawFd for File {
    fn as_raw_fd(&self) -> RawFd {
        self.shared.std().as_raw_fd()
    }
}
