//! A worker: a thread that holds a seat, takes tasks from its queue and runs them.

use std::cell::Cell;
use std::ptr::{self, NonNull};
use std::task::Waker;

use super::core::Core;
use super::idle::Awoken;
use super::seat::Seat;
use super::shared::Shared;
use crate::driver::wake_all;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;
use crate::raw_task::Notified;
use crate::roster::{self, Post};
use crate::scheduler::worker_stats::Stretch;
use crate::util::panic::AbortOnUnwind;
use crate::util::random::{Purpose, seed_tasks};
use crate::{clock, coop};

/// Tasks that may run from the slot in a row before the queue gets its turn: two tasks that wake
/// each other would starve it.
const SLOT_STREAK: u32 = 3;

/// One sitting of a thread in a seat. What belongs to the seat is in [`Seat`] and [`Core`].
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    seat: NonNull<Seat>,
    pub(super) stage: Cell<Stage>,
    leaving: Cell<bool>,
}

/// Where a sitting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    BetweenPolls,
    /// In the poll of a task, where the seat may be given up.
    Polling,
    /// The seat was given up, and another thread took it.
    Over,
}

thread_local! {
    /// The worker whose thread this is, while it holds its seat; it is on the stack below.
    static CURRENT: Cell<*const Worker> = const { Cell::new(ptr::null()) };
}

impl Worker {
    /// For the thread that holds the seat.
    pub(super) fn new(shared: Arc<Shared>, index: usize) -> Self {
        Worker {
            seat: NonNull::from(shared.seats.get(index)),
            shared,
            stage: Cell::new(Stage::BetweenPolls),
            leaving: Cell::new(false),
        }
    }

    /// Calls `f` with the worker of `shared` whose thread this is, if it is one.
    #[inline]
    pub(super) fn with_current<R>(shared: &Shared, f: impl FnOnce(Option<&Worker>) -> R) -> R {
        // SAFETY: the pointer is set only while the worker is on this thread's stack below us.
        let worker = unsafe { CURRENT.get().as_ref() };
        f(worker.filter(|worker| ptr::eq(&*worker.shared, shared)))
    }

    /// Says whether this thread is the worker, for code that asks by [`with_current`](Self::with_current).
    pub(super) fn set_current(&self, is_current: bool) {
        CURRENT.set(if is_current { self } else { ptr::null() });
    }

    pub(super) fn index(&self) -> usize {
        self.seat().index
    }

    #[inline]
    pub(super) fn seat(&self) -> &Seat {
        // SAFETY: seats live as long as the scheduler, which the worker keeps alive.
        unsafe { self.seat.as_ref() }
    }

    /// What belongs to the seat, for as long as this thread holds it: not between giving it up and having it
    /// back.
    #[inline]
    pub(super) fn core(&self) -> &Core {
        debug_assert_ne!(self.stage.get(), Stage::Over);
        // SAFETY: a worker is made for a seat that its thread holds. The seat is given up only in a poll, by
        // `give_up_seat`, after which nothing here is reached until it is taken back: `work` ends if it was lost, and
        // other code finds no current worker.
        unsafe { self.seat().core() }
    }

    /// Works until the runtime shuts down, another thread has the seat, or the worker, as a spare, is dismissed.
    /// `awoken` says how a seat that slept was taken.
    pub(super) fn run(&self, awoken: Option<Awoken>) {
        let _abort = AbortOnUnwind("the scheduler");
        self.set_current(true);
        self.sit_down(awoken);
        let seeds = &self.shared.config.seeds;
        let _seeded = seed_tasks(seeds.of_worker(self.index(), Purpose::Tasks));
        self.work();
        self.set_current(false);
        roster::go_to(Post::Bench, clock::now_ns());
    }

    fn sit_down(&self, awoken: Option<Awoken>) {
        let core = self.core();
        core.searching.set(awoken == Some(Awoken::Claimed));
        // It turns to timers and sockets before it takes a task, which may block as those before it did.
        let beat = self.shared.beat.load(Ordering::Relaxed);
        core.beat.set(beat.wrapping_sub(1));
        self.count_sitting();
        let now = clock::now_ns();
        roster::go_to(Post::Seat(self.index()), now);
        core.pace.start(now);
        if awoken.is_some() {
            self.shared.vigil.worker_got_up();
        }
    }

    /// Makes this thread the one that sleeps here and is watched, in the place of another.
    pub(super) fn count_sitting(&self) {
        let sittings = &self.core().sittings;
        sittings.set(sittings.get() + 1);
        self.seat().occupancy.sleeper.bind();
        self.seat().watched.bind();
        self.seat().stats.bind();
    }

    fn work(&self) {
        while !self.leaving.get() {
            match self.next_task().or_else(|| self.search()) {
                Some(task) => self.run_task(task),
                None => self.sleep(),
            }
            if self.stage.get() == Stage::Over {
                return;
            }
        }
        self.seat().watched.unbind();
        self.leave();
    }

    fn run_task(&self, task: Notified) {
        if self.core().searching.get() {
            self.end_search();
        }
        self.core().pace.count_poll();
        let hooks = &self.shared.config.task_hooks;
        hooks.around_poll(task, |task| self.poll(task));
        let origin = self.shared.config.origin;
        if !origin.is_here() {
            origin.abort();
        }
    }

    #[inline]
    fn poll(&self, task: Notified) {
        let watched = &self.seat().watched;
        watched.start_poll(&task);
        self.stage.set(Stage::Polling);
        self.seat().stats.time_poll(|| task.run());
        if self.stage.get() != Stage::Over {
            self.stage.set(Stage::BetweenPolls);
            watched.end_poll();
        }
    }

