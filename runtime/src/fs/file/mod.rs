//! An open file.
//!
//! # States
//!
//! A file is *idle*, or *one operation is under way* on a thread of the pool: a read, a write, a seek
//! or a call such as `sync_all`. The user starts one only when the file is idle, so they run in the
//! order in which they were asked for, and only one at a time touches the descriptor. [`operations`]
//! keeps this state; [`shared`] is what such a thread works on: the descriptor and the [`buffer`]
//! of bytes that were read and not yet asked for.
//!
//! # What a dropped operation leaves
//!
//! Nobody waits for it any more, but it stays under way: the next one waits until it is over and
//! keeps what it left.
//!
//! - A read's bytes are in the buffer, for the next read. The descriptor is then ahead of the
//!   user's position. A seek adds the difference; a write, `set_len`, `try_clone` and `into_std` move the
//!   descriptor back first. So the user's position is exact at all times.
//! - A write is made to its end once it was accepted. Its error waits for the next write or flush.
//! - A seek has been made or has failed, as it might have a moment before the drop.
//! - The descriptor is owned by an `Arc` that the operation shares, so it is closed by whoever
//!   is last: no drop leaks it, and none closes it under an operation.
//!
//! Operations also outlive the runtime's shutdown: those that were accepted are made, others
//! answer with an error and leave buffer and position as they were.

mod buffer;
mod conversions;
mod opening;
mod operations;
mod shared;
mod traits;

use std::fmt;
use std::fs::{File as StdFile, FileTimes, Metadata, Permissions};
use std::io;
use std::time::SystemTime;

use operations::Operations;
use shared::SharedFile;

use crate::primitive::sync::Arc;
use crate::sync::{Mutex, MutexGuard};

/// The most that one operation reads or writes, in bytes, unless the user says otherwise.
const MAX_BUF_SIZE: usize = 2 * 1024 * 1024;

/// An open file.
///
/// It reads, writes and seeks through the traits of [`io`](crate::io), of `futures-io` with that feature, and of real
/// `tokio::io` with feature `tokio-io`. Each such operation is made by a thread for blocking calls.
///
/// # Reading
///
/// What is read goes through a buffer. A file that [`open`](Self::open) and its kin have opened
/// reads at least 8 KiB at once, so that small reads do not go to a thread each. Within that distance
/// from the position it does not see what others write to the file meanwhile. A file that was made from
/// a descriptor, or cloned, or that is no regular file, reads no more than it is asked for.
///
/// # Writing
///
/// A write is ready as soon as its bytes are taken over; a thread then writes them. If that fails,
/// the next write, flush or [`sync_all`](Self::sync_all) answers with the error. **Flush a file before
/// you drop it**: the bytes are written either way, but only a flush waits for that, and tells
/// whether it went well.
///
/// # Cancel safety
///
/// A future of this type may be dropped at any moment. An operation that has begun goes on and the
/// next one waits for it. Bytes that nobody has taken are read by the next read, and the position
/// is always the one that those operations have left which were not dropped.
///
/// # Examples
///
/// ```
/// use runtime::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
/// use runtime::fs::File;
/// use runtime::io::SeekFrom;
///
/// # #[runtime::main]
/// # async fn main() -> std::io::Result<()> {
/// # let path = std::env::temp_dir().join(format!("runtime-doc-file-{}", std::process::id()));
/// let mut file = File::options().read(true).write(true).create(true).open(&path).await?;
/// file.write_all(b"hello, file").await?;
/// file.flush().await?;
///
/// file.seek(SeekFrom::Start(7)).await?;
/// let mut rest = String::new();
/// file.read_to_string(&mut rest).await?;
/// assert_eq!(rest, "file");
/// # runtime::fs::remove_file(path).await
/// # }
/// ```
pub struct File {
    shared: Arc<SharedFile>,
    /// Waited for only by methods that take `&self`.
    operations: Mutex<Operations>,
    max_buf_size: usize,
}

impl File {
    fn new(std: StdFile, is_private: bool) -> File {
        File {
            shared: Arc::new(SharedFile::new(std, is_private)),
            operations: Mutex::new(Operations::default()),
            max_buf_size: MAX_BUF_SIZE,
        }
    }

    /// Waits until everything written is on the disk, with the file's metadata.
    ///
    /// # Errors
    ///
    /// Fails with the error of an earlier write that was not yet told, or with that of the system.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-sync-all-{}", std::process::id()));
    /// let mut file = File::create(&path).await?;
    /// file.write_all(b"hello").await?;
    /// file.sync_all().await?; // now a power failure cannot take it
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sync_all(&self) -> io::Result<()> {
        self.sync(StdFile::sync_all).await
    }

    /// As [`sync_all`](Self::sync_all), but without metadata that is not needed to read the data.
    ///
    /// # Errors
    ///
    /// As [`sync_all`](Self::sync_all).
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-sync-data-{}", std::process::id()));
    /// let mut file = File::create(&path).await?;
    /// file.write_all(b"one more entry\n").await?;
    /// file.sync_data().await?;
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn sync_data(&self) -> io::Result<()> {
        self.sync(StdFile::sync_data).await
    }

