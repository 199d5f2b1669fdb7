//! Ends a poll by the poll's own timeout: kqueue's counts in nanoseconds.

use std::io;
use std::time::{Duration, Instant};

use mio::{Registry, Token};

/// Far from what any kernel refuses as too long; the turn polls again if its deadline is later.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

pub(crate) struct Alarm;

impl Alarm {
    pub(crate) fn new(_: &Registry, _: Token) -> io::Result<Alarm> {
        Ok(Alarm)
    }

    /// Returns the timeout for the poll that is to end at `deadline`.
    pub(crate) fn set(&mut self, now: Instant, deadline: Instant) -> io::Result<Option<Duration>> {
        Ok(Some(deadline.saturating_duration_since(now).min(LONGEST)))
    }

    pub(crate) fn has_rung(&mut self) {}
}
