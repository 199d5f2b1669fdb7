//! The spare workers: seats that are empty until the monitor fills them.
//!
//! A worker that is stuck in a poll cannot give its deque to another thread. A spare takes a seat
//! of its own instead, with a deque of its own, and steals from the stuck one. When the stuck
//! worker comes back there is one worker too many; after a while a spare is asked to go. It hands
//! in what it has, leaves the seat, and its thread waits on the bench for the next call.
//!
//! The lock of the bench decides who gets a seat: `free` to `assigned` by [`Spares::call`],
//! `assigned` to a thread by `next_seat`, back to `free` by that thread. A thread is there for each
//! assigned seat: one that waits, or one that has been started for it.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::launch::Crew;
use super::shared::Shared;
use super::worker::Worker;
use crate::current;
use crate::primitive::sync::{Arc, Condvar, Mutex};
use crate::raw_task::Notified;
use crate::scheduler::queue::Deque;
use crate::scheduler::{Handle, context};
use crate::util::latch::Latch;
use crate::util::thread_builder::thread_builder;

/// How long a thread stays on the bench.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Spares {
    bench: Mutex<Bench>,
    called: Condvar,
    crew: Crew,
    /// Counts the threads, with the workers' own.
    running: Arc<Latch>,
}

#[derive(Debug)]
struct Bench {
    free: Vec<Seat>,
    assigned: VecDeque<Seat>,
    waiting: usize,
    closed: bool,
}

/// A place for a worker, and the deque that belongs to it.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) index: usize,
    pub(super) deque: Deque<Notified>,
}

/// What came of a call.
#[derive(Debug)]
pub(super) enum Called {
    /// A spare is on its way.
    Coming,
    /// Every seat of the group is taken, or the runtime shuts down.
    NoSeat,
    /// No thread can be had; the error is the system's.
    NoThread(io::Error),
}

impl Spares {
    pub(super) fn new(seats: Vec<Seat>, crew: Crew, running: Arc<Latch>) -> Self {
        Spares {
            bench: Mutex::new(Bench {
                free: seats,
                assigned: VecDeque::new(),
                waiting: 0,
                closed: false,
            }),
            called: Condvar::new(),
            crew,
            running,
        }
    }

    /// Puts a spare to work in a group.
    pub(super) fn call(&self, shared: &Arc<Shared>, group: usize) -> Called {
        let mut bench = self.bench.lock();
        let in_group = |seat: &Seat| shared.group_index(seat.index) == group;
        let Some(place) = bench.free.iter().position(in_group) else {
            return Called::NoSeat;
        };
        if bench.closed || !shared.presence.enter() {
            return Called::NoSeat;
        }
        let seat = bench.free.swap_remove(place);
        let index = seat.index;
        shared.seat_taken(index);
        bench.assigned.push_back(seat);
        let somebody_waits = bench.waiting >= bench.assigned.len();
        drop(bench);
        if somebody_waits {
            self.called.notify_one();
            return Called::Coming;
        }
        match self.start_thread(shared) {
            Ok(()) => Called::Coming,
            Err(error) => self.withdraw(shared, index, error),
        }
    }

    fn start_thread(&self, shared: &Arc<Shared>) -> io::Result<()> {
        let builder = thread_builder(&*self.crew.spare_name, "rt-spare", self.crew.stack_size);
        let shared = shared.clone();
        let ended = Latch::count_up(&self.running);
        builder.spawn(move || {
            let _ended = ended;
            serve(&shared);
        })?;
        Ok(())
    }

    /// Takes a call back for which there is no thread, unless one has come free meanwhile.
    fn withdraw(&self, shared: &Shared, index: usize, error: io::Error) -> Called {
        let mut bench = self.bench.lock();
        let Some(place) = bench.assigned.iter().position(|seat| seat.index == index) else {
            return Called::Coming;
        };
        let seat = bench
            .assigned
            .remove(place)
            .expect("its place was just found");
        bench.free.push(seat);
        drop(bench);
        shared.seat_left(index);
        shared.worker_left();
        Called::NoThread(error)
    }

    /// The next seat for a thread on the bench; `None` if it has waited long enough.
    fn next_seat(&self) -> Option<Seat> {
        let deadline = Instant::now() + KEEP_ALIVE;
        let mut bench = self.bench.lock();
        loop {
            if let Some(seat) = bench.assigned.pop_front() {
                return Some(seat);
            }
            if bench.closed {
                return None;
            }
            bench.waiting += 1;
            let waited = self.called.wait_until(&mut bench, deadline);
            bench.waiting -= 1;
            if waited.timed_out() && bench.assigned.is_empty() {
                return None;
            }
        }
    }

    fn give_back(&self, seat: Seat) {
        self.bench.lock().free.push(seat);
    }

    /// Sends the threads on the bench home, and lets no spare come any more.
    pub(super) fn close(&self) {
        self.bench.lock().closed = true;
        self.called.notify_all();
    }
}

/// The life of a spare's thread.
fn serve(shared: &Arc<Shared>) {
    let _context = context::enter(Handle::MultiThread(shared.clone()));
    let _driving = current::start_driving();
    shared.config.on_thread_start.call();
    while let Some(Seat { index, deque }) = shared.spares.next_seat() {
        let deque = Worker::new(shared.clone(), index, deque).run();
        shared.seat_left(index);
        shared.spares.give_back(Seat { index, deque });
        shared.worker_left();
    }
    shared.config.on_thread_stop.call();
}
