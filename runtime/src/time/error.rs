//! What can go wrong with time.

use std::{error, fmt, io};

/// The limit set by [`timeout`](super::timeout) or [`timeout_at`](super::timeout_at) was reached
/// first.
///
/// # Examples
///
/// ```
/// use std::io;
/// use runtime::time::{Duration, timeout};
///
/// async fn answer(question: impl Future<Output = u32>) -> io::Result<u32> {
///     Ok(timeout(Duration::from_millis(1), question).await?)
/// }
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let error = answer(std::future::pending()).await.unwrap_err();
/// assert_eq!(error.kind(), io::ErrorKind::TimedOut);
/// # }
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct Elapsed(());

impl Elapsed {
    pub(super) fn new() -> Self {
        Elapsed(())
    }
}

/// What can go wrong with a timer, in tokio's words. Timers of this runtime never answer with it:
/// their number and length have no limit, and one whose runtime has shut down panics.
///
/// # Examples
///
/// A type of one's own with tokio's errors:
///
/// ```
///
/// use runtime::time::error::Error;
///
/// fn set_timer(free: &mut u32) -> Result<(), Error> {
///     *free = free.checked_sub(1).ok_or_else(Error::at_capacity)?;
///     Ok(())
/// }
///
/// let mut free = 1;
/// assert!(set_timer(&mut free).is_ok());
/// assert!(set_timer(&mut free).unwrap_err().is_at_capacity());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Error(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Shutdown,
    AtCapacity,
    Invalid,
}

impl Error {
    /// The runtime of the timer has shut down.
    pub fn shutdown() -> Error {
        Error(Kind::Shutdown)
    }

    /// Returns whether the runtime of the timer has shut down.
    pub fn is_shutdown(&self) -> bool {
        self.0 == Kind::Shutdown
    }

    /// There are too many timers.
    pub fn at_capacity() -> Error {
        Error(Kind::AtCapacity)
    }

    /// Returns whether there are too many timers.
    pub fn is_at_capacity(&self) -> bool {
        self.0 == Kind::AtCapacity
    }

    /// The timer is set too far ahead.
    pub fn invalid() -> Error {
        Error(Kind::Invalid)
    }

    /// Returns whether the timer is set too far ahead.
    pub fn is_invalid(&self) -> bool {
        self.0 == Kind::Invalid
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Kind::Shutdown => "the runtime of the timer has shut down: keep it alive",
            Kind::AtCapacity => "there are too many timers: set fewer",
            Kind::Invalid => "the timer is set too far ahead: choose a shorter duration",
        })
    }
}

impl error::Error for Error {}

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("deadline has elapsed")
    }
}

impl error::Error for Elapsed {}

impl From<Elapsed> for io::Error {
    fn from(elapsed: Elapsed) -> io::Error {
        io::Error::new(io::ErrorKind::TimedOut, elapsed)
    }
}
