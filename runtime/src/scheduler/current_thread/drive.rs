//! The thread in `block_on`: polls its future, runs the tasks, and sleeps in the reactor.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::ptr;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::Shared;
use super::root::RootWaker;
use super::stretch::Count;
use crate::coop;
use crate::driver::{Reactor, wake_all};
use crate::park::{self, Parker};
use crate::primitive::sync::Arc;
use crate::raw_task::Notified;
use crate::scheduler::Config;

/// How long a paused clock that must not jump lets the thread sleep: work elsewhere will end, and
/// need not wake anybody.
const PAUSED_NAP: Duration = Duration::from_millis(1);

/// What only the driving thread touches.
#[derive(Debug)]
pub(super) struct Core {
    queue: VecDeque<Notified>,
    reactor: Reactor,
    woken: Vec<Waker>,
    polls_until_inject: u32,
    polls_until_events: u32,
    count: Count,
}

impl Core {
    pub(super) fn new(reactor: Reactor, config: &Config) -> Self {
        Core {
            queue: VecDeque::new(),
            reactor,
            woken: Vec::new(),
            polls_until_inject: config.global_queue_interval,
            polls_until_events: config.event_interval,
            count: Count::default(),
        }
    }
}

/// What the thread that drives has at hand, while it does.
struct Local {
    shared: *const Shared,
    queue: RefCell<VecDeque<Notified>>,
    /// Tasks that were queued since the last turn.
    queued: Cell<u32>,
    root: *const RootWaker,
    /// Whether this thread itself has woken the root.
    root_woken: Cell<bool>,
}

thread_local! {
    /// Valid while the drive that has set it is on the stack.
    static CURRENT: Cell<*const Local> = const { Cell::new(ptr::null()) };
}

fn current<'a>() -> Option<&'a Local> {
    // SAFETY: the pointer is set only while what it points to is on this thread's stack below us.
    unsafe { CURRENT.get().as_ref() }
}

fn current_of<'a>(shared: &Shared) -> Option<&'a Local> {
    current().filter(|local| ptr::eq(local.shared, shared))
}

/// Whether this thread drives `shared`.
pub(super) fn drives_here(shared: &Shared) -> bool {
    current_of(shared).is_some()
}

/// Queues the task if this thread drives `shared`, else gives it back.
pub(super) fn push_if_driving(shared: &Shared, task: Notified) -> Result<(), Notified> {
    let Some(local) = current_of(shared) else {
        return Err(task);
    };
    local.queue.borrow_mut().push_back(task);
    local.queued.set(local.queued.get().wrapping_add(1));
    Ok(())
}

/// How many tasks wait in the queue of this thread, if it drives `shared`.
pub(super) fn queued_here(shared: &Shared) -> Option<usize> {
    current_of(shared).map(|local| local.queue.borrow().len())
}

/// Notes that `root` is woken, if it is the one that this thread drives.
pub(super) fn note_root_wake(root: &RootWaker) -> bool {
    let local = current().filter(|local| ptr::eq(local.root, root));
    local.map(|local| local.root_woken.set(true)).is_some()
}

impl Shared {
    /// Runs `future` to its end, and tasks, timers and sockets meanwhile.
    pub(crate) fn block_on<F: Future>(self: &Arc<Self>, future: F) -> F::Output {
        debug_assert!(
            self.owner.may_drive_here(),
            "a local runtime has left its thread"
        );
        let mut future = pin!(future);
        let parker = park::lend();
        let root = Arc::new(RootWaker::new(self.clone(), parker.clone()));
        let waker = Waker::from(root.clone());
        loop {
            if let Some(core) = self.take_core(&parker) {
                return Drive::new(self, core, &root).run(future.as_mut(), &waker);
            }
            if root.take_woken() {
                let leaving = Leaving {
                    shared: self,
                    parker: &parker,
                };
                if let Poll::Ready(output) = poll_root(future.as_mut(), &waker) {
                    return output;
                }
                self.config.origin.assert_here();
                std::mem::forget(leaving);
            }
            parker.park();
        }
    }
}

/// Takes a thread off the list of those that wait, also by a panic of its future.
struct Leaving<'a> {
    shared: &'a Shared,
    parker: &'a Arc<Parker>,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.shared.stop_waiting(self.parker);
    }
}

