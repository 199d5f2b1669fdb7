//! Why permits were not acquired.

use std::error::Error;
use std::fmt;

/// The semaphore was closed while, or before, permits were waited for.
///
/// Returned by [`Semaphore::acquire`](crate::sync::Semaphore::acquire) and its kin.
///
/// # Examples
///
/// ```
/// use runtime::sync::{AcquireError, Semaphore};
///
/// # #[runtime::main]
/// # async fn main() {
/// let semaphore = Semaphore::new(1);
/// semaphore.close();
/// let error: AcquireError = semaphore.acquire().await.unwrap_err();
/// println!("{error}");
/// # }
/// ```
#[derive(Debug)]
pub struct AcquireError(());

impl AcquireError {
    pub(super) fn closed() -> Self {
        AcquireError(())
    }
}

impl fmt::Display for AcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("semaphore closed")
    }
}

impl Error for AcquireError {}

/// Why permits could not be had at once.
///
/// Returned by [`Semaphore::try_acquire`](crate::sync::Semaphore::try_acquire) and its kin.
///
/// # Examples
///
/// ```
/// use runtime::sync::{Semaphore, TryAcquireError};
///
/// let semaphore = Semaphore::new(0);
/// assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::NoPermits);
/// semaphore.close();
/// assert_eq!(semaphore.try_acquire().unwrap_err(), TryAcquireError::Closed);
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum TryAcquireError {
    /// The semaphore is closed: waiting would not help.
    Closed,
    /// Too few permits are free, or somebody has waited for them longer.
    NoPermits,
}

impl fmt::Display for TryAcquireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TryAcquireError::Closed => "semaphore closed",
            TryAcquireError::NoPermits => "no permits available",
        })
    }
}

impl Error for TryAcquireError {}
