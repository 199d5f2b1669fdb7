//! The end: what nobody polls is dropped, the drivers are closed, and workers leave one by one.
//!
//! After [`Shared::start_shutdown`] each worker leaves its seat when its poll ends. The first to go drops the
//! futures of all tasks: one that is being polled is dropped by whoever polls it, when that poll ends. Once the
//! lists are empty the injector and the drivers are closed, by the last worker to leave, or, if some do not come back from
//! their polls soon, by the monitor. So what they wait for may be what ends by this: a channel whose other end a
//! dropped task held, a socket, a timer.
//!
//! | step | by whom | when |
//! |---|---|---|
//! | lists closed, futures dropped | the first worker that leaves; the last; the monitor | at once; when it leaves; after [`PATIENCE`] without progress |
//! | vacant seats closed | the monitor; who gives one up too late | at once |
//! | injector and drivers closed | the last to leave a seat, or the monitor | when it leaves; after [`PATIENCE`] without progress |
//! | homes closed | the last to leave a seat | when it leaves |
//!
//! All but the last step may be done more than once. A wake that comes later finds its task complete, or a closed queue
//! that drops the reference.

use std::task::Waker;
use std::time::{Duration, Instant};

use super::home::Home;
use super::monitor::Monitor;
use super::seat::Seat;
use super::shared::Shared;
use super::worker::Worker;
use crate::driver::wake_all;
use crate::primitive::sync::atomic::{Ordering, fence};

/// How long workers have to come back from their polls before sockets and timers end under them.
const PATIENCE: Duration = Duration::from_millis(10);

impl Shared {
    /// Asks all workers to leave; returns at once.
    pub(crate) fn start_shutdown(&self) {
        // Release: pairs with is_shutting_down(). Whoever lies down later sees the flag after its
        // fence or finds its token.
        self.shutting_down.store(true, Ordering::Release);
        self.bench.close();
        for seat in self.seats_in_use() {
            self.unpark(seat.index);
        }
        self.reporter.close();
        self.vigil.wake();
    }

    /// Counts a seat out that nobody will hold any more; the last one closes what is left.
    pub(super) fn seat_closed(&self) {
        if self.presence.leave() {
            self.drop_tasks();
            self.close_queue_and_drivers();
            self.homes().for_each(Home::close);
            self.vigil.wake();
        }
    }

    /// The first worker that leaves drops the tasks: two at the same lists, and at the allocator behind them, took
    /// twice as long. If it does not get on, the monitor does it, too.
    fn drop_tasks_if_first(&self) {
        if !self.dropping.swap(true, Ordering::Relaxed) {
            self.drop_tasks();
        }
    }

    /// Closes the live lists and drops every future that nobody polls. Several may do so at once.
    fn drop_tasks(&self) {
        self.homes().for_each(|home| home.live.close());
        for home in self.homes() {
            while let Some(task) = home.live.pop() {
                task.shutdown();
            }
        }
    }

    /// Sockets and timers that outlive the runtime get an error instead of silence.
    fn close_queue_and_drivers(&self) {
        self.inject.close();
        let mut woken: Vec<Waker> = Vec::new();
        for duty in self.duties.iter() {
            duty.poller.io().shutdown(&mut woken);
            duty.guests.shut_down(&mut woken);
        }
        for seat in self.seats.all_made() {
            seat.timers.shut_down(&mut woken);
        }
        wake_all(&mut woken);
    }

    /// Closes the seats whose threads block in place.
    fn close_vacant_seats(&self) {
        // SeqCst: the end against a seat that is given up; pairs with see_to_the_rest().
        fence(Ordering::SeqCst);
        for seat in self.seats_in_use() {
            self.close_if_vacant(seat);
        }
    }

    pub(super) fn close_if_vacant(&self, seat: &Seat) {
        if seat.occupancy.is_vacant() && seat.occupancy.take(&self.idle, seat.index).is_some() {
            // SAFETY: this thread has just taken the seat.
            drop_queued(seat, unsafe { seat.core() });
            seat.occupancy.close();
            self.seat_closed();
        }
    }
}

/// What is queued is still in a live list, which keeps it until its future is dropped.
fn drop_queued(seat: &Seat, core: &super::core::Core) {
    drop(seat.slot.take());
    while let Some(task) = core.deque.pop() {
        drop(task);
    }
}

impl Worker {
    /// The worker's own end: that of the runtime, or of a spare that is not needed.
    pub(super) fn leave(&self) {
        let shared = &self.shared;
        if self.core().searching.replace(false) && shared.idle.work_found(self.index()) {
            shared.notify();
        }
        if shared.is_shutting_down() {
            shared.drop_tasks_if_first();
            drop_queued(self.seat(), self.core());
            self.seat().occupancy.close();
            shared.seat_closed();
        } else {
            self.hand_in();
            // While it slept in a poll, others lay down elsewhere. It has fenced since.
            shared.call_to_duty();
            shared.bench.free(self.index(), shared);
            shared.seat_closed();
        }
    }

    /// Gives all tasks to the others.
    fn hand_in(&self) {
        self.shared.free_slot(self.seat());
        while let Some(task) = self.core().deque.pop() {
            self.shared.push(task);
        }
    }
}

impl Shared {
    /// Frees a vacant extra seat that is not needed any more, if its thread has not come back.
    pub(super) fn retire(&self, seat: &Seat) {
        let Some(awoken) = seat.occupancy.take(&self.idle, seat.index) else {
            return;
        };
        if awoken == super::idle::Awoken::Claimed && self.idle.work_found(seat.index) {
            self.notify();
        }
        self.free_slot(seat);
        // SAFETY: this thread has just taken the seat.
        let core = unsafe { seat.core() };
        while let Some(task) = core.deque.pop() {
            self.push(task);
        }
        self.bench.free(seat.index, self);
        self.seat_closed();
    }
}

impl Monitor {
    /// Sees the end through, for those that do not come back from their polls.
    pub(super) fn end(&self) {
        let mut deadline = Instant::now() + PATIENCE;
        let mut alive = usize::MAX;
        while !self.shared.presence.is_empty() {
            self.shared.close_vacant_seats();
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let before = std::mem::replace(&mut alive, self.shared.alive_tasks());
                if alive < before && self.shared.dropping.load(Ordering::Relaxed) {
                    // Somebody gets on with it.
                    deadline = Instant::now() + PATIENCE;
                    continue;
                }
                self.shared.drop_tasks();
                return self.shared.close_queue_and_drivers();
            }
            self.shared.vigil.nap(left);
        }
    }
}
