//! I/O of Unix: any descriptor that the system can poll.

mod async_fd;
mod async_fd_io;
mod errors;
mod ready_guard;

pub use async_fd::AsyncFd;
pub use errors::{AsyncFdRegisterError, TryIoError};
pub use ready_guard::{AsyncFdReadyGuard, AsyncFdReadyMutGuard};

/// The name that tokio used before [`AsyncFdRegisterError`].
#[doc(hidden)]
pub type AsyncFdTryNewError<T> = AsyncFdRegisterError<T>;