    #[inline]
    fn next_task(&self) -> Option<Notified> {
        let interval = self.shared.config.event_interval;
        if self.count_down(&self.core().polls_until_events, interval) || self.has_beaten() {
            self.turn_to_events();
        }
        let left = self.core().polls_until_inject.get();
        self.core().polls_until_inject.set(left.saturating_sub(1));
        if left == 0 {
            if let Some(task) = self.pop_injected() {
                return Some(task);
            }
        }
        self.next_local().or_else(|| self.pop_injected())
    }

    /// Whether the monitor has bumped the beat since the worker last turned to events.
    #[inline]
    fn has_beaten(&self) -> bool {
        self.shared.beat.load(Ordering::Relaxed) != self.core().beat.get()
    }

    fn count_down(&self, left: &Cell<u32>, interval: u32) -> bool {
        let now = left.get() - 1;
        left.set(if now == 0 { interval } else { now });
        now == 0
    }

    #[inline]
    fn next_local(&self) -> Option<Notified> {
        if let Some(task) = self.seat().slot.take() {
            if self.core().slot_streak.get() < SLOT_STREAK {
                self.core()
                    .slot_streak
                    .set(self.core().slot_streak.get() + 1);
                return Some(task);
            }
            self.core().deque.push(task);
        }
        self.core().slot_streak.set(0);
        self.core().deque.pop()
    }

    pub(super) fn has_local_work(&self) -> bool {
        !self.seat().slot.is_empty() || !self.core().deque.is_empty()
    }

    /// The oldest task from outside, and a batch behind it: a worker whose own tasks never end would
    /// let a crowd outside wait for ever if it took them one by one. What waits in the deque may wait
    /// long behind it: tell others.
    fn pop_injected(&self) -> Option<Notified> {
        self.core()
            .polls_until_inject
            .set(self.next_inject_interval());
        let inject = &self.shared.inject;
        if inject.is_empty() {
            return None;
        }
        let task = inject.pop_batch(&self.core().deque)?;
        if !self.core().deque.is_empty() {
            self.shared.notify();
        }
        Some(task)
    }

    /// As long as it takes to go half through the deque, within bounds: a few tasks of long polls would
    /// otherwise keep those outside waiting for long.
    fn next_inject_interval(&self) -> u32 {
        let half = u32::try_from(self.core().deque.len() / 2).unwrap_or(u32::MAX);
        half.clamp(1, self.shared.config.global_queue_interval)
    }

    /// Takes a task that was woken on this thread. One that finds the slot empty wakes nobody: it
    /// runs next, and waking a thief for it would cost more than it gains.
    #[inline]
    pub(super) fn schedule(&self, task: Notified) {
        self.count_schedule();
        if self.core().batching.get() {
            self.core().deque.push(task);
        } else if !self.shared.config.lifo_slot {
            self.push_and_share(task);
        } else if let Some(displaced) = self.seat().slot.replace(task) {
            self.push_and_share(displaced);
        }
    }

    #[inline]
    fn count_schedule(&self) {
        let scheduled = &self.core().scheduled;
        scheduled.set(scheduled.get().wrapping_add(1));
    }

    /// Queues a task and calls another worker, unless polls are too short here for it to help.
    fn push_and_share(&self, task: Notified) {
        self.core().deque.push(task);
        self.core().pace.count_push();
        if !self.core().pace.is_brisk() || !self.is_watched_over() {
            self.shared.notify();
        }
    }

    /// Whether somebody looks after what waits behind a poll that turns out to be slow.
    fn is_watched_over(&self) -> bool {
        self.shared.config.vigilance.rescue
    }

    /// Takes a task that was woken during its own poll, to run after all others. The queue is no
    /// longer than before that poll; another worker is needed only if the slot goes first.
    #[inline]
    pub(super) fn reschedule(&self, task: Notified) {
        self.count_schedule();
        self.core().deque.push(task);
        if !self.seat().slot.is_empty() {
            self.shared.notify();
        }
    }

    /// Lets timers and sockets have their turn between two polls.
    #[cold]
    fn turn_to_events(&self) {
        let has_beaten = self.has_beaten();
        self.core()
            .beat
            .set(self.shared.beat.load(Ordering::Relaxed));
        self.leaving.set(self.must_leave());
        let now = clock::now_ns();
        self.end_stretch(now);
        let mut woken = self.take_woken();
        self.attend_duties(now, has_beaten, &mut woken);
        self.wake_batch(woken);
    }

    /// Wakes what a turn of the reactor and the timers brought, and another worker if that is more
    /// than this one should do alone.
    pub(super) fn wake_batch(&self, mut woken: Vec<Waker>) {
        self.core().batching.set(true);
        wake_all(&mut woken);
        self.core().batching.set(false);
        self.core().woken.replace(woken);
        let queued = self.core().deque.len();
        let share = self.core().pace.is_worth_sharing(queued) || !self.is_watched_over();
        if queued > 1 && share {
            self.shared.notify();
        }
    }

    pub(super) fn take_woken(&self) -> Vec<Waker> {
        self.core().woken.take()
    }

    /// Brings the counters up to date.
    pub(super) fn end_stretch(&self, now_ns: u64) {
        let (polls, busy_ns) = self.core().pace.measure(now_ns);
        self.seat().stats.count_stretch(Stretch {
            polls,
            local_schedules: self.core().scheduled.take(),
            forced_yields: coop::take_forced_yields(),
            busy_ns,
        });
    }

    /// Whether the runtime shuts down, or this worker is a spare that is not needed any more.
    pub(super) fn must_leave(&self) -> bool {
        self.shared.is_shutting_down() || self.seat().is_dismissed()
    }

    pub(super) fn start_leaving(&self) {
        self.leaving.set(true);
    }
}
