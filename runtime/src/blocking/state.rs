//! The books of the pool: who is there, what is queued, who must be woken. No threads, no locks.
//!
//! Every method is one step under the pool's lock and says, by what it returns, what its caller
//! must do after unlocking. The module's documentation has the states and the rules.

use std::collections::VecDeque;
use std::mem;

/// The books. `J` is a job, `W` is what wakes a thread.
#[derive(Debug)]
pub(super) struct State<J, W> {
    queue: VecDeque<J>,
    /// Threads that wait for a wake-up; the last to fall asleep is the first to be woken.
    sleepers: Vec<Sleeper<W>>,
    /// Those who wait until all threads have ended.
    waiters: Vec<W>,
    /// Threads that take jobs, or will once they have started.
    threads: usize,
    /// How many of `threads` start or search.
    awake: usize,
    /// How many of `awake` may fail to be created. For each, one submitter holds one job.
    unconfirmed: usize,
    /// Threads that take no more jobs and have not ended yet.
    departing: usize,
    max_threads: usize,
    closed: bool,
}

#[derive(Debug)]
struct Sleeper<W> {
    id: u64,
    waker: W,
}

/// What became of a job that was offered.
#[must_use]
#[derive(Debug)]
pub(super) enum Offer<J, W> {
    /// It is queued; wake this thread.
    Queued(Option<W>),
    /// Create a thread, then call [`State::thread_created`] or [`State::creation_failed`].
    ThreadWanted(J),
    /// The pool is shut down.
    Refused(J),
}

/// What becomes of a job for which no thread could be created.
#[must_use]
#[derive(Debug)]
pub(super) enum Fallback<J, W> {
    /// A thread that exists or is on its way will take it; wake this one.
    Queued(Option<W>),
    /// There is none. The jobs in `stranded` waited for others that could not be created either.
    NoThread { job: J, stranded: VecDeque<J> },
    /// The pool is shut down.
    Refused(J),
}

/// What is to be done about a pool that has been closed.
#[must_use]
#[derive(Debug)]
pub(super) struct Closing<J, W> {
    /// To be cancelled.
    pub(super) cancelled: VecDeque<J>,
    /// To be woken.
    pub(super) sleepers: Vec<W>,
    /// Create a thread; call [`State::last_creation_failed`] if that fails.
    pub(super) thread_wanted: bool,
}

/// What a thread with nothing to do does next.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rest<J> {
    Run(J),
    /// It was woken, but another thread took the job: search.
    Search,
    /// It is on the stack: wait for a wake-up.
    Sleep,
    /// It is counted out: end.
    Leave,
}

/// How many there are of each kind at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Metrics {
    /// Threads that take jobs, those that start included.
    pub(crate) threads: usize,
    /// How many of them run no job.
    pub(crate) idle: usize,
    /// Jobs that no thread has taken yet.
    pub(crate) queued: usize,
}

impl<J, W> State<J, W> {
    pub(super) fn new(max_threads: usize) -> Self {
        assert!(max_threads > 0, "a pool needs at least one thread");
        State {
            queue: VecDeque::new(),
            sleepers: Vec::new(),
            waiters: Vec::new(),
            threads: 0,
            awake: 0,
            unconfirmed: 0,
            departing: 0,
            max_threads,
            closed: false,
        }
    }

    /// A job arrives: from outside, or again after [`Offer::ThreadWanted`].
    pub(super) fn offer(&mut self, job: J) -> Offer<J, W> {
        if self.closed {
            return Offer::Refused(job);
        }
        if self.demand() >= self.idle() && self.threads < self.max_threads {
            self.threads += 1;
            self.awake += 1;
            self.unconfirmed += 1;
            return Offer::ThreadWanted(job);
        }
        Offer::Queued(self.push(job))
    }

    /// The thread exists. Where an earlier creation failed there may be more to catch up with, so
    /// the answer can be another [`Offer::ThreadWanted`].
    pub(super) fn thread_created(&mut self, job: J) -> Offer<J, W> {
        self.unconfirmed -= 1;
        self.offer(job)
    }

    /// The thread could not be created.
    pub(super) fn creation_failed(&mut self, job: J) -> Fallback<J, W> {
        self.unconfirmed -= 1;
        self.awake -= 1;
        self.threads -= 1;
        if self.closed && (self.threads > 0 || self.queue.is_empty()) {
            return Fallback::Refused(job);
        }
        if self.threads > 0 {
            return Fallback::Queued(self.push(job));
        }
        let stranded = mem::take(&mut self.queue);
        Fallback::NoThread { job, stranded }
    }

