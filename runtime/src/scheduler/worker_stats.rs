//! What each worker counts: plain stores by its owner, read by anybody at any time.

use std::thread::{self, ThreadId};

use super::histogram::{PollTimes, Scale};
use crate::primitive::sync::BriefLock;
use crate::primitive::sync::atomic::{AtomicU64, Ordering};

/// What one poll takes of the weight of the past in the moving average.
const MEMORY: f64 = 0.9;

/// A counter that one thread writes at a time.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// For the owner alone: no read-modify-write.
    pub(super) fn add(&self, count: u64) {
        self.set(self.get() + count);
    }

    fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The counters of one worker, or of the threads that drive a runtime of one thread. They are brought up to date every
/// few dozen polls and before sleep.
#[derive(Debug)]
pub(crate) struct WorkerStats {
    /// Polls of tasks.
    pub(crate) polls: Counter,
    /// How long a poll takes, with what lies between two: a moving average in nanoseconds.
    pub(crate) mean_poll_ns: Counter,
    /// Tasks that its own thread has put into its queue.
    pub(crate) local_schedules: Counter,
    /// Tasks that it has taken out of the queues of others.
    pub(crate) stolen_tasks: Counter,
    /// How often it has done so.
    pub(crate) steals: Counter,
    /// Times it went to sleep.
    pub(crate) parks: Counter,
    /// Times it got up from that.
    pub(crate) unparks: Counter,
    /// Times it got up and went to sleep again without a poll.
    pub(crate) noops: Counter,
    /// Its polls when it last got up.
    polls_when_up: Counter,
    /// Operations that the coop budget stopped.
    pub(crate) forced_yields: Counter,
    /// Nanoseconds spent awake.
    pub(crate) busy_ns: Counter,
    /// How long its polls take, if that is asked for.
    poll_times: Option<PollTimes>,
    /// Who owns it, or did last.
    thread: BriefLock<Option<ThreadId>>,
}

/// What came to pass in a stretch of work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) polls: u32,
    pub(super) local_schedules: u32,
    pub(super) forced_yields: u64,
    pub(super) busy_ns: u64,
}

impl WorkerStats {
    /// Sorts polls by `poll_times`, if that is given.
    pub(super) fn new(poll_times: Option<&Scale>) -> Self {
        WorkerStats {
            polls: Counter::default(),
            mean_poll_ns: Counter::default(),
            local_schedules: Counter::default(),
            stolen_tasks: Counter::default(),
            steals: Counter::default(),
            parks: Counter::default(),
            unparks: Counter::default(),
            noops: Counter::default(),
            polls_when_up: Counter::default(),
            forced_yields: Counter::default(),
            busy_ns: Counter::default(),
            poll_times: poll_times.cloned().map(PollTimes::new),
            thread: BriefLock::new(None),
        }
    }

    /// For the thread that becomes the owner.
    pub(super) fn bind(&self) {
        *self.thread.lock() = Some(thread::current().id());
    }

    /// Runs `poll`, whose time is counted if that is asked for.
    #[inline]
    pub(super) fn time_poll(&self, poll: impl FnOnce()) {
        match &self.poll_times {
            None => poll(),
            Some(times) => times.measure(poll),
        }
    }

    /// How many polls have taken a time of this bucket; 0 if that is not counted.
    pub(crate) fn polls_in(&self, bucket: usize) -> u64 {
        self.poll_times
            .as_ref()
            .map_or(0, |times| times.count(bucket))
    }

    /// For the owner, as all that follow.
    pub(super) fn count_stretch(&self, stretch: Stretch) {
        self.polls.add(u64::from(stretch.polls));
        self.local_schedules.add(u64::from(stretch.local_schedules));
        self.forced_yields.add(stretch.forced_yields);
        self.busy_ns.add(stretch.busy_ns);
        if stretch.polls > 0 {
            let mean = self.mean_poll_ns.get();
            self.mean_poll_ns.set(average(mean, stretch));
        }
    }

    pub(super) fn count_park(&self) {
        if self.unparks.get() > 0 && self.polls.get() == self.polls_when_up.get() {
            self.noops.add(1);
        }
        self.parks.add(1);
    }

    pub(super) fn count_unpark(&self) {
        self.unparks.add(1);
        self.polls_when_up.set(self.polls.get());
    }

    /// The tasks of one steal.
    pub(super) fn count_steal(&self, tasks: usize) {
        self.steals.add(1);
        self.stolen_tasks.add(tasks as u64);
    }

    /// Not for a fork, where the lock may be held by a thread that is not there.
    pub(crate) fn thread(&self) -> Option<ThreadId> {
        *self.thread.lock()
    }
}

/// Moves `mean`, which is 0 as long as nothing is known, towards that of `stretch`.
fn average(mean: u64, stretch: Stretch) -> u64 {
    let new = stretch.busy_ns / u64::from(stretch.polls);
    if mean == 0 {
        return new;
    }
    let past = MEMORY.powi(stretch.polls.min(1_000) as i32);
    (mean as f64 * past + new as f64 * (1.0 - past)) as u64
}

#[cfg(test)]
mod tests {
    use super::{Stretch, average};

    fn stretch(polls: u32, busy_ns: u64) -> Stretch {
        Stretch {
            polls,
            local_schedules: 0,
            forced_yields: 0,
            busy_ns,
        }
    }

    #[test]
    fn the_more_polls_the_more_they_count() {
        assert_eq!(average(0, stretch(2, 200)), 100);
        assert_eq!(average(1_000, stretch(1, 0)), 900);
        assert_eq!(average(1_000, stretch(10, 0)), 348);
        assert_eq!(average(1_000, stretch(u32::MAX, 0)), 0);
    }
}
