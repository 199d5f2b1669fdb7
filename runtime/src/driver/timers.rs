//! A wheel behind a lock: one for each worker, and one that a runtime's other threads share.
//!
//! # Roles
//!
//! The *owner* of a [`Timer`] polls, resets and drops it. Whoever *fires* takes what is due out of
//! a wheel: mostly the worker that the wheel belongs to, but any thread may, so that the timers of
//! a stuck worker ring. A timer remembers the [`Timers`] it is in, its home, and each of these
//! locks that one; a wheel knows its timers by pointer.
//!
//! # States
//!
//! | state | in the wheel | holds a waker | who leaves it |
//! |---|---|---|---|
//! | `IDLE` | no | no | the owner |
//! | `ARMED` | yes | yes | the owner or who fires, under the lock |
//! | `FIRED` | no | no | the owner |
//! | `SHUT_DOWN` | no | no | the owner |
//!
//! # Races
//!
//! *Fire against cancel, reset and drop.* Both sides need the lock to leave `ARMED`, and look at
//! the state under it: the first wins, the other finds the timer gone. A reset to the past is a
//! cancel whose waker is woken. Who fires unlinks the timer,
//! reads its waker and stores `FIRED` (Release) as its last access; an owner that sees `FIRED`
//! (Acquire), with or without the lock, has the timer to itself again and may free it.
//!
//! *Fire against a poll with another waker.* The owner replaces the waker under the lock and only
//! if the timer is still armed, so that the waker of the last poll that answered `Pending` is the
//! one that is woken. Who fires copies the waker's bits out and never writes to its place. That
//! lets the owner compare wakers without the lock: while `ARMED` is seen, what it wrote itself is
//! still there. If the timer fires during the comparison, the waker that is woken is the same one,
//! and the task is polled again.
//!
//! *A timer set from elsewhere against a thread about to sleep.* The setter lowers `next_due`, then
//! looks until when the runtime sleeps; the sleeper publishes that, then reads `next_due`. With a
//! SeqCst fence between the two steps of each, at least one of them sees the other.
//!
//! A waker's clone, wake and drop are user code. None runs under the lock: fired wakers are handed
//! to the caller, replaced and cancelled ones leave the lock before they are dropped.
//!
//! # In a fork
//!
//! The lock may be held for ever, by a thread that the child does not have, and the wheel be half changed. So
//! in the child of a `fork` neither is touched again: a poll panics, nothing fires, and an armed timer may be
//! freed though the wheel still points to it. Its waker is leaked.

mod timer;

#[cfg(all(test, runtime_loom))]
mod loom_models;
#[cfg(test)]
mod probe;
#[cfg(all(test, not(runtime_loom)))]
mod tests;

use std::fmt;
use std::task::Waker;

use crossbeam_utils::CachePadded;

use crate::current::Origin;
use crate::primitive::sync::atomic::{AtomicU64, Ordering, fence};
use crate::primitive::sync::{Arc, Mutex, MutexGuard};
use crate::timer::Wheel;

use timer::TimerEnd;
pub(crate) use timer::{ShutDown, Timer};

/// What a runtime does when a thread that does not own a wheel puts the earliest timer into it.
pub(crate) trait Unpark: Send + Sync {
    /// Sees to it that somebody fires the timer at `deadline_ns`: wakes a thread that would sleep
    /// longer.
    ///
    /// Called outside the lock, after a SeqCst fence: it finds the published end of a sleep, or the
    /// sleeper finds the timer.
    fn timer_became_earliest(&self, deadline_ns: u64);
}

impl<U: Unpark> Unpark for Arc<U> {
    fn timer_became_earliest(&self, deadline_ns: u64) {
        U::timer_became_earliest(self, deadline_ns);
    }
}

/// Timers that wait, with the time when the first of them is due.
pub(crate) struct Timers {
    waiting: Mutex<Waiting>,
    /// When to call `fire_due`, in nanoseconds since the clock's anchor; [`NEVER`] if nothing
    /// waits. May be too early after a cancel, never too late. Written under the lock. On a line of
    /// its own, since other workers read it.
    next_due: CachePadded<AtomicU64>,
    unpark: Box<dyn Unpark>,
    sharing: Sharing,
    family: Family,
    origin: Origin,
}

/// The wheels of one runtime: a timer may move from one to another.
#[derive(Clone, Debug, Default)]
pub(crate) struct Family(Arc<()>);

/// Who sets timers in a wheel as his own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sharing {
    /// One worker: it reads `next_due` before it sleeps and need not be told.
    Worker,
    /// Any thread.
    Anyone,
}

/// What the lock guards, and with it the timers in the wheel.
#[derive(Debug)]
struct Waiting {
    wheel: Wheel,
    is_shut_down: bool,
}

const NEVER: u64 = u64::MAX;

impl Timers {
    /// The timers of threads that share them: each one that becomes the earliest is announced.
    pub(crate) fn new(unpark: impl Unpark + 'static) -> Self {
        Timers::with_sharing(unpark, Sharing::Anyone)
    }

