//! A reading of a registration's readiness, dated by its tick.

use crate::{Interest, Ready};

/// Readiness as it was at one moment.
///
/// Handed out by [`Registration::poll_ready`](crate::Registration::poll_ready) and
/// [`Registration::ready`](crate::Registration::ready), and given back to
/// [`Registration::clear_readiness`](crate::Registration::clear_readiness) when the
/// source turned out not to be ready. The date in it keeps the clearing from wiping out
/// an event that came in between.
///
/// # Examples
///
/// ```
/// use io_driver::{Direction, Driver, FdSource, Interest, ReadyEvent};
/// # use std::{io::Write, os::unix::net::UnixStream};
/// use std::task::{Context, Poll, Waker};
///
/// # fn main() -> std::io::Result<()> {
/// # let mut driver = Driver::new(16)?;
/// # let (ours, mut peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let mut ours = FdSource::new(ours);
/// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
/// # peer.write_all(b"hello")?;
/// # driver.turn(None, &mut Vec::new())?;
/// # let mut context = Context::from_waker(Waker::noop());
/// if let Poll::Ready(event) = registration.poll_ready(&mut context, Direction::Read) {
///     let event: ReadyEvent = event?;
///     assert!(event.ready().is_readable());
///     registration.clear_readiness(event); // if a read would block even so
/// }
/// assert!(!registration.readiness().is_readable());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "an operation should follow, and `clear_readiness` if it would block"]
pub struct ReadyEvent {
    pub(crate) tick: u64,
    pub(crate) ready: Ready,
    /// The flags that were asked about.
    pub(crate) asked: Ready,
}

impl ReadyEvent {
    /// Returns the flags that were set, of those that were asked about.
    ///
    /// # Examples
    ///
    /// ```
    /// # use io_driver::{Direction, Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    /// # use std::task::{Context, Poll, Waker};
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
    /// # peer.write_all(b"hello")?;
    /// # driver.turn(None, &mut Vec::new())?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// if let Poll::Ready(event) = registration.poll_ready(&mut context, Direction::Read) {
    ///     assert!(event?.ready().is_readable());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub const fn ready(&self) -> Ready {
        self.ready
    }

    /// Returns the same event narrowed to the flags in `ready`, for clearing only these.
    ///
    /// # Examples
    ///
    /// ```
    /// # use io_driver::{Driver, FdSource, Interest};
    /// # use std::{io::Write, os::unix::net::UnixStream};
    /// # use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
    /// use io_driver::Ready;
    ///
    /// # fn main() -> std::io::Result<()> {
    /// # let mut driver = Driver::new(16)?;
    /// # let (ours, mut peer) = UnixStream::pair()?;
    /// # ours.set_nonblocking(true)?;
    /// # let mut ours = FdSource::new(ours);
    /// # let both = Interest::READABLE | Interest::WRITABLE;
    /// # let registration = driver.handle().register(&mut ours, both)?;
    /// # peer.write_all(b"hello")?;
    /// # driver.turn(None, &mut Vec::new())?;
    /// # let mut context = Context::from_waker(Waker::noop());
    /// if let Poll::Ready(event) = pin!(registration.ready(both)).poll(&mut context) {
    ///     registration.clear_readiness(event?.only(Ready::READABLE)); // a read would block
    /// }
    /// assert_eq!(registration.readiness(), Ready::WRITABLE);
    /// # Ok(())
    /// # }
    /// ```
    pub fn only(self, ready: Ready) -> ReadyEvent {
        ReadyEvent {
            tick: self.tick,
            ready: self.ready & ready,
            asked: self.asked & ready,
        }
    }

    /// The flags that are proven stale by an operation that would have blocked.
    ///
    /// An end only if one direction was asked about: which one has blocked is not known otherwise.
    /// An error only if nothing else was: a read that blocks says nothing of an error queue.
    pub(crate) fn refuted(self) -> Ready {
        let mut refuted = self.ready;
        if !self.is_of_one_direction() {
            refuted = refuted - Ready::CLOSED;
        }
        if self.asked != Ready::ERROR {
            refuted = refuted - Ready::ERROR;
        }
        refuted
    }

    /// The flags that go when somebody says that they are used up.
    ///
    /// An end goes last, when nothing else was told: whoever has only read all there was, and not
    /// been refused, finds it at the next attempt.
    pub(crate) fn used_up(self) -> Ready {
        match self.ready - Ready::CLOSED {
            Ready::EMPTY if self.is_of_one_direction() => self.ready,
            passing => passing,
        }
    }

    fn is_of_one_direction(self) -> bool {
        let asked = self.asked - Ready::ERROR;
        [Direction::Read, Direction::Write]
            .iter()
            .any(|direction| (asked - direction.mask()).is_empty())
    }
}

/// One of the two directions that have a waiter's slot of their own.
///
/// # Examples
///
/// ```
/// use io_driver::{Direction, Driver, FdSource, Interest};
/// # use std::os::unix::net::UnixStream;
/// use std::task::{Context, Waker};
///
/// # fn main() -> std::io::Result<()> {
/// # let mut driver = Driver::new(16)?;
/// # let (ours, _peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let mut ours = FdSource::new(ours);
/// # let both = Interest::READABLE | Interest::WRITABLE;
/// # let registration = driver.handle().register(&mut ours, both)?;
/// # driver.turn(None, &mut Vec::new())?;
/// let mut context = Context::from_waker(Waker::noop());
/// assert!(registration.poll_ready(&mut context, Direction::Write).is_ready());
/// assert!(registration.poll_ready(&mut context, Direction::Read).is_pending());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Reading, accepting, receiving.
    Read,
    /// Writing, connecting, sending.
    Write,
}

impl Direction {
    pub(crate) const fn mask(self) -> Ready {
        match self {
            Direction::Read => Ready::that_satisfies(Interest::READABLE),
            Direction::Write => Ready::that_satisfies(Interest::WRITABLE),
        }
    }
}