fn poll_root<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    let mut cx = Context::from_waker(waker);
    coop::with_budget_for(waker.data(), || future.poll(&mut cx))
}

/// A thread's time at the wheel; the core goes back when it ends, also by a panic.
struct Drive<'a> {
    shared: &'a Arc<Shared>,
    core: Option<Box<Core>>,
    local: Box<Local>,
    before: *const Local,
    root: &'a RootWaker,
}

impl<'a> Drive<'a> {
    fn new(shared: &'a Arc<Shared>, mut core: Box<Core>, root: &'a RootWaker) -> Self {
        let local = Box::new(Local {
            shared: Arc::as_ptr(shared),
            queue: RefCell::new(std::mem::take(&mut core.queue)),
            queued: Cell::new(0),
            root,
            root_woken: Cell::new(false),
        });
        let before = CURRENT.replace(&*local);
        if let Some(post) = &shared.post {
            shared.watched.bind();
            post.drive_starts();
        }
        core.count.start();
        shared.stats.bind();
        Drive {
            shared,
            core: Some(core),
            local,
            before,
            root,
        }
    }

    fn core(&mut self) -> &mut Core {
        self.core
            .as_mut()
            .expect("a drive has its core until it ends")
    }

    fn run<F: Future>(mut self, mut future: Pin<&mut F>, waker: &Waker) -> F::Output {
        let origin = self.shared.config.origin;
        let mut round = self.shared.config.event_interval;
        loop {
            if self.take_root_wake() {
                if let Poll::Ready(output) = poll_root(future.as_mut(), waker) {
                    return output;
                }
                round = self.next_round();
                if coop::take_yield() | self.is_root_woken() {
                    // All that are queued go first.
                    let ahead = self.queued();
                    self.turn_after(ahead);
                }
                self.count_poll();
            }
            origin.assert_here();
            let end = self.run_tasks(round);
            origin.assert_here();
            if self.shared.has_panicked() {
                self.shared.drop_tasks();
                panic!("a task has panicked, and this runtime shuts down on that");
            }
            if end == RoundEnd::NothingReady && !self.is_root_woken() {
                self.turn(true);
            }
        }
    }

    /// How many tasks may run before the root, which was just polled, is polled again.
    fn next_round(&self) -> u32 {
        let interval = self.shared.config.event_interval;
        if !self.is_root_woken() {
            return interval;
        }
        // Not those outside: threads that push faster than this one runs would put it off for ever.
        let ready = self.queued();
        u32::try_from(ready).map_or(u32::MAX, |ready| ready.max(interval))
    }

    fn queued(&self) -> usize {
        self.local.queue.borrow().len()
    }

    fn run_tasks(&mut self, at_most: u32) -> RoundEnd {
        let origin = self.shared.config.origin;
        for _ in 0..at_most {
            let Some(task) = self.next_task() else {
                return RoundEnd::NothingReady;
            };
            let shared = self.shared;
            let hooks = &shared.config.task_hooks;
            hooks.around_poll(task, |task| {
                shared.stats.time_poll(|| shared.watched.run(task));
            });
            self.core().count.count_poll();
            if coop::take_yield() {
                // It was queued last.
                let ahead = self.queued().saturating_sub(1);
                self.turn_after(ahead);
            }
            if shared.has_panicked() || !origin.is_here() {
                break;
            }
            self.count_poll();
        }
        RoundEnd::RootsTurn
    }

    fn is_root_woken(&self) -> bool {
        self.local.root_woken.get() || self.root.is_woken()
    }

    fn take_root_wake(&self) -> bool {
        let woken_here = self.local.root_woken.replace(false);
        self.root.take_woken() || woken_here
    }

    /// Lets timers and sockets have their turn when so many tasks have run, and before who has just yielded goes on:
    /// programs yield until a socket has something for them.
    fn turn_after(&mut self, tasks_ahead: usize) {
        let polls = u32::try_from(tasks_ahead).map_or(u32::MAX, |ahead| ahead.saturating_add(1));
        let left = &mut self.core().polls_until_events;
        // The poll that was just made is still to be counted.
        *left = polls.min(*left);
    }

