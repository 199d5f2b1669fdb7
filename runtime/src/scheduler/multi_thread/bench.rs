//! The bench: threads that have no seat, and who is called to which.
//!
//! A thread works while it has a seat. Without one it waits here, for a while, to be called: to a seat that
//! was given up by a thread that blocks in place, or to an extra one, as a spare for a worker that is stuck.
//!
//! The lock of the bench decides who goes where. A call is on the list until a thread takes it, and there
//! is a thread for each call: one that waits, or one that has been started for it.
//!
//! | a seat | how a thread is called to it | what it finds |
//! |---|---|---|
//! | vacant | [`Bench::call_to`], by whoever wakes it; at most one call for a seat is on the list | perhaps that its former thread is back: it waits on |
//! | extra | [`Bench::call_spare`], which reserves it | the seat: it is nobody else's |
//!
//! *A call against the end of a wait.* A caller starts a thread only if fewer wait than there are calls. A
//! thread whose time is up looks once more, under the lock, and takes what is there.
//!
//! A thread that was away and has lost its seat will be here once its poll ends. It is counted on before another is
//! started, or one that blocks for a moment again and again would bring up two, of which one is always on the way
//! back. As that poll may last, the monitor looks at the next sample whether the call still waits.
//!
//! *A refused thread against a free one.* A caller that gets no thread takes its call back only if it is still
//! on the list; otherwise a thread came free meanwhile and has it.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::time::{Duration, Instant};

use super::idle::Awoken;
use super::shared::Shared;
use crate::primitive::sync::{Arc, Condvar, Mutex, MutexGuard};
use crate::util::latch::Latch;
use crate::util::thread_builder::{ThreadName, start, thread_builder};

/// How the threads are made, and how many there may be.
pub(crate) struct ThreadSettings {
    pub(crate) workers: usize,
    /// How many more than `workers` there may be.
    pub(crate) max_spares: usize,
    /// How long a thread without a seat stays.
    pub(crate) keep_alive: Duration,
    pub(crate) thread_name: ThreadName,
    pub(crate) spare_name: ThreadName,
    pub(crate) stack_size: Option<usize>,
}

impl fmt::Debug for ThreadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadSettings")
            .field("workers", &self.workers)
            .field("max_spares", &self.max_spares)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Bench {
    books: Mutex<Books>,
    called: Condvar,
    settings: ThreadSettings,
    /// Counts all threads of the scheduler.
    running: Arc<Latch>,
}

#[derive(Debug)]
struct Books {
    calls: VecDeque<Call>,
    waiting: usize,
    /// Threads that have lost their seat and will wait here once they are through with their poll.
    coming_back: usize,
    /// Calls that a thread has answered, wrapping.
    answered: u64,
    /// Threads that have or may get a seat, those that start included.
    threads: usize,
    /// Which extra seats are taken.
    taken: Vec<bool>,
    closed: bool,
}

/// Which seat a thread is to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    /// One that was vacant when the call was made.
    Vacant(usize),
    /// An extra one, reserved.
    Spare(usize),
}

/// What came of a call.
#[must_use]
#[derive(Debug)]
pub(super) enum Called {
    /// A thread is on its way.
    Coming,
    /// One that has lost its seat will take the call when its poll ends. If that takes long,
    /// [`Bench::hurry`] starts another.
    ComingBack,
    /// The runtime shuts down.
    Closed,
    /// There are as many threads as there may be.
    TooMany,
    /// The system gives no thread.
    NoThread(io::Error),
}

impl Bench {
    pub(super) fn new(settings: ThreadSettings, running: Arc<Latch>) -> Self {
        Bench {
            books: Mutex::new(Books {
                calls: VecDeque::new(),
                waiting: 0,
                coming_back: 0,
                answered: 0,
                threads: settings.workers,
                taken: vec![false; settings.max_spares],
                closed: false,
            }),
            called: Condvar::new(),
            settings,
            running,
        }
    }

    pub(super) fn most_threads(&self) -> usize {
        self.settings
            .workers
            .saturating_add(self.settings.max_spares)
    }

