//! Ends a poll at a precise moment, by a timerfd among the polled descriptors.
//!
//! `epoll_wait` counts in milliseconds, so a wait of 200 us would take a whole one. Setting the
//! timerfd costs a system call, and most waits of a busy driver are ended by an event long before
//! their deadline. So an alarm that is set earlier than is needed now stays as it is: if it ever
//! rings, the turn finds that its deadline has not come and sets it anew. Deadlines mostly move
//! forward, so this happens once per deadline reached, not once per wait.
//!
//! A sandbox may refuse timerfds. The poll counts alone then, and waits last whole milliseconds.

mod timer_descriptor;

use std::io;
use std::os::fd::{AsFd, AsRawFd};
use std::time::{Duration, Instant};

use crate::refused::is_refusal;
use mio::event::Source;
use mio::unix::SourceFd;
use mio::{Interest, Registry, Token};
use timer_descriptor::TimerDescriptor;

/// From here on the poll's own timeout will do, if it is of whole milliseconds.
const LONG: Duration = Duration::from_millis(100);

/// An alarm so much too late still serves: a caller that computes the same deadline
/// again misses it by less.
const TOLERANCE: Duration = Duration::from_micros(10);

pub(crate) struct Alarm {
    /// `None` if the system refuses it.
    fd: Option<TimerDescriptor>,
    /// When it rings; `None` once it has.
    set_for: Option<Instant>,
}

impl Alarm {
    pub(crate) fn new(registry: &Registry, token: Token) -> io::Result<Alarm> {
        let fd = unless_refused(TimerDescriptor::new())?;
        if let Some(fd) = &fd {
            SourceFd(&fd.as_fd().as_raw_fd()).register(registry, token, Interest::READABLE)?;
        }
        Ok(Alarm { fd, set_for: None })
    }

    /// Returns the timeout for the poll that is to end at `deadline`, and sets the
    /// alarm if that takes one.
    pub(crate) fn set(&mut self, now: Instant, deadline: Instant) -> io::Result<Option<Duration>> {
        let remaining = deadline.saturating_duration_since(now);
        let is_for_the_poll = remaining >= LONG && remaining.subsec_nanos() % 1_000_000 == 0;
        if is_for_the_poll || self.fd.is_none() {
            return Ok(Some(remaining));
        }
        let too_late = |at: Instant| at.saturating_duration_since(deadline);
        let rings_by_then = self.set_for.is_some_and(|at| too_late(at) <= TOLERANCE);
        if !rings_by_then {
            if unless_refused(self.ring_after(remaining))?.is_none() {
                self.fd = None;
                return Ok(Some(remaining));
            }
            self.set_for = Some(deadline);
        }
        Ok(None)
    }

    /// The edge was seen. Nothing is read: setting the timer again resets its count, too.
    pub(crate) fn has_rung(&mut self) {
        self.set_for = None;
    }

    fn ring_after(&self, duration: Duration) -> io::Result<()> {
        match &self.fd {
            Some(fd) => fd.ring_after(duration),
            None => Ok(()),
        }
    }
}

fn unless_refused<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Err(error) if is_refusal(&error) => Ok(None),
        result => result.map(Some),
    }
}

#[cfg(all(test, not(runtime_loom)))]
#[path = "tests.rs"]
mod tests;
