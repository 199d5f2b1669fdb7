//! The books behind their lock: the place where submitters and threads meet.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::state::{Fallback, Metrics, Offer, Rest, State};
use crate::primitive::sync::Mutex;
use crate::primitive::sync::atomic::{AtomicUsize, Ordering};
use crate::primitive::thread::{self, Thread};

/// A [`State`] for threads: each method is one of its steps, then the wake-ups that it asks for.
#[derive(Debug)]
pub(super) struct Desk<J> {
    state: Mutex<State<J, Thread>>,
    /// A copy of the queue's length, for those who search: looking costs no lock.
    backlog: AtomicUsize,
}

impl<J> Desk<J> {
    pub(super) fn new(max_threads: usize) -> Self {
        Desk {
            state: Mutex::new(State::new(max_threads)),
            backlog: AtomicUsize::new(0),
        }
    }

    pub(super) fn offer(&self, job: J) -> Offer<J, Thread> {
        self.step(|state| state.offer(job))
    }

    pub(super) fn thread_created(&self, job: J) -> Offer<J, Thread> {
        self.step(|state| state.thread_created(job))
    }

    pub(super) fn creation_failed(&self, job: J) -> Fallback<J, Thread> {
        self.step_that_may_end(|state| state.creation_failed(job))
    }

    pub(super) fn job_done(&self) -> Option<J> {
        self.step(State::job_done)
    }

    /// Takes a job if one seems to be there.
    pub(super) fn search(&self) -> Option<J> {
        // Relaxed: a hint; a stale answer costs a turn of the search, and the last look is locked.
        if self.backlog.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.step(State::take)
    }

    pub(super) fn fall_asleep(&self, id: u64) -> Rest<J> {
        let waker = thread::current();
        self.step(|state| state.fall_asleep(id, waker))
    }

    pub(super) fn rise(&self, id: u64) -> Rest<J> {
        self.step(|state| state.rise(id))
    }

    pub(super) fn time_out(&self, id: u64) -> Rest<J> {
        self.step(|state| state.time_out(id))
    }

    pub(super) fn departed(&self) {
        self.step_that_may_end(State::departed);
    }

    /// Closes the desk, wakes everyone, and hands out the jobs that nobody took, but for those that
    /// `must_run`. For these `start_thread` is called, if nobody is free to take them.
    pub(super) fn close(
        &self,
        must_run: impl Fn(&J) -> bool,
        start_thread: impl FnOnce() -> io::Result<()>,
    ) -> VecDeque<J> {
        let closing = self.step(|state| state.close(must_run));
        closing.sleepers.iter().for_each(Thread::unpark);
        if closing.thread_wanted && start_thread().is_err() {
            self.step_that_may_end(State::last_creation_failed);
        }
        closing.cancelled
    }

    /// Blocks until all threads have ended, or until the deadline; says whether they have.
    pub(super) fn wait(&self, timeout: Option<Duration>) -> bool {
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let me = thread::current();
            if self.step(|state| state.has_ended_or_tell(me)) {
                return true;
            }
            if !park_until(deadline) {
                return false;
            }
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        self.state.lock().metrics()
    }

    fn step<R>(&self, step: impl FnOnce(&mut State<J, Thread>) -> R) -> R {
        let mut state = self.state.lock();
        let answer = step(&mut state);
        // Relaxed: see search().
        self.backlog
            .store(state.metrics().queued, Ordering::Relaxed);
        answer
    }

    fn step_that_may_end<R>(&self, step: impl FnOnce(&mut State<J, Thread>) -> R) -> R {
        let (answer, waiters) = self.step(|state| (step(state), state.waiters()));
        waiters.iter().for_each(Thread::unpark);
        answer
    }
}

/// Parks until a wake-up, which may be spurious, or the deadline; says whether there was time left.
///
/// The deadline is one of the system's clock: a paused one does not keep threads.
pub(super) fn park_until(deadline: Option<Instant>) -> bool {
    let Some(deadline) = deadline else {
        thread::park();
        return true;
    };
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return false;
    }
    thread::park_timeout(left);
    true
}