    fn push(&mut self, job: J) -> Option<W> {
        self.queue.push_back(job);
        if self.demand() <= self.awake {
            return None;
        }
        let sleeper = self.sleepers.pop()?;
        self.awake += 1;
        Some(sleeper.waker)
    }

    /// A thread that ran a job takes the next one, or begins to search.
    pub(super) fn job_done(&mut self) -> Option<J> {
        let job = self.queue.pop_front();
        if job.is_none() {
            self.awake += 1;
        }
        job
    }

    /// A thread that starts or searches takes a job.
    pub(super) fn take(&mut self) -> Option<J> {
        let job = self.queue.pop_front()?;
        self.awake -= 1;
        Some(job)
    }

    /// A thread has searched for long enough. Never answers [`Rest::Search`].
    pub(super) fn fall_asleep(&mut self, id: u64, waker: W) -> Rest<J> {
        if let Some(job) = self.take() {
            return Rest::Run(job);
        }
        self.awake -= 1;
        if self.closed {
            self.count_out();
            return Rest::Leave;
        }
        self.sleepers.push(Sleeper { id, waker });
        Rest::Sleep
    }

    /// A sleeping thread opens its eyes, for whatever reason.
    pub(super) fn rise(&mut self, id: u64) -> Rest<J> {
        if self.seat_of(id).is_some() {
            return Rest::Sleep;
        }
        self.take().map_or(Rest::Search, Rest::Run)
    }

    /// A sleeping thread has waited for the keep-alive time. Once it is claimed it may not leave.
    pub(super) fn time_out(&mut self, id: u64) -> Rest<J> {
        let Some(seat) = self.seat_of(id) else {
            return self.rise(id);
        };
        self.sleepers.remove(seat);
        self.count_out();
        Rest::Leave
    }

    /// A thread that was told to leave has nothing more to do.
    pub(super) fn departed(&mut self) {
        self.departing -= 1;
    }

    /// Ends the pool. What `must_run` stays in the queue, and threads take it before they leave. If all
    /// of them run jobs, one of which may wait for just that, one more thread is wanted, whatever the
    /// limit: it makes what is queued one by one.
    pub(super) fn close(&mut self, must_run: impl Fn(&J) -> bool) -> Closing<J, W> {
        self.closed = true;
        let sure = self.queue.iter().filter(|job| must_run(job)).count();
        let mut on_their_way = (self.awake - self.unconfirmed).saturating_sub(sure);
        let stays = |job: &J| {
            must_run(job) || {
                let has_thread = on_their_way > 0;
                on_their_way -= usize::from(has_thread);
                has_thread
            }
        };
        let (staying, cancelled) = mem::take(&mut self.queue).into_iter().partition(stays);
        self.queue = staying;
        let sleepers = mem::take(&mut self.sleepers);
        self.awake += sleepers.len();
        let thread_wanted = !self.queue.is_empty() && self.awake == 0;
        if thread_wanted {
            self.threads += 1;
            self.awake += 1;
        }
        Closing {
            cancelled,
            sleepers: sleepers.into_iter().map(|sleeper| sleeper.waker).collect(),
            thread_wanted,
        }
    }

    /// The thread that [`close`](Self::close) wanted could not be created. Those that were busy then take
    /// what is queued when they are not.
    pub(super) fn last_creation_failed(&mut self) {
        self.awake -= 1;
        self.threads -= 1;
    }

    /// Whether all threads have ended; if not, `waker` is woken when they have.
    pub(super) fn has_ended_or_tell(&mut self, waker: W) -> bool {
        let ended = self.threads + self.departing == 0;
        if !ended {
            self.waiters.push(waker);
        }
        ended
    }

    /// Those to be told, if all threads have ended.
    pub(super) fn waiters(&mut self) -> Vec<W> {
        match self.threads + self.departing {
            0 => mem::take(&mut self.waiters),
            _ => Vec::new(),
        }
    }

    pub(super) fn metrics(&self) -> Metrics {
        Metrics {
            threads: self.threads,
            idle: self.idle(),
            queued: self.queue.len(),
        }
    }

    /// Jobs that need a thread each, those in the hands of submitters included.
    fn demand(&self) -> usize {
        self.queue.len() + self.unconfirmed
    }

    fn idle(&self) -> usize {
        self.awake + self.sleepers.len()
    }

    fn count_out(&mut self) {
        self.threads -= 1;
        self.departing += 1;
    }

    fn seat_of(&self, id: u64) -> Option<usize> {
        self.sleepers.iter().rposition(|sleeper| sleeper.id == id)
    }
}
