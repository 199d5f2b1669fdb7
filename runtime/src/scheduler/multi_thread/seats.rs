//! The table of seats: those of the configured workers, and extra ones, made when they are first needed.

use super::core::Core;
use super::duties::Duties;
use super::home::Home;
use super::occupancy::Occupancy;
use super::seat::Seat;
use super::shared::Shared;
use crate::driver::{Family, Timers};
use crate::primitive::sync::{Arc, OnceLock, Weak};
use crate::scheduler::{Config, WorkerStats};

/// Extra seats are made so many at a time.
const SEATS_PER_ROW: usize = 16;

#[derive(Debug)]
pub(super) struct Seats {
    of_workers: Box<[Seat]>,
    /// Never moved or freed before the scheduler: tasks point into them.
    extra: Box<[OnceLock<Box<[Seat]>>]>,
    most_extra: usize,
}

impl Seats {
    pub(super) fn new(
        workers: usize,
        most_extra: usize,
        duties: &Duties,
        config: &Config,
        family: &Family,
        shared: &Weak<Shared>,
    ) -> Self {
        let seat = |index: usize| {
            let duty = duties.of_seat(index);
            let core = Core::new(index, duty, duties.len(), config);
            let timers = Timers::of_worker(duties[duty].poller.clone()).in_family(family);
            let home = Home::new(index, shared.clone());
            let stats = WorkerStats::new(config.poll_times.as_ref());
            let occupancy = Occupancy::held();
            Seat::new(index, core, stats, Arc::new(timers), home, occupancy)
        };
        Seats {
            of_workers: (0..workers).map(seat).collect(),
            extra: (0..most_extra.div_ceil(SEATS_PER_ROW))
                .map(|_| OnceLock::new())
                .collect(),
            most_extra,
        }
    }

    /// Seats of configured workers; those after them are extra.
    pub(super) fn workers(&self) -> usize {
        self.of_workers.len()
    }

    /// How many there can be.
    pub(super) fn most(&self) -> usize {
        self.workers() + self.most_extra
    }

    pub(super) fn is_extra(&self, index: usize) -> bool {
        index >= self.workers()
    }

    /// The seat, which has been made.
    #[inline]
    pub(super) fn get(&self, index: usize) -> &Seat {
        match self.of_workers.get(index) {
            Some(seat) => seat,
            None => self.extra_seat(index),
        }
    }

    #[cold]
    fn extra_seat(&self, index: usize) -> &Seat {
        let extra = index - self.workers();
        let row = self.extra[extra / SEATS_PER_ROW].get();
        &row.expect("a seat in use has been made")[extra % SEATS_PER_ROW]
    }

    /// Makes an extra seat if there has been none; callers take turns.
    pub(super) fn make(&self, index: usize, shared: &Arc<Shared>) {
        let row = (index - self.workers()) / SEATS_PER_ROW;
        self.extra[row].get_or_init(|| {
            let first = self.workers() + row * SEATS_PER_ROW;
            let seats = first..(first + SEATS_PER_ROW).min(self.most());
            seats.map(|index| new_extra(index, shared)).collect()
        });
    }

    /// All that have been made.
    pub(super) fn all_made(&self) -> impl Iterator<Item = &Seat> {
        let extra = self.extra.iter().filter_map(OnceLock::get);
        self.of_workers.iter().chain(extra.flatten())
    }
}

/// Its timers go to a wheel that it shares, so that it need not be looked after when it is free.
fn new_extra(index: usize, shared: &Arc<Shared>) -> Seat {
    let duties = &shared.duties;
    let duty = duties.of_seat(index);
    let core = Core::new(index, duty, duties.len(), &shared.config);
    let timers = duties[duty].guests.clone();
    let home = Home::new(index, Arc::downgrade(shared));
    home.open(shared);
    // Nobody asks what spares count.
    let stats = WorkerStats::new(None);
    Seat::new(index, core, stats, timers, home, Occupancy::free_seat())
}
