//! The word that says what a task is doing and how many references it has.
//!
//! Every change is a named transition whose answer says what the caller must do now; `README.md`
//! argues why the transitions compose.

use std::fmt;

use crate::primitive::sync::atomic::{AtomicUsize, Ordering};

/// Set while one thread polls, cancels or completes the future: it alone may touch the stage.
const RUNNING: usize = 1 << 0;
/// Set once, by the thread that was running it, when the stage holds the
/// outcome. Excludes `RUNNING`.
const COMPLETE: usize = 1 << 1;
/// Set by a wake. While not running, it means that one reference is in a queue or on its way there.
const NOTIFIED: usize = 1 << 2;
/// Set from birth until the join handle is dropped; then nobody reads the output.
const JOIN_INTEREST: usize = 1 << 3;
/// Set by the join handle after it has stored a waker, which is lent to the task from then on.
const JOIN_WAKER: usize = 1 << 4;
/// Set by an abort or a shutdown: the next thread to run the task drops its future instead.
const CANCELLED: usize = 1 << 5;
/// The rest of the word counts references.
const REF_ONE: usize = 1 << 6;

/// The live list, the queue and the join handle hold a new task.
const NEW: usize = (3 * REF_ONE) | JOIN_INTEREST | NOTIFIED;

pub(super) struct State(AtomicUsize);

/// The word at one moment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Snapshot(usize);

/// Where a task stands, for those who only look on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// A thread polls it, or drops its future.
    Running,
    /// It was woken or aborted, and no thread has come to it yet.
    Queued,
    /// Nobody has woken it since its last poll.
    Waiting,
    Ended,
}

/// What holding a [`super::Notified`] entitles to.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ToRunning {
    /// Poll the future.
    Poll,
    /// Drop the future and complete.
    Cancel,
    /// A shutdown was faster; only the reference is left to drop.
    Lost,
}

/// What to do after the future returned `Pending`.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ToIdle {
    /// The running reference has been dropped: do not touch the task again.
    Idle,
    /// It was woken while it ran; the running reference goes into a queue.
    Reschedule,
    /// It was aborted while it ran: still running, drop the future and complete.
    Cancel,
}

/// What a wake that owns a reference must do with it.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ToNotified {
    /// It has become the queue's: schedule the task.
    Schedule,
    /// Somebody else will see the wake: drop it.
    DropReference,
}

/// What is left to do for a join handle that goes away.
#[must_use]
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JoinDropped {
    /// Nothing: its reference has been dropped, too.
    Done,
    /// To drop the outcome, then the reference.
    DropOutcome,
    /// To drop the waker that was lent and is not any more, then the reference.
    DropWaker,
}

impl State {
    pub(super) fn new() -> Self {
        State(AtomicUsize::new(NEW))
    }

    #[inline]
    pub(super) fn load(&self) -> Snapshot {
        // Acquire: COMPLETE seen means the outcome is visible.
        Snapshot(self.0.load(Ordering::Acquire))
    }

    /// The holder of a queued reference starts to run the task.
    #[inline]
    pub(super) fn transition_to_running(&self) -> ToRunning {
        self.update(|now| {
            debug_assert!(now.has(NOTIFIED));
            if now.has(RUNNING | COMPLETE) {
                return (None, ToRunning::Lost);
            }
            let next = now.with(RUNNING).without(NOTIFIED);
            let todo = match now.has(CANCELLED) {
                true => ToRunning::Cancel,
                false => ToRunning::Poll,
            };
            (Some(next), todo)
        })
    }

    /// The running thread saw `Pending`.
    #[inline]
    pub(super) fn transition_to_idle(&self) -> ToIdle {
        self.update(|now| {
            debug_assert!(now.has(RUNNING));
            if now.has(CANCELLED) {
                (None, ToIdle::Cancel)
            } else if now.has(NOTIFIED) {
                (Some(now.without(RUNNING)), ToIdle::Reschedule)
            } else {
                debug_assert!(now.refs() > 1, "the live list holds a pending task");
                let next = Snapshot(now.without(RUNNING).0 - REF_ONE);
                (Some(next), ToIdle::Idle)
            }
        })
    }

    /// The running thread has stored the outcome.
    #[inline]
    pub(super) fn transition_to_complete(&self) -> Snapshot {
        // AcqRel: publishes the outcome to the joiner and takes its waker.
        let before = self.0.fetch_xor(RUNNING | COMPLETE, Ordering::AcqRel);
        debug_assert!(Snapshot(before).has(RUNNING) && !Snapshot(before).has(COMPLETE));
        Snapshot(before ^ (RUNNING | COMPLETE))
    }

    /// A shutdown wants the future gone; `true` makes the caller the running thread.
    pub(super) fn transition_to_shutdown(&self) -> bool {
        self.update(|now| {
            let claimed = !now.has(RUNNING | COMPLETE);
            let next = match claimed {
                true => now.with(CANCELLED | RUNNING),
                false => now.with(CANCELLED),
            };
            (Some(next), claimed)
        })
    }

    /// A waker that owns a reference was woken.
    #[inline]
    pub(super) fn transition_to_notified_by_value(&self) -> ToNotified {
        // AcqRel even if already notified: the next poll must see what the waker's thread wrote.
        let before = Snapshot(self.0.fetch_or(NOTIFIED, Ordering::AcqRel));
        match before.has(RUNNING | COMPLETE | NOTIFIED) {
            true => ToNotified::DropReference,
            false => ToNotified::Schedule,
        }
    }

