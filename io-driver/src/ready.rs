//! What the operating system has told about a source.

use std::fmt;
use std::ops;

use crate::Interest;

const READABLE: u8 = 1;
const WRITABLE: u8 = 1 << 1;
const READ_CLOSED: u8 = 1 << 2;
const WRITE_CLOSED: u8 = 1 << 3;
const PRIORITY: u8 = 1 << 4;
const ERROR: u8 = 1 << 5;

#[cfg(any(target_os = "linux", target_os = "android"))]
const ALL: u8 = READABLE | WRITABLE | READ_CLOSED | WRITE_CLOSED | PRIORITY | ERROR;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const ALL: u8 = READABLE | WRITABLE | READ_CLOSED | WRITE_CLOSED | ERROR;

/// A set of readiness flags.
///
/// A flag is a hint: the operation may still find that it would block. A flag that is not set is
/// certain, once the source has been registered for it: another event comes when this changes.
///
/// The closed flags are hints, too. The system reports an error that passes, such as a refused
/// datagram or a timestamp in the error queue, in the same way as a pipe that nobody reads.
///
/// # Examples
///
/// ```
/// use io_driver::Ready;
///
/// let ready = Ready::READABLE | Ready::READ_CLOSED;
/// assert!(ready.is_readable() && ready.is_read_closed());
/// assert!((ready - Ready::ALL).is_empty());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready(u8);

impl Ready {
    /// No readiness.
    pub const EMPTY: Ready = Ready(0);

    /// There is something to read.
    pub const READABLE: Ready = Ready(READABLE);

    /// There is room to write.
    pub const WRITABLE: Ready = Ready(WRITABLE);

    /// The end of the stream has been received. Stays set until a read would block even so.
    pub const READ_CLOSED: Ready = Ready(READ_CLOSED);

    /// Nothing can be written any more. Stays set until a write goes through, or would block.
    pub const WRITE_CLOSED: Ready = Ready(WRITE_CLOSED);

    /// There is out-of-band data.
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const PRIORITY: Ready = Ready(PRIORITY);

    /// The source has an error to report.
    pub const ERROR: Ready = Ready(ERROR);

    /// Every flag that this platform knows.
    pub const ALL: Ready = Ready(ALL);

    pub(crate) const CLOSED: Ready = Ready(READ_CLOSED | WRITE_CLOSED);

    /// Tells whether no flag is set.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::EMPTY.is_empty());
    /// assert!(!Ready::READABLE.is_empty());
    /// ```
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Tells whether a read would find data, the end of the stream or an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::READABLE.is_readable());
    /// assert!(Ready::READ_CLOSED.is_readable()); // a read finds the end at once
    /// ```
    pub const fn is_readable(self) -> bool {
        self.0 & (READABLE | READ_CLOSED) != 0
    }

    /// Tells whether a write would find room or an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::WRITABLE.is_writable());
    /// assert!(Ready::WRITE_CLOSED.is_writable()); // a write finds the error at once
    /// ```
    pub const fn is_writable(self) -> bool {
        self.0 & (WRITABLE | WRITE_CLOSED) != 0
    }

    /// Tells whether the end of the stream has been received.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::READ_CLOSED.is_read_closed());
    /// assert!(!Ready::READABLE.is_read_closed());
    /// ```
    pub const fn is_read_closed(self) -> bool {
        self.0 & READ_CLOSED != 0
    }

    /// Tells whether the write half is closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::WRITE_CLOSED.is_write_closed());
    /// assert!(!Ready::WRITABLE.is_write_closed());
    /// ```
    pub const fn is_write_closed(self) -> bool {
        self.0 & WRITE_CLOSED != 0
    }

    /// Tells whether there is out-of-band data.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::PRIORITY.is_priority());
    /// assert!(!Ready::READABLE.is_priority());
    /// ```
    #[cfg(any(target_os = "linux", target_os = "android"))]
    pub const fn is_priority(self) -> bool {
        self.0 & PRIORITY != 0
    }

    /// Tells whether the source has an error to report.
    ///
    /// # Examples
    ///
    /// ```
    /// use io_driver::Ready;
    ///
    /// assert!(Ready::ERROR.is_error());
    /// assert!(!Ready::READABLE.is_error());
    /// ```
    pub const fn is_error(self) -> bool {
        self.0 & ERROR != 0
    }

    /// What a waiter with this interest wants to hear of.
    pub(crate) const fn that_satisfies(interest: Interest) -> Ready {
        let mut bits = 0;
        if interest.is_readable() {
            bits |= READABLE | READ_CLOSED;
        }
        if interest.is_writable() {
            bits |= WRITABLE | WRITE_CLOSED;
        }
        if interest.is_error() {
            bits |= ERROR;
        }
        Ready(bits | priority_bits(interest))
    }

    pub(crate) fn from_mio(event: &mio::event::Event) -> Ready {
        let flag = |told: bool, bit: u8| if told { bit } else { 0 };
        let bits = flag(event.is_readable(), READABLE)
            | flag(event.is_writable(), WRITABLE)
            | flag(event.is_read_closed(), READ_CLOSED)
            | flag(event.is_write_closed(), WRITE_CLOSED)
            | flag(event.is_priority(), PRIORITY)
            | flag(event.is_error(), ERROR);
        Ready::from_bits(u64::from(bits))
    }

    pub(crate) const fn from_bits(bits: u64) -> Ready {
        Ready(bits as u8 & ALL)
    }

    pub(crate) const fn bits(self) -> u64 {
        self.0 as u64
    }

    pub(crate) const fn intersects(self, other: Ready) -> bool {
        self.0 & other.0 != 0
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
const fn priority_bits(interest: Interest) -> u8 {
    if interest.is_priority() {
        PRIORITY | READ_CLOSED
    } else {
        0
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
const fn priority_bits(_: Interest) -> u8 {
    0
}

impl ops::BitOr for Ready {
    type Output = Ready;

    fn bitor(self, other: Ready) -> Ready {
        Ready(self.0 | other.0)
    }
}

impl ops::BitOrAssign for Ready {
    fn bitor_assign(&mut self, other: Ready) {
        self.0 |= other.0;
    }
}

impl ops::BitAnd for Ready {
    type Output = Ready;

    fn bitand(self, other: Ready) -> Ready {
        Ready(self.0 & other.0)
    }
}

impl ops::Sub for Ready {
    type Output = Ready;

    fn sub(self, other: Ready) -> Ready {
        Ready(self.0 & !other.0)
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("is_readable", &self.is_readable())
            .field("is_writable", &self.is_writable())
            .field("is_read_closed", &self.is_read_closed())
            .field("is_write_closed", &self.is_write_closed())
            .field("is_priority", &(self.0 & PRIORITY != 0))
            .field("is_error", &self.is_error())
            .finish()
    }
}
