//! Why a lock was not had at once.

use std::error::Error;
use std::fmt;

/// The lock is held by somebody, or somebody has waited for it longer.
///
/// Returned by [`Mutex::try_lock`](crate::sync::Mutex::try_lock),
/// [`RwLock::try_read`](crate::sync::RwLock::try_read) and their kin.
///
/// # Examples
///
/// ```
/// use runtime::sync::{Mutex, TryLockError};
///
/// # #[runtime::main]
/// # async fn main() {
/// let mutex = Mutex::new(1);
/// let _guard = mutex.lock().await;
/// let error: TryLockError = mutex.try_lock().unwrap_err();
/// println!("{error}");
/// # }
/// ```
#[derive(Debug)]
pub struct TryLockError(());

impl TryLockError {
    pub(in crate::sync) fn new() -> Self {
        TryLockError(())
    }
}

impl fmt::Display for TryLockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the lock is held, or others wait for it: wait as well, or try again later")
    }
}

impl Error for TryLockError {}
