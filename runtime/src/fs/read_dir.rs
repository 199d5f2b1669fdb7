//! What is in a directory, in batches.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::fmt;
use std::fs::{FileType, Metadata};
use std::future::poll_fn;
use std::io;
use std::os::unix::fs::DirEntryExt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::hop::{hop, landed, start};
use crate::coop;
use crate::primitive::sync::{Arc, Mutex};
use crate::raw_task::JoinHandle;
use crate::scheduler::AtShutdown;

/// How many entries one hop brings.
const BATCH: usize = 32;

/// Opens a directory to tell what is in it.
///
/// # Errors
///
/// Fails with the system's error, as when there is no such directory.
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
/// ```
/// # #[runtime::main]
/// # async fn main() -> std::io::Result<()> {
/// let mut entries = runtime::fs::read_dir("/").await?;
/// while let Some(entry) = entries.next_entry().await? {
///     println!("{}", entry.path().display());
/// }
/// # Ok(())
/// # }
/// ```
pub async fn read_dir(path: impl AsRef<Path>) -> io::Result<ReadDir> {
    let path = path.as_ref().to_owned();
    hop(move || {
        let mut directory = std::fs::read_dir(path)?;
        Ok(ReadDir {
            batch: Batch::read(&mut directory),
            directory: Arc::new(Mutex::new(directory)),
            under_way: None,
        })
    })
    .await
}

/// The entries of a directory, without `.` and `..`, in the system's order.
///
/// # Examples
///
/// ```
/// use runtime::fs::{self, ReadDir};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-read-dir-{}", std::process::id()));
/// # fs::create_dir(&path).await?;
/// # fs::write(path.join("file"), "").await?;
/// let mut entries: ReadDir = fs::read_dir(&path).await?;
/// while let Some(entry) = entries.next_entry().await? {
///     println!("{}", entry.path().display());
/// }
/// # std::fs::remove_dir_all(&path)?;
/// # Ok(())
/// # }
/// ```
pub struct ReadDir {
    batch: Batch,
    /// Locked only by the hop that is under way.
    directory: Arc<Mutex<std::fs::ReadDir>>,
    under_way: Option<JoinHandle<Batch>>,
}

#[derive(Default)]
struct Batch {
    entries: VecDeque<io::Result<DirEntry>>,
    is_last: bool,
}

impl Batch {
    fn read(directory: &mut std::fs::ReadDir) -> Batch {
        let entries: VecDeque<_> = directory
            .take(BATCH)
            .map(|entry| entry.map(DirEntry::new))
            .collect();
        Batch {
            is_last: entries.len() < BATCH,
            entries,
        }
    }
}

impl ReadDir {
    /// Returns the next entry, or `None` at the end.
    ///
    /// # Errors
    ///
    /// Fails with the system's error; the call after it goes on.
    ///
    /// # Panics
    ///
    /// Panics if it is polled outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped: the next call returns the same entry.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("read-dir-next-entry-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "").await?;
    /// let mut entries = fs::read_dir(&path).await?;
    /// assert_eq!(entries.next_entry().await?.unwrap().file_name(), "file");
    /// assert!(entries.next_entry().await?.is_none());
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next_entry(&mut self) -> io::Result<Option<DirEntry>> {
        poll_fn(|cx| self.poll_next_entry(cx)).await
    }