    /// Threads that there are, with or without a seat.
    pub(super) fn threads(&self) -> usize {
        self.books.lock().threads
    }

    /// Calls a thread to a seat that was vacant.
    pub(super) fn call_to(&self, seat: usize, shared: &Arc<Shared>) -> Called {
        let books = self.books.lock();
        // Another call may have brought somebody, who has taken this wake-up with the seat. A thread that is started all
        // the same stays for nothing.
        let has_come = !shared.seats.get(seat).occupancy.is_vacant();
        if has_come || books.calls.contains(&Call::Vacant(seat)) {
            return Called::Coming;
        }
        self.call(books, Call::Vacant(seat), shared)
    }

    /// Calls a thread to an extra seat.
    pub(super) fn call_spare(&self, shared: &Arc<Shared>) -> Called {
        let mut books = self.books.lock();
        let Some(extra) = books.taken.iter().position(|&taken| !taken) else {
            return Called::TooMany;
        };
        if books.closed || !shared.presence.enter() {
            return Called::Closed;
        }
        let index = self.settings.workers + extra;
        shared.seats.make(index, shared);
        let seat = shared.seats.get(index);
        let reserved = seat.occupancy.reserve();
        debug_assert!(reserved, "a free seat is taken under the lock of the bench");
        seat.welcome();
        books.taken[extra] = true;
        shared.idle.seat_taken(index);
        let called = self.call(books, Call::Spare(index), shared);
        match called {
            // Its call is on the list, or a thread has it.
            Called::Coming | Called::ComingBack => {}
            Called::Closed | Called::TooMany | Called::NoThread(_) => {
                self.free(index, shared);
                shared.seat_closed();
            }
        }
        called
    }

    fn call(&self, mut books: MutexGuard<'_, Books>, call: Call, shared: &Arc<Shared>) -> Called {
        if books.closed {
            return Called::Closed;
        }
        books.calls.push_back(call);
        if books.waiting >= books.calls.len() {
            drop(books);
            self.called.notify_one();
            return Called::Coming;
        }
        if books.waiting + books.coming_back >= books.calls.len() {
            return Called::ComingBack;
        }
        self.start_for(books, call, shared)
    }

    fn start_for(
        &self,
        mut books: MutexGuard<'_, Books>,
        call: Call,
        shared: &Arc<Shared>,
    ) -> Called {
        if books.threads >= self.most_threads() {
            // Whoever waits is called already.
            let taken_back = books.take_back(call);
            debug_assert!(taken_back, "it was put there under this lock");
            return Called::TooMany;
        }
        books.threads += 1;
        drop(books);
        match self.start_thread(shared) {
            Ok(()) => Called::Coming,
            Err(error) => self.could_not_start(call, error),
        }
    }

    /// For the monitor: how many calls have been answered, if one waits for a thread that comes back.
    pub(super) fn answered_while_one_waits(&self) -> Option<u64> {
        let books = self.books.lock();
        let waits = books.waiting < books.calls.len() && !books.closed;
        waits.then_some(books.answered)
    }

    /// For the monitor: starts a thread for a call that has waited for too long.
    pub(super) fn hurry(&self, shared: &Arc<Shared>) {
        let mut books = self.books.lock();
        let waits = books.waiting < books.calls.len() && !books.closed;
        if waits && books.threads < self.most_threads() {
            books.threads += 1;
            drop(books);
            if self.start_thread(shared).is_err() {
                self.books.lock().threads -= 1;
            }
        }
    }

    /// A thread has lost its seat and goes on with its poll.
    pub(super) fn comes_back(&self) {
        self.books.lock().coming_back += 1;
    }

    /// That thread blocks again.
    pub(super) fn has_come_back(&self) {
        self.books.lock().coming_back -= 1;
    }

    fn start_thread(&self, shared: &Arc<Shared>) -> io::Result<()> {
        let settings = &self.settings;
        let builder = thread_builder(&*settings.spare_name, "rt-spare", settings.stack_size);
        let shared = shared.clone();
        let ended = Latch::count_up(&self.running);
        let main = Box::new(move || {
            let _ended = ended;
            super::launch::live(&shared, None);
        });
        start(builder, main)?;
        Ok(())
    }