    /// A borrowed waker was woken; `true` says that a reference was made for the queue.
    #[inline]
    pub(super) fn transition_to_notified_by_ref(&self) -> bool {
        self.update(|now| {
            if now.has(COMPLETE) {
                (None, false)
            } else if now.has(RUNNING | NOTIFIED) {
                (Some(now.with(NOTIFIED)), false)
            } else {
                (Some(now.with(NOTIFIED).plus_ref()), true)
            }
        })
    }

    /// An abort; `true` says that a reference was made for the queue, to be scheduled.
    pub(super) fn transition_to_cancelled(&self) -> bool {
        self.update(|now| {
            if now.has(COMPLETE | CANCELLED) {
                (None, false)
            } else if now.has(RUNNING | NOTIFIED) {
                (Some(now.with(CANCELLED)), false)
            } else {
                (Some(now.with(CANCELLED | NOTIFIED).plus_ref()), true)
            }
        })
    }

    /// The join handle goes away.
    #[inline]
    pub(super) fn transition_to_join_dropped(&self) -> JoinDropped {
        self.update(|now| {
            debug_assert!(now.has(JOIN_INTEREST));
            let next = now.without(JOIN_INTEREST);
            if now.has(COMPLETE) {
                // Nobody looks at the flags again.
                (None, JoinDropped::DropOutcome)
            } else if now.has(JOIN_WAKER) {
                (Some(next.without(JOIN_WAKER)), JoinDropped::DropWaker)
            } else {
                debug_assert!(
                    now.refs() > 1,
                    "a task that is not complete is queued or listed"
                );
                (Some(Snapshot(next.0 - REF_ONE)), JoinDropped::Done)
            }
        })
    }

    /// The join handle lends its stored waker to the task; `false` if the task is complete.
    pub(super) fn lend_join_waker(&self) -> bool {
        self.update(|now| {
            debug_assert!(now.has(JOIN_INTEREST) && !now.has(JOIN_WAKER));
            match now.has(COMPLETE) {
                true => (None, false),
                false => (Some(now.with(JOIN_WAKER)), true),
            }
        })
    }

    /// The join handle takes its waker back to change it; `false` if the task is complete.
    pub(super) fn take_back_join_waker(&self) -> bool {
        self.update(|now| {
            debug_assert!(now.has(JOIN_INTEREST | JOIN_WAKER));
            match now.has(COMPLETE) {
                true => (None, false),
                false => (Some(now.without(JOIN_WAKER)), true),
            }
        })
    }

    pub(super) fn ref_inc(&self) {
        // Relaxed: a new reference is made from one that is held.
        let before = self.0.fetch_add(REF_ONE, Ordering::Relaxed);
        if before > isize::MAX as usize {
            // Only leaked wakers get here; wrapping would free a task in use.
            std::process::abort();
        }
    }

    /// Gives back `count` references; `true` if they were the last.
    #[inline]
    pub(super) fn ref_dec(&self, count: usize) -> bool {
        // AcqRel: whoever frees the task comes after every other use of it.
        let before = Snapshot(self.0.fetch_sub(count * REF_ONE, Ordering::AcqRel));
        debug_assert!(before.refs() >= count);
        before.refs() == count
    }

    #[inline]
    fn update<T>(&self, mut step: impl FnMut(Snapshot) -> (Option<Snapshot>, T)) -> T {
        let mut now = self.load();
        loop {
            let (next, answer) = step(now);
            let Some(next) = next else { return answer };
            // AcqRel: each transition publishes what its thread did and takes what others did.
            match self
                .0
                .compare_exchange(now.0, next.0, Ordering::AcqRel, Ordering::Acquire)
            {
                Ok(_) => return answer,
                Err(actual) => now = Snapshot(actual),
            }
        }
    }
}

impl Snapshot {
    pub(super) fn phase(self) -> Phase {
        if self.has(RUNNING) {
            Phase::Running
        } else if self.has(COMPLETE) {
            Phase::Ended
        } else if self.has(NOTIFIED) {
            Phase::Queued
        } else {
            Phase::Waiting
        }
    }

    fn has(self, any: usize) -> bool {
        self.0 & any != 0
    }

    fn with(self, flags: usize) -> Self {
        Snapshot(self.0 | flags)
    }

    fn without(self, flags: usize) -> Self {
        Snapshot(self.0 & !flags)
    }

    fn plus_ref(self) -> Self {
        Snapshot(self.0 + REF_ONE)
    }

    fn refs(self) -> usize {
        self.0 / REF_ONE
    }

    /// Whether the live list and the running thread hold the only references, so that
    /// nobody else can make another.
    pub(super) fn is_unshared(self) -> bool {
        self.refs() == 2
    }

    pub(super) fn is_complete(self) -> bool {
        self.has(COMPLETE)
    }

    pub(super) fn is_join_interested(self) -> bool {
        self.has(JOIN_INTEREST)
    }

    pub(super) fn has_join_waker(self) -> bool {
        self.has(JOIN_WAKER)
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("running", &self.has(RUNNING))
            .field("complete", &self.has(COMPLETE))
            .field("notified", &self.has(NOTIFIED))
            .field("join_interest", &self.has(JOIN_INTEREST))
            .field("join_waker", &self.has(JOIN_WAKER))
            .field("cancelled", &self.has(CANCELLED))
            .field("refs", &self.refs())
            .finish()
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.load().fmt(f)
    }
}
