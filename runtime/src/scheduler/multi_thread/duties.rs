//! All duties of a scheduler, and how seats and descriptors are dealt out to them.

use std::io;
use std::ops::Index;

use super::duty::Duty;
use crate::driver::{Family, Reactor};
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::scheduler::Config;

/// So many workers have one reactor.
const WORKERS_PER_DUTY: usize = 8;

#[derive(Debug)]
pub(super) struct Duties {
    all: Box<[Duty]>,
    /// Where the next search for the least loaded reactor begins.
    next: AtomicUsize,
}

impl Duties {
    /// Duties for `workers` seats.
    ///
    /// # Errors
    ///
    /// A descriptor cannot be had.
    pub(super) fn new(workers: usize, config: &Config, family: &Family) -> io::Result<Self> {
        let count = workers.div_ceil(WORKERS_PER_DUTY);
        let duty = |index: usize| {
            let reactor = Reactor::new(config.max_io_events, config.max_busy_io_events)?;
            let members = (index..workers).step_by(count).collect();
            Ok(Duty::new(reactor, members, family))
        };
        Ok(Duties {
            all: (0..count).map(duty).collect::<io::Result<_>>()?,
            next: AtomicUsize::new(0),
        })
    }

    /// The duty that a seat's wheel goes with.
    pub(super) fn of_seat(&self, seat: usize) -> usize {
        seat % self.all.len()
    }

    /// The one whose reactor has the fewest descriptors.
    pub(super) fn least_loaded(&self) -> &Duty {
        let count = self.all.len();
        if count == 1 {
            return &self.all[0];
        }
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        let from_start = (0..count).map(|step| &self.all[start.wrapping_add(step) % count]);
        from_start
            .min_by_key(|duty| duty.descriptors())
            .expect("there is a duty")
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Duty> {
        self.all.iter()
    }

    /// Whether somebody sleeps in each poll.
    pub(super) fn are_all_manned(&self) -> bool {
        self.iter().all(Duty::is_manned)
    }
}

impl Index<usize> for Duties {
    type Output = Duty;

    fn index(&self, index: usize) -> &Duty {
        &self.all[index]
    }
}