    /// Cuts the file, or extends it by zeros, to `size` bytes. The position stays.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, as when the file is not open for writing.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the file has its new length or will have it before the next
    /// operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::{self, File};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-set-len-{}", std::process::id()));
    /// let file = File::create(&path).await?;
    /// file.set_len(3).await?;
    /// assert_eq!(fs::read(&path).await?, [0, 0, 0]);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_len(&self, size: u64) -> io::Result<()> {
        self.call(move |shared| shared.set_len(size)).await
    }

    /// Asks for the file's metadata, after what was written before.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost when the future is dropped.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncWriteExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-metadata-{}", std::process::id()));
    /// let mut file = File::create(&path).await?;
    /// file.write_all(b"hello").await?;
    /// assert_eq!(file.metadata().await?.len(), 5);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn metadata(&self) -> io::Result<Metadata> {
        self.call(|shared| shared.std().metadata()).await
    }

    /// Makes a second file of the same descriptor. Both have one position in common: reading,
    /// writing and seeking in one moves the other.
    ///
    /// Neither reads ahead from then on.
    ///
    /// # Errors
    ///
    /// Fails with the system's error, as when the process has no descriptors left.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no descriptor is left open.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    /// use runtime::io::AsyncReadExt;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-try-clone-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let mut file = File::open(&path).await?;
    /// let mut clone = file.try_clone().await?;
    /// file.read_exact(&mut [0; 2]).await?;
    /// let mut rest = String::new();
    /// clone.read_to_string(&mut rest).await?; // goes on where the other was
    /// assert_eq!(rest, "llo");
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn try_clone(&self) -> io::Result<File> {
        let std = self.call(SharedFile::try_clone).await?;
        let mut file = File::new(std, false);
        file.max_buf_size = self.max_buf_size;
        Ok(file)
    }

    /// Changes who may do what with the file.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the change has been made or will be before the next operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-set-permissions-{}", std::process::id()));
    /// let file = File::create(&path).await?;
    /// let mut permissions = file.metadata().await?.permissions();
    /// permissions.set_readonly(true);
    /// file.set_permissions(permissions).await?;
    /// assert!(file.metadata().await?.permissions().readonly());
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_permissions(&self, perm: Permissions) -> io::Result<()> {
        self.call(move |shared| shared.std().set_permissions(perm))
            .await
    }

    /// Changes the times that the file system notes, after what was written before.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the change has been made or will be before the next operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::{fs::FileTimes, time::SystemTime};
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-set-times-{}", std::process::id()));
    /// let file = File::create(&path).await?;
    /// let times = FileTimes::new().set_modified(SystemTime::UNIX_EPOCH);
    /// file.set_times(times).await?;
    /// assert_eq!(file.metadata().await?.modified()?, SystemTime::UNIX_EPOCH);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_times(&self, times: FileTimes) -> io::Result<()> {
        self.call(move |shared| shared.std().set_times(times)).await
    }

    /// Changes the time of the last modification. As [`set_times`](Self::set_times) otherwise.
    ///
    /// # Errors
    ///
    /// Fails with the system's error.
    ///
    /// # Panics
    ///
    /// Panics outside a runtime.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the change has been made or will be before the next operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-set-modified-{}", std::process::id()));
    /// let file = File::create(&path).await?;
    /// file.set_modified(SystemTime::UNIX_EPOCH).await?;
    /// assert_eq!(file.metadata().await?.modified()?, SystemTime::UNIX_EPOCH);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_modified(&self, time: SystemTime) -> io::Result<()> {
        self.set_times(FileTimes::new().set_modified(time)).await
    }

    /// Sets how many bytes one operation reads or writes at most, and so how much memory a file
    /// takes: a buffer of this size to read, and one to write. The default is 2 MiB.
    ///
    /// # Panics
    ///
    /// Panics if `max_buf_size` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-set-max-buf-size-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let mut file = File::open(&path).await?;
    /// file.set_max_buf_size(16 * 1024); // there are many files open at once
    /// assert_eq!(file.max_buf_size(), 16 * 1024);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn set_max_buf_size(&mut self, max_buf_size: usize) {
        assert!(max_buf_size > 0, "`max_buf_size` must be greater than 0");
        self.max_buf_size = max_buf_size;
    }

    /// Returns how many bytes one operation reads or writes at most.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::fs::File;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// # let path = std::env::temp_dir().join(format!("file-max-buf-size-{}", std::process::id()));
    /// # std::fs::write(&path, "hello")?;
    /// let file = File::open(&path).await?;
    /// assert_eq!(file.max_buf_size(), 2 * 1024 * 1024);
    /// # std::fs::remove_file(&path)?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn max_buf_size(&self) -> usize {
        self.max_buf_size
    }

    async fn sync(&self, sync: fn(&StdFile) -> io::Result<()>) -> io::Result<()> {
        let mut operations = self.settled().await;
        operations.take_write_error()?;
        let call = move |shared: &SharedFile| sync(shared.std());
        operations.call(&self.shared, call).await
    }

    async fn call<R: Send + 'static>(
        &self,
        call: impl FnOnce(&SharedFile) -> io::Result<R> + Send + 'static,
    ) -> io::Result<R> {
        let mut operations = self.settled().await;
        operations.call(&self.shared, call).await
    }

    async fn settled(&self) -> MutexGuard<'_, Operations> {
        let mut operations = self.operations.lock().await;
        operations.settle().await;
        operations
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File")
            .field("std", self.shared.std())
            .finish_non_exhaustive()
    }
}
