//! What a registration asks the operating system to tell it.

use std::fmt;
use std::ops;

const READABLE: u8 = 1;
const WRITABLE: u8 = 1 << 1;
const PRIORITY: u8 = 1 << 4;
const ERROR: u8 = 1 << 5;

const NAMES: [(u8, &str); 4] = [
    (READABLE, "READABLE"),
    (WRITABLE, "WRITABLE"),
    (PRIORITY, "PRIORITY"),
    (ERROR, "ERROR"),
];

/// The kinds of readiness that a registration, or a wait on it, is about.
///
/// Never empty. Combine with `|` or [`add`](Interest::add).
///
/// # Examples
///
/// ```
/// use io_driver::Interest;
///
/// let both = Interest::READABLE | Interest::WRITABLE;
/// assert!(both.is_readable() && both.is_writable());
/// assert_eq!(both.remove(Interest::READABLE), Some(Interest::WRITABLE));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Interest(u8);

impl Interest {
    /// Asks for readable readiness; the end of the stream counts as readable.
    pub const READABLE: Interest = Interest(READABLE);

    /// Asks for writable readiness; a closed write half counts as writable.
    pub const WRITABLE: Interest = Interest(WRITABLE);

    /// Asks for out-of-band ("priority") readiness.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const PRIORITY: Interest = Interest(PRIORITY);

    /// Asks for error readiness, which the operating system reports in any case.
    pub const ERROR: Interest = Interest(ERROR);

    /// Tells whether readable readiness is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// assert!((Interest::READABLE | Interest::WRITABLE).is_readable());
    /// assert!(!Interest::WRITABLE.is_readable());
    /// ```
    pub const fn is_readable(self) -> bool {
        self.0 & READABLE != 0
    }

    /// Tells whether writable readiness is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// assert!((Interest::READABLE | Interest::WRITABLE).is_writable());
    /// assert!(!Interest::READABLE.is_writable());
    /// ```
    pub const fn is_writable(self) -> bool {
        self.0 & WRITABLE != 0
    }

    /// Tells whether priority readiness is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// # #[cfg(any(target_os = "linux", target_os = "android"))]
    /// assert!(Interest::PRIORITY.is_priority());
    /// assert!(!Interest::READABLE.is_priority());
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const fn is_priority(self) -> bool {
        self.0 & PRIORITY != 0
    }

    /// Tells whether error readiness is asked for.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// assert!(Interest::ERROR.is_error());
    /// assert!(!Interest::READABLE.is_error());
    /// ```
    pub const fn is_error(self) -> bool {
        self.0 & ERROR != 0
    }

    /// Returns the union of both interests.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE); // `|` is no constant
    /// assert_eq!(BOTH, Interest::READABLE | Interest::WRITABLE);
    /// ```
    #[must_use = "returns the union and leaves the original as it is"]
    pub const fn add(self, other: Interest) -> Interest {
        Interest(self.0 | other.0)
    }

    /// Returns this interest without `other`, or `None` if nothing would be left.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Interest;
    ///
    /// let both = Interest::READABLE | Interest::WRITABLE;
    /// assert_eq!(both.remove(Interest::WRITABLE), Some(Interest::READABLE));
    /// assert_eq!(Interest::READABLE.remove(Interest::READABLE), None);
    /// ```
    #[must_use = "returns the difference and leaves the original as it is"]
    pub const fn remove(self, other: Interest) -> Option<Interest> {
        match self.0 & !other.0 {
            0 => None,
            rest => Some(Interest(rest)),
        }
    }

    pub(crate) fn to_mio(self) -> mio::Interest {
        let read = self.is_readable().then_some(mio::Interest::READABLE);
        let write = self.is_writable().then_some(mio::Interest::WRITABLE);
        let union = [read, write, self.priority_to_mio()]
            .into_iter()
            .flatten()
            .reduce(|all, one| all | one);
        // Errors are reported unasked, but mio's interests cannot be empty.
        union.unwrap_or(mio::Interest::READABLE)
    }

    #[cfg(any(target_os = "linux", target_os = "android"))]
    fn priority_to_mio(self) -> Option<mio::Interest> {
        self.is_priority().then_some(mio::Interest::PRIORITY)
    }

    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    fn priority_to_mio(self) -> Option<mio::Interest> {
        None
    }
}

impl ops::BitOr for Interest {
    type Output = Interest;

    fn bitor(self, other: Interest) -> Interest {
        self.add(other)
    }
}

impl ops::BitOrAssign for Interest {
    fn bitor_assign(&mut self, other: Interest) {
        *self = *self | other;
    }
}

impl fmt::Debug for Interest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (bit, name) in NAMES {
            if self.0 & bit != 0 {
                write!(f, "{separator}{name}")?;
                separator = " | ";
            }
        }
        Ok(())
    }
}
