//! A worker: one thread that takes tasks from its queue and runs them.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::task::Waker;

use super::pace::Pace;
use super::shared::{Remote, Shared};
use crate::driver::wake_all;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::Ordering;
use crate::raw_task::Notified;
use crate::scheduler::queue::Deque;
use crate::util::panic::AbortOnUnwind;
use crate::util::random::{Purpose, Random, seed_tasks};
use crate::{clock, coop};

/// Tasks that may run from the slot in a row before the queue gets its turn: two tasks that wake
/// each other would starve it.
const SLOT_STREAK: u32 = 3;

/// What belongs to the worker's thread alone; what others reach is in [`Remote`].
pub(super) struct Worker {
    pub(super) shared: Arc<Shared>,
    pub(super) index: usize,
    pub(super) deque: Deque<Notified>,
    pub(super) random: Random,
    pub(super) pace: Pace,
    /// Whether [`Idle`](super::idle::Idle) counts this worker as a searcher.
    pub(super) searching: Cell<bool>,
    leaving: Cell<bool>,
    /// Set while a batch of events is woken: its tasks queue up in order and wake nobody.
    batching: Cell<bool>,
    slot_streak: Cell<u32>,
    /// The monitor's beat when the worker last turned to events.
    beat: Cell<u32>,
    polls_until_events: Cell<u32>,
    polls_until_inject: Cell<u32>,
    woken: RefCell<Vec<Waker>>,
}

thread_local! {
    /// The worker whose thread this is; valid while [`Worker::run`] is on the stack.
    static CURRENT: Cell<*const Worker> = const { Cell::new(ptr::null()) };
}

impl Worker {
    pub(super) fn new(shared: Arc<Shared>, index: usize, deque: Deque<Notified>) -> Self {
        let seeds = &shared.config.seeds;
        let random = Random::new(seeds.of_worker(index, Purpose::Stealing));
        Worker {
            index,
            deque,
            random,
            pace: Pace::new(),
            searching: Cell::new(false),
            leaving: Cell::new(false),
            batching: Cell::new(false),
            slot_streak: Cell::new(0),
            beat: Cell::new(shared.beat.load(Ordering::Relaxed)),
            polls_until_events: Cell::new(shared.config.event_interval),
            polls_until_inject: Cell::new(0),
            woken: RefCell::new(Vec::new()),
            shared,
        }
    }

    /// Calls `f` with the worker of `shared` whose thread this is, if it is one.
    #[inline]
    pub(super) fn with_current<R>(shared: &Shared, f: impl FnOnce(Option<&Worker>) -> R) -> R {
        // SAFETY: the pointer is set only while the worker is on this thread's stack below us.
        let worker = unsafe { CURRENT.get().as_ref() };
        f(worker.filter(|worker| ptr::eq(&*worker.shared, shared)))
    }

    pub(super) fn index(&self) -> usize {
        self.index
    }

    pub(super) fn remote(&self) -> &Remote {
        &self.shared.workers[self.index]
    }

    /// Works until the runtime shuts down or, as a spare, until it is dismissed. The deque comes back
    /// empty.
    pub(super) fn run(self) -> Deque<Notified> {
        let _abort = AbortOnUnwind("the scheduler");
        CURRENT.set(&self);
        self.remote().watched.bind();
        self.remote().sleeper.bind();
        self.pace.start(clock::now_ns());
        let seeds = &self.shared.config.seeds;
        let _seeded = seed_tasks(seeds.of_worker(self.index, Purpose::Tasks));
        while !self.leaving.get() {
            match self.next_task().or_else(|| self.search()) {
                Some(task) => self.run_task(task),
                None => self.sleep(),
            }
        }
        self.leave();
        self.remote().watched.unbind();
        CURRENT.set(ptr::null());
        self.deque
    }

    fn run_task(&self, task: Notified) {
        if self.searching.get() {
            self.end_search();
        }
        self.pace.count_poll();
        let hooks = &self.shared.config.task_hooks;
        hooks.around_poll(task, |task| self.remote().watched.run(task));
        let origin = self.shared.config.origin;
        if !origin.is_here() {
            origin.abort();
        }
    }

    #[inline]
    fn next_task(&self) -> Option<Notified> {
        let interval = self.shared.config.event_interval;
        if self.count_down(&self.polls_until_events, interval) || self.has_beaten() {
            self.turn_to_events();
        }
        let left = self.polls_until_inject.get();
        self.polls_until_inject.set(left.saturating_sub(1));
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
        self.shared.beat.load(Ordering::Relaxed) != self.beat.get()
    }