    fn could_not_start(&self, call: Call, error: io::Error) -> Called {
        let mut books = self.books.lock();
        books.threads -= 1;
        match books.take_back(call) {
            true => Called::NoThread(error),
            false => Called::Coming,
        }
    }

    /// For a thread without a seat, perhaps one that was expected back: waits for a call, and answers with the seat that
    /// it has now and how that was woken. `None` if it has waited long enough or the runtime ends; the thread is counted
    /// out then. Calls that were made before the end are still answered.
    ///
    /// A seat is taken under the lock: a thread that finds its former one back in it is never out of sight of those
    /// who call.
    pub(super) fn next_seat(
        &self,
        was_expected: bool,
        shared: &Shared,
    ) -> Option<(usize, Option<Awoken>)> {
        let deadline = Instant::now().checked_add(self.settings.keep_alive);
        let mut books = self.books.lock();
        books.coming_back -= usize::from(was_expected);
        loop {
            if let Some(call) = books.calls.pop_front() {
                books.answered += 1;
                match call {
                    Call::Spare(index) => return Some((index, None)),
                    Call::Vacant(index) => {
                        let occupancy = &shared.seats.get(index).occupancy;
                        if let Some(awoken) = occupancy.take(&shared.idle, index) {
                            return Some((index, Some(awoken)));
                        }
                    }
                }
            } else if books.closed || !self.wait(&mut books, deadline) && books.calls.is_empty() {
                books.threads -= 1;
                return None;
            }
        }
    }

    /// Waits to be called; `false` if the time is up.
    fn wait(&self, books: &mut MutexGuard<'_, Books>, deadline: Option<Instant>) -> bool {
        books.waiting += 1;
        let in_time = match deadline {
            Some(deadline) => !self.called.wait_until(books, deadline).timed_out(),
            None => {
                self.called.wait(books);
                true
            }
        };
        books.waiting -= 1;
        in_time
    }

    /// Lets an extra seat take no part any more; it has nothing in it.
    pub(super) fn free(&self, index: usize, shared: &Shared) {
        let mut books = self.books.lock();
        shared.seats.get(index).occupancy.free();
        books.taken[index - self.settings.workers] = false;
        let last = books.taken.iter().rposition(|&taken| taken);
        let extra_in_use = last.map_or(0, |last| last + 1);
        shared.idle.seat_left(self.settings.workers + extra_in_use);
    }

    /// Sends the threads on the bench home. Nobody is called any more.
    pub(super) fn close(&self) {
        self.books.lock().closed = true;
        self.called.notify_all();
    }
}

impl Books {
    /// Takes a call off the list, if it is still there.
    fn take_back(&mut self, call: Call) -> bool {
        let place = self.calls.iter().position(|&other| other == call);
        place.is_some_and(|place| self.calls.remove(place).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::without_threads;
    use super::Called;

    /// Who wanted it is served by whoever has taken it since.
    #[test]
    fn no_thread_is_started_for_a_seat_that_is_held() {
        let shared = without_threads(1, 2);
        assert!(shared.seats.get(0).occupancy.is_held());
        let called = shared.bench.call_to(0, &shared);
        assert!(matches!(called, Called::Coming), "{called:?}");
        assert_eq!(shared.bench.threads(), 1);
    }

    /// The thread that is on its way takes the seat, so nobody else may.
    #[test]
    fn a_spare_seat_waits_for_a_thread_that_comes_back() {
        let shared = without_threads(1, 2);
        shared.bench.comes_back();
        let called = shared.bench.call_spare(&shared);
        assert!(matches!(called, Called::ComingBack), "{called:?}");
        let (seat, _) = shared.bench.next_seat(true, &shared).expect("it is called");
        assert!(shared.seats.get(seat).occupancy.is_held());
        assert_eq!(shared.idle.taken(), 2);
        shared.bench.free(seat, &shared);
        shared.seat_closed();
        assert_eq!(shared.idle.taken(), 1);
        assert!(!shared.presence.is_empty());
    }
}
