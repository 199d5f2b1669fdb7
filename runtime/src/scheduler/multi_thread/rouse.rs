//! How those who sleep are woken: for a task, or to take a duty.
//!
//! A seat that sleeps without a thread is woken by calling one. If none can be had the seat goes back
//! to sleep, and the monitor is told to try again.

use super::bench::Called;
use super::duty::GRACE_NS;
use super::occupancy::GivenUp;
use super::park::Rouse;
use super::seat::Seat;
use super::shared::Shared;
use crate::primitive::sync::atomic::Ordering;

impl Shared {
    /// As [`notify`](Self::notify), for a caller that has fenced since its push.
    pub(super) fn wake_one(&self) {
        if let Some(seat) = self.idle.claim_sleeper() {
            self.unpark(seat);
        }
    }

    pub(super) fn unpark(&self, index: usize) {
        // A fork has no worker to wake, and would wake the parent's.
        if !self.config.origin.is_here() {
            return;
        }
        let seat = self.seats.get(index);
        match seat.occupancy.sleeper.unpark() {
            Rouse::Nothing => {}
            Rouse::EndPoll => self.duties[seat.sleeps_in()].poller.io().unpark(),
            Rouse::CallThread => self.call_thread_to(index),
        }
    }

    /// Calls a thread to a vacant seat.
    #[cold]
    pub(super) fn call_thread_to(&self, index: usize) {
        let seat = self.seats.get(index);
        loop {
            let called = self.bench.call_to(index, &self.counted());
            if self.has_come(called) {
                return;
            }
            // It may be called again just now, by somebody who relies on it.
            if seat.occupancy.undo_call(&self.idle, index) != Some(GivenUp::Called) {
                return;
            }
        }
    }

    /// As [`call_thread_to`](Self::call_thread_to), for a seat that was vacant a moment ago.
    pub(super) fn call_to_vacant(&self, index: usize) {
        if self.seats.get(index).occupancy.is_vacant() {
            self.call_thread_to(index);
        }
    }

    /// Calls a spare; whether one comes.
    pub(super) fn call_spare(&self) -> bool {
        let called = self.bench.call_spare(&self.counted());
        self.has_come(called)
    }

    /// Whether a call was heard; if not, it is told, and the monitor will try again.
    fn has_come(&self, called: Called) -> bool {
        match called {
            Called::Coming => return true,
            Called::ComingBack => {
                self.want_thread();
                return true;
            }
            Called::Closed => return false,
            Called::TooMany => self.tally.too_many_threads(self.bench.most_threads()),
            Called::NoThread(error) => self.tally.no_thread(&error),
        }
        self.want_thread();
        false
    }

    /// Has the monitor look after it soon.
    fn want_thread(&self) {
        if self.shortage.tell() {
            self.vigil.wake();
        }
    }

    /// Wakes one that sleeps on its parker to take a duty; whether there is one.
    pub(super) fn call_parked_to_duty(&self) -> bool {
        let parked = self.idle.find_parked();
        if let Some(seat) = parked {
            self.unpark(seat);
        }
        parked.is_some()
    }

    /// Wakes somebody to take a duty, if need be by calling a thread to a vacant seat.
    pub(super) fn call_to_duty(&self) {
        if self.call_parked_to_duty() {
            return;
        }
        if let Some(seat) = self.idle.find_vacant() {
            self.unpark(seat);
        }
    }

    /// For one that has announced its sleep, and fenced: calls somebody to each duty that is deserted (`manning.rs`).
    pub(super) fn man_duties(&self) {
        for duty in self.duties.iter() {
            if duty.manning.is_deserted(&self.idle) {
                self.call_to_duty();
            }
        }
    }

    /// Lets the worker in the poll see to the timers of one that does not.
    pub(super) fn hand_over_timers(&self, seat: &Seat) {
        let due = seat.timers.next_due();
        let duty = &self.duties[self.duties.of_seat(seat.index)];
        duty.poller.wake_before(due.saturating_add(GRACE_NS));
    }

    /// Makes all workers turn to timers and sockets after their present poll.
    pub(super) fn beat(&self) {
        let next = self.beat.load(Ordering::Relaxed).wrapping_add(1);
        self.beat.store(next, Ordering::Relaxed);
    }
}