    fn count_down(&self, left: &Cell<u32>, interval: u32) -> bool {
        let now = left.get() - 1;
        left.set(if now == 0 { interval } else { now });
        now == 0
    }

    #[inline]
    fn next_local(&self) -> Option<Notified> {
        if let Some(task) = self.remote().slot.take() {
            if self.slot_streak.get() < SLOT_STREAK {
                self.slot_streak.set(self.slot_streak.get() + 1);
                return Some(task);
            }
            self.deque.push(task);
        }
        self.slot_streak.set(0);
        self.deque.pop()
    }

    pub(super) fn has_local_work(&self) -> bool {
        !self.remote().slot.is_empty() || !self.deque.is_empty()
    }

    /// The oldest task from outside, and a batch behind it: a worker whose own tasks never end would
    /// let a crowd outside wait for ever if it took them one by one. What waits in the deque may wait
    /// long behind it: tell others.
    fn pop_injected(&self) -> Option<Notified> {
        self.polls_until_inject.set(self.next_inject_interval());
        let inject = &self.shared.inject;
        if inject.is_empty() {
            return None;
        }
        let task = inject.pop_batch(&self.deque)?;
        if !self.deque.is_empty() {
            self.shared.notify();
        }
        Some(task)
    }

    /// As long as it takes to go half through the deque, within bounds: a few tasks of long polls would
    /// otherwise keep those outside waiting for long.
    fn next_inject_interval(&self) -> u32 {
        let half = u32::try_from(self.deque.len() / 2).unwrap_or(u32::MAX);
        half.clamp(1, self.shared.config.global_queue_interval)
    }

    /// Takes a task that was woken on this thread. One that finds the slot empty wakes nobody: it
    /// runs next, and waking a thief for it would cost more than it gains.
    #[inline]
    pub(super) fn schedule(&self, task: Notified) {
        if self.batching.get() {
            self.deque.push(task);
        } else if self.remote().is_blocking() {
            self.shared.push(task);
        } else if !self.shared.config.lifo_slot {
            self.push_and_share(task);
        } else if let Some(displaced) = self.remote().slot.replace(task) {
            self.push_and_share(displaced);
        }
    }

    /// Queues a task and calls another worker, unless polls are too short here for it to help.
    fn push_and_share(&self, task: Notified) {
        self.deque.push(task);
        self.pace.count_push();
        if !self.pace.is_brisk() || !self.is_watched_over() {
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
        self.deque.push(task);
        if !self.remote().slot.is_empty() {
            self.shared.notify();
        }
    }

    /// Lets timers and sockets have their turn between two polls.
    #[cold]
    fn turn_to_events(&self) {
        self.beat.set(self.shared.beat.load(Ordering::Relaxed));
        self.leaving.set(self.must_leave());
        let now = clock::now_ns();
        self.end_stretch(now);
        let mut woken = self.woken.take();
        self.fire_timers(now, &mut woken);
        let hand_over = self.poll_reactor(&mut woken);
        self.wake_batch(woken);
        if hand_over {
            self.shared
                .call_to_poll(self.shared.group_index(self.index));
        }
    }

    /// Wakes what a turn of the reactor and the timers brought, and another worker if that is more
    /// than this one should do alone.
    pub(super) fn wake_batch(&self, mut woken: Vec<Waker>) {
        self.batching.set(true);
        wake_all(&mut woken);
        self.batching.set(false);
        self.woken.replace(woken);
        let queued = self.deque.len();
        let share = self.pace.is_worth_sharing(queued) || !self.is_watched_over();
        if queued > 1 && share {
            self.shared.notify();
        }
    }

    pub(super) fn take_woken(&self) -> Vec<Waker> {
        self.woken.take()
    }

    /// Brings the counters up to date.
    pub(super) fn end_stretch(&self, now_ns: u64) {
        let (polls, busy) = self.pace.measure(now_ns);
        let stats = &self.remote().stats;
        stats.polls.add(u64::from(polls));
        stats.busy_ns.add(busy);
        stats.forced_yields.set(coop::forced_yields());
    }

    /// Whether the runtime shuts down, or this worker is a spare that is not needed any more.
    pub(super) fn must_leave(&self) -> bool {
        self.shared.is_shutting_down() || self.remote().is_dismissed()
    }

    pub(super) fn start_leaving(&self) {
        self.leaving.set(true);
    }
}
