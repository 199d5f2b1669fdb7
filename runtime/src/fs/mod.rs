//! Files and directories, without blocking the threads that run tasks.
//!
//! The functions and types follow [`std::fs`]. The system has no calls for ordinary files that do not
//! block, so each operation is made on a thread for blocking calls (see
//! [`spawn_blocking`](crate::task::spawn_blocking)), and costs a hop there and back. To spare hops,
//!
//! - a function for whole files, such as [`read`] and [`write()`], makes one;
//! - [`File`] reads ahead, and takes over what is written without waiting;
//! - [`ReadDir`] fetches many entries at once.
//!
//! For many small steps in a row, one closure over `std::fs` in `spawn_blocking` is faster still. Pipes,
//! terminals and other things that may make one wait for a long time are not for this module: a
//! read that has begun cannot be cancelled, and a shutdown waits for it. See
//! [`net::unix::pipe`](crate::net::unix::pipe) and [`AsyncFd`](crate::io::unix::AsyncFd) for these.
//!
//! # Cancel safety
//!
//! Who drops a future stops to wait; the operation goes on if it has begun. No descriptor is leaked
//! by that. Each function says what else there is to know.
//!
//! # Errors
//!
//! Besides the system's errors, each operation fails if the runtime is shutting down, or has no
//! thread for it.
//!
//! # Panics
//!
//! What needs a thread for blocking calls panics outside a runtime.

mod contents;
mod dir_builder;
mod directories;
mod file;
mod hop;
mod open_options;
mod paths;
mod read_dir;

pub use std::fs::FileTimes;

pub use contents::{copy, read, read_to_string, write};
pub use dir_builder::DirBuilder;
pub use directories::{create_dir, create_dir_all, remove_dir, remove_dir_all};
pub use file::File;
pub use open_options::OpenOptions;
pub use paths::{
    canonicalize, hard_link, metadata, read_link, remove_file, rename, set_permissions, symlink,
    symlink_metadata, try_exists,
};
pub use read_dir::{DirEntry, ReadDir, read_dir};