    /// The timers of one worker: those that it sets itself are not announced.
    pub(crate) fn of_worker(unpark: impl Unpark + 'static) -> Self {
        Timers::with_sharing(unpark, Sharing::Worker)
    }

    fn with_sharing(unpark: impl Unpark + 'static, sharing: Sharing) -> Self {
        let waiting = Waiting {
            // Any clock starts at zero; one that is ahead must not pull the wheel with it.
            wheel: Wheel::new(0),
            is_shut_down: false,
        };
        Timers {
            waiting: Mutex::new(waiting),
            next_due: CachePadded::new(AtomicU64::new(NEVER)),
            unpark: Box::new(unpark),
            sharing,
            family: Family::default(),
            origin: Origin::here(),
        }
    }

    /// Makes it one of a family of wheels; before that it is alone.
    #[cfg(not(runtime_loom))]
    pub(crate) fn in_family(self, family: &Family) -> Self {
        let family = family.clone();
        Timers { family, ..self }
    }

    /// Whether a timer of one may move to the other.
    #[cfg(not(runtime_loom))]
    pub(crate) fn is_relative_of(&self, other: &Timers) -> bool {
        Arc::ptr_eq(&self.family.0, &other.family.0)
    }

    /// When the first timer is due: perhaps too early, never too late; `u64::MAX` if none waits.
    ///
    /// A thread that sleeps by this publishes until when it sleeps, runs `fence(SeqCst)`, reads
    /// this again, and shortens the sleep if the answer is earlier.
    #[inline]
    pub(crate) fn next_due(&self) -> u64 {
        // Relaxed: the fence of `announce` and that of the sleeper order it.
        self.next_due.load(Ordering::Relaxed)
    }

    /// As [`next_due`](Self::next_due), but forgets what was cancelled as far as that takes no
    /// search.
    ///
    /// Worth its lock before a long sleep, which a cancelled timer would end.
    pub(crate) fn refresh_next_due(&self) -> u64 {
        if self.next_due() != NEVER && !self.is_in_a_fork() {
            self.store_next_due(&self.lock());
        }
        self.next_due()
    }

    /// Takes out the timers that are due by `now_ns`, adds their wakers to `woken`, and answers how
    /// many there were. The caller wakes them after it has let go of its own locks.
    ///
    /// `now_ns` is the time of the runtime's own clock. Costs one load if nothing is due.
    #[inline]
    pub(crate) fn fire_due(&self, now_ns: u64, woken: &mut Vec<Waker>) -> usize {
        if now_ns < self.next_due() || self.is_in_a_fork() {
            return 0;
        }
        self.fire(now_ns, TimerEnd::Fired, woken)
    }

    /// Wakes every timer with an error, and answers so to each that is armed from now on.
    ///
    /// A timer of the runtime may be in the hands of another, where it would wait for ever.
    pub(crate) fn shut_down(&self, woken: &mut Vec<Waker>) {
        if self.is_in_a_fork() {
            return;
        }
        self.lock().is_shut_down = true;
        self.fire(u64::MAX, TimerEnd::ShutDown, woken);
    }

    #[cold]
    fn fire(&self, now_ns: u64, outcome: TimerEnd, woken: &mut Vec<Waker>) -> usize {
        let before = woken.len();
        let mut waiting = self.lock();
        while let Some(entry) = waiting.wheel.pop_due(now_ns) {
            // SAFETY: what the wheel holds are the entries of armed timers, and it is locked.
            woken.push(unsafe { Timer::fire(entry, outcome) });
        }
        self.store_next_due(&waiting);
        woken.len() - before
    }

    /// Whether this process is a fork of the one that the wheel belongs to.
    #[inline]
    fn is_in_a_fork(&self) -> bool {
        !self.origin.is_here()
    }

    /// Not to be called in a fork: it might never return.
    #[inline]
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        debug_assert!(!self.is_in_a_fork(), "a fork's wheel is let alone");
        self.waiting.lock()
    }

    fn store_next_due(&self, waiting: &Waiting) {
        let due = waiting.wheel.next_due().unwrap_or(NEVER);
        self.next_due.store(due, Ordering::Relaxed);
    }

    /// Notes under the lock that a timer was set; answers whether it became the earliest.
    #[inline]
    fn lower_next_due(&self, _locked: &Waiting, deadline_ns: u64) -> bool {
        let became_earliest = deadline_ns < self.next_due.load(Ordering::Relaxed);
        if became_earliest {
            self.next_due.store(deadline_ns, Ordering::Relaxed);
        }
        became_earliest
    }

    /// Tells the runtime of a timer that became the earliest, unless the worker that these timers
    /// belong to has set it (`by_owner`).
    #[inline]
    fn announce(&self, deadline_ns: u64, by_owner: bool) {
        if !(by_owner && self.sharing == Sharing::Worker) {
            // SeqCst: orders the store to `next_due` before the hook's look at the sleeper; pairs
            // with the sleeper's fence.
            fence(Ordering::SeqCst);
            self.unpark.timer_became_earliest(deadline_ns);
        }
    }
}

impl fmt::Debug for Timers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers")
            .field("next_due", &self.next_due())
            .finish_non_exhaustive()
    }
}