    /// Counts a poll of a task or of the root, and turns to timers and sockets from time to time.
    fn count_poll(&mut self) {
        let left = &mut self.core().polls_until_events;
        *left -= 1;
        if *left == 0 {
            self.turn(false);
        }
    }

    fn next_task(&mut self) -> Option<Notified> {
        let interval = self.shared.config.global_queue_interval;
        let left = &mut self.core().polls_until_inject;
        *left -= 1;
        let inject_first = *left == 0;
        if inject_first {
            *left = interval;
        }
        let inject = self.shared.inject();
        if inject_first {
            if let Some(task) = inject.pop() {
                return Some(task);
            }
        }
        let local = self.local.queue.borrow_mut().pop_front();
        local.or_else(|| inject.pop())
    }

    /// Turns to timers and sockets, and sleeps if there is nothing else to do.
    fn turn(&mut self, may_sleep: bool) {
        self.core().polls_until_events = self.shared.config.event_interval;
        self.end_stretch();
        let mut woken = std::mem::take(&mut self.core().woken);
        match may_sleep {
            true => self.sleep(&mut woken),
            false => {
                self.core().reactor.poll(&mut woken);
            }
        }
        self.shared
            .timers()
            .fire_due(self.shared.clock().now_ns(), &mut woken);
        wake_all(&mut woken);
        self.core().woken = woken;
    }

    /// Brings the counters up to date.
    fn end_stretch(&mut self) {
        let shared = self.shared;
        shared.note_queued(self.queued());
        let queued = self.local.queued.take();
        self.core().count.end(&shared.stats, queued);
    }

    fn sleep(&mut self, woken: &mut Vec<Waker>) {
        let shared = self.shared;
        shared.config.on_thread_park.call();
        shared.start_sleeping();
        // A full fence has passed since the announcement. A hook may have woken something, too.
        if !self.is_idle() {
            self.core().reactor.poll(woken);
        } else {
            shared.stats.count_park();
            self.sleep_in_reactor(woken);
            shared.stats.count_unpark();
            self.core().count.start();
        }
        shared.stop_sleeping();
        if let Some(post) = &shared.post {
            post.driver_got_up();
        }
        shared.config.on_thread_unpark.call();
    }

    fn sleep_in_reactor(&mut self, woken: &mut Vec<Waker>) {
        let shared = self.shared;
        if shared.clock().is_paused() {
            return self.sleep_in_paused_time(woken);
        }
        shared.timers().refresh_next_due();
        let deadline = shared.poller().announce(|| shared.timers().next_due());
        self.core().reactor.sleep_until(deadline, woken);
        shared.poller().rise();
    }

    fn is_idle(&self) -> bool {
        self.shared.inject().is_empty()
            && self.local.queue.borrow().is_empty()
            && !self.is_root_woken()
            && !self.shared.has_panicked()
    }

    /// With nothing else to do, paused time jumps to the next timer.
    fn sleep_in_paused_time(&mut self, woken: &mut Vec<Waker>) {
        let shared = self.shared;
        shared.timers().refresh_next_due();
        let next = shared.poller().announce(|| shared.timers().next_due());
        // An unpark that this poll takes in ends no other: somebody has pushed or set a timer.
        let unparked = self.core().reactor.poll(woken);
        if woken.is_empty() && !unparked {
            match next {
                u64::MAX => self.core().reactor.sleep_until(u64::MAX, woken),
                // The holds first: who ends one has woken before whom it wakes.
                next if shared.clock().may_auto_advance() && self.is_idle() => {
                    // A clock that was resumed meanwhile is left as it is.
                    let _ = shared.clock().advance_to(next);
                }
                _ => self.core().reactor.sleep_for(PAUSED_NAP, woken),
            }
        }
        shared.poller().rise();
    }
}

/// Why a round of tasks has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RoundEnd {
    NothingReady,
    RootsTurn,
}

impl Drop for Drive<'_> {
    fn drop(&mut self) {
        CURRENT.set(self.before);
        if let Some(post) = &self.shared.post {
            self.shared.watched.unbind();
            post.drive_ends();
        }
        self.end_stretch();
        if let Some(mut core) = self.core.take() {
            core.queue = self.local.queue.take();
            self.shared.give_back_core(core);
        }
    }
}