    /// As [`next_entry`](Self::next_entry), for those who poll. The waker of the last call is woken.
    ///
    /// # Errors
    ///
    /// Fails with the system's error; the call after it goes on.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::future::poll_fn;
    /// use runtime::fs;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("read-dir-poll-next-entry-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "").await?;
    /// let mut entries = fs::read_dir(&path).await?;
    /// let entry = poll_fn(|cx| entries.poll_next_entry(cx)).await?.unwrap();
    /// assert_eq!(entry.file_name(), "file");
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_next_entry(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<DirEntry>>> {
        let coop = ready!(coop::poll_proceed(cx));
        while self.batch.entries.is_empty() && !self.batch.is_last {
            self.batch = ready!(self.poll_batch(cx))?;
        }
        coop.made_progress();
        Poll::Ready(self.batch.entries.pop_front().transpose())
    }

    fn poll_batch(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Batch>> {
        let under_way = match &mut self.under_way {
            Some(under_way) => under_way,
            None => {
                let directory = self.directory.clone();
                let hop = start(
                    move || Batch::read(&mut directory.lock()),
                    AtShutdown::Cancel,
                )?;
                self.under_way.insert(hop)
            }
        };
        let joined = ready!(Pin::new(under_way).poll(cx));
        self.under_way = None;
        Poll::Ready(landed(joined))
    }
}

impl fmt::Debug for ReadDir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadDir")
            .field("batch", &self.batch.entries)
            .finish_non_exhaustive()
    }
}

/// Something in a directory.
///
/// # Examples
///
/// ```
/// use runtime::fs;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("fs-dir-entry-{}", std::process::id()));
/// # fs::create_dir(&path).await?;
/// # fs::write(path.join("file"), "hello").await?;
/// let mut entries = fs::read_dir(&path).await?;
/// let entry: fs::DirEntry = entries.next_entry().await?.unwrap();
/// assert_eq!(entry.file_name(), "file");
/// assert_eq!(entry.metadata().await?.len(), 5);
/// # std::fs::remove_dir_all(&path)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DirEntry {
    std: Arc<std::fs::DirEntry>,
    /// Most file systems tell it with the name.
    file_type: Option<FileType>,
}

impl DirEntry {
    /// On a thread that may block.
    fn new(std: std::fs::DirEntry) -> DirEntry {
        DirEntry {
            file_type: std.file_type().ok(),
            std: Arc::new(std),
        }
    }

    /// Returns the path that was given to [`read_dir`], with the entry's name at its end.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-entry-path-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "").await?;
    /// let entry = fs::read_dir(&path).await?.next_entry().await?.unwrap();
    /// assert_eq!(entry.path(), path.join("file"));
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn path(&self) -> PathBuf {
        self.std.path()
    }

    /// Returns the entry's name without a path.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-entry-file-name-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "").await?;
    /// let entry = fs::read_dir(&path).await?.next_entry().await?.unwrap();
    /// assert_eq!(entry.file_name(), "file");
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn file_name(&self) -> OsString {
        self.std.file_name()
    }

    /// Returns the number of the inode.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::os::unix::fs::MetadataExt;
    /// use runtime::fs;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("dir-entry-ino-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "").await?;
    /// let entry = fs::read_dir(&path).await?.next_entry().await?.unwrap();
    /// assert_eq!(entry.ino(), entry.metadata().await?.ino());
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ino(&self) -> u64 {
        self.std.ino()
    }

    /// Asks for the metadata; of a symbolic link itself, not of where it leads.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, as when the entry is gone.
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
    /// # let path = std::env::temp_dir().join(format!("dir-entry-metadata-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::write(path.join("file"), "hello").await?;
    /// let entry = fs::read_dir(&path).await?.next_entry().await?.unwrap();
    /// assert_eq!(entry.metadata().await?.len(), 5);
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn metadata(&self) -> io::Result<Metadata> {
        let std = self.std.clone();
        hop(move || std.metadata()).await
    }

    /// Returns what kind of thing it is; of a symbolic link, that it is one. It is known already where
    /// the file system tells it with the name.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Panics
    ///
    /// May panic if it is polled outside a runtime.
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
    /// # let path = std::env::temp_dir().join(format!("dir-entry-file-type-{}", std::process::id()));
    /// # fs::create_dir(&path).await?;
    /// # fs::create_dir(path.join("inner")).await?;
    /// let entry = fs::read_dir(&path).await?.next_entry().await?.unwrap();
    /// assert!(entry.file_type().await?.is_dir());
    /// # std::fs::remove_dir_all(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn file_type(&self) -> io::Result<FileType> {
        if let Some(known) = self.file_type {
            return Ok(known);
        }
        let std = self.std.clone();
        hop(move || std.file_type()).await
    }
}
