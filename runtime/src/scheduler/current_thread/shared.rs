//! What the driving thread shares with those that wake, spawn or wait.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::ptr::NonNull;
use std::task::Waker;
use std::time::Duration;

use super::drive::{Core, drives_here, push_if_driving, queued_here};
use super::monitor::Post;
use super::owner_thread::OwnerThread;
use crate::clock::Clock;
use crate::driver::{Poller, Reactor, Timers, wake_all};
use crate::park::Parker;
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence};
use crate::primitive::sync::{Arc, Mutex};
use crate::raw_task::{self, JoinHandle, LiveTasks, Meta, Notified, Schedule, Task};
use crate::scheduler::inject::Inject;
use crate::scheduler::watch::{Tally, Watched};
use crate::scheduler::{BlockingPool, Config, WorkerStats};
use crate::util::panic::contain;

pub(crate) struct Shared {
    seat: Mutex<IdleCore>,
    inject: Inject<Notified>,
    live: LiveTasks,
    poller: Arc<Poller>,
    timers: Arc<Timers>,
    clock: Arc<Clock>,
    blocking: BlockingPool,
    pub(super) config: Config,
    pub(super) owner: OwnerThread,
    /// Set while the driving thread sleeps or is about to.
    asleep: AtomicBool,
    pub(super) watched: Watched,
    pub(super) tally: Tally,
    /// Written by the driving thread, as is the next.
    pub(super) stats: WorkerStats,
    queued: AtomicUsize,
    /// The monitor's, if there is one.
    pub(super) post: Option<Post>,
    /// Set when a task has panicked and the runtime shuts down on that.
    task_panicked: AtomicBool,
}

/// Where the core is while nobody drives, and who waits for it.
struct IdleCore {
    core: Option<Box<Core>>,
    /// Set by the shutdown: a core that comes back is dropped.
    closed: bool,
    waiting: VecDeque<Arc<Parker>>,
}

impl Shared {
    pub(crate) fn new(
        config: Config,
        clock: Clock,
        blocking: BlockingPool,
        owner: OwnerThread,
        watch: bool,
    ) -> io::Result<Arc<Self>> {
        let reactor = Reactor::new(config.max_io_events, config.max_busy_io_events)?;
        let poller = Arc::new(Poller::new(reactor.handle().clone()));
        Ok(Arc::new(Shared {
            seat: Mutex::new(IdleCore {
                core: Some(Box::new(Core::new(reactor, &config))),
                closed: false,
                waiting: VecDeque::new(),
            }),
            inject: Inject::new(),
            live: LiveTasks::new(),
            timers: Arc::new(Timers::new(poller.clone())),
            poller,
            clock: Arc::new(clock),
            blocking,
            stats: WorkerStats::new(config.poll_times.as_ref()),
            config,
            owner,
            asleep: AtomicBool::new(false),
            watched: Watched::new(),
            tally: Tally::default(),
            queued: AtomicUsize::new(0),
            post: watch.then(Post::new),
            task_panicked: AtomicBool::new(false),
        }))
    }

    pub(crate) fn spawn<F>(self: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        // SAFETY: the future and its output are `Send`.
        unsafe { self.spawn_unchecked(future, meta) }
    }

    /// Spawns a future that never leaves this thread.
    ///
    /// # Panics
    ///
    /// Unless the runtime is local and this is its thread.
    #[track_caller]
    pub(crate) fn spawn_local<F>(self: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.owner.expect_here();
        // SAFETY: this is the owner thread.
        unsafe { self.spawn_unchecked(future, meta) }
    }

    /// Whether this thread may drive: a local runtime stays with its owner thread.
    pub(crate) fn may_drive_here(&self) -> bool {
        self.owner.may_drive_here()
    }

    /// Whether this is the owner thread of a local runtime.
    pub(crate) fn is_home_here(&self) -> bool {
        self.owner == OwnerThread::here()
    }

    /// # Safety
    ///
    /// The future and its output are `Send`, or this thread is the runtime's owner thread.
    unsafe fn spawn_unchecked<F>(self: &Arc<Self>, future: F, meta: Meta) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        self.config.task_hooks.spawn.call(&meta);
        let (task, notified, join) = raw_task::new(future, self.clone(), meta);
        match self.live.insert(task) {
            // SAFETY: this reference is the caller's.
            Ok(()) => unsafe { Schedule::schedule(NonNull::from(self), notified) },
            Err(task) => {
                drop(notified);
                task.shutdown();
            }
        }
        join
    }

    /// Takes the core, or leaves the parker to be unparked when it comes free.
    pub(super) fn take_core(&self, parker: &Arc<Parker>) -> Option<Box<Core>> {
        let mut seat = self.seat.lock();
        let core = seat.core.take();
        if core.is_some() {
            // It may still be listed, if its own future's waker has brought it here: a call to a
            // thread that does not wait would be lost.
            seat.waiting.retain(|other| !Arc::ptr_eq(other, parker));
        } else if !seat.waiting.iter().any(|other| Arc::ptr_eq(other, parker)) {
            seat.waiting.push_back(parker.clone());
        }
        core
    }

    /// In a fork the core is leaked: nobody may take it there.
    pub(super) fn give_back_core(&self, core: Box<Core>) {
        if !self.config.origin.is_here() {
            return std::mem::forget(core);
        }
        let (refused, next) = {
            let mut seat = self.seat.lock();
            let refused = match seat.closed {
                true => Some(core),
                false => seat.core.replace(core),
            };
            (refused, seat.waiting.pop_front())
        };
        contain(|| drop(refused));
        if let Some(parker) = next {
            parker.unpark();
        }
    }

    /// A thread that waited for the core does so no more: if it was told that the core is free, the
    /// next one must hear it.
    pub(super) fn stop_waiting(&self, parker: &Arc<Parker>) {
        if !self.config.origin.is_here() {
            return;
        }
        let next = {
            let mut seat = self.seat.lock();
            seat.waiting.retain(|other| !Arc::ptr_eq(other, parker));
            match seat.core {
                Some(_) => seat.waiting.pop_front(),
                None => None,
            }
        };
        if let Some(parker) = next {
            parker.unpark();
        }
    }

    /// Says that the driving thread goes to sleep. What is pushed before is seen by the caller's
    /// next look; what is pushed later wakes it.
    pub(super) fn start_sleeping(&self) {
        self.asleep.store(true, Ordering::Relaxed);
        // SeqCst: the announcement against a push; pairs with that in Inject::push and wake_driver.
        fence(Ordering::SeqCst);
    }

    pub(super) fn stop_sleeping(&self) {
        self.asleep.store(false, Ordering::Relaxed);
    }

    /// Wakes the driving thread for its own future.
    pub(super) fn wake_driver(&self) {
        // SeqCst: the future's flag against the announcement of a sleep.
        fence(Ordering::SeqCst);
        self.unpark();
    }

    fn unpark(&self) {
        // A fork would wake the parent.
        if !self.config.origin.is_here() {
            return;
        }
        if self.asleep.load(Ordering::Relaxed) && self.asleep.swap(false, Ordering::AcqRel) {
            self.poller.io().unpark();
        }
    }

    /// Drops every task. A thread may still drive, by a handle, and finds nothing to run any more.
    pub(crate) fn shut_down(&self) {
        if let Some(post) = &self.post {
            post.leave();
        }
        self.drop_tasks();
        self.inject.close();
        let core = {
            let mut seat = self.seat.lock();
            seat.closed = true;
            seat.core.take()
        };
        let mut woken: Vec<Waker> = Vec::new();
        self.io().shutdown(&mut woken);
        self.timers.shut_down(&mut woken);
        wake_all(&mut woken);
        contain(|| drop(core));
    }

    /// From now on a task is dropped where it is spawned.
    pub(super) fn drop_tasks(&self) {
        self.live.close();
        while let Some(task) = self.live.pop() {
            task.shutdown();
        }
    }

    pub(super) fn poller(&self) -> &Poller {
        &self.poller
    }

    pub(super) fn inject(&self) -> &Inject<Notified> {
        &self.inject
    }

    pub(super) fn has_panicked(&self) -> bool {
        self.task_panicked.load(Ordering::Acquire)
    }

    pub(crate) fn io(&self) -> &io_driver::Handle {
        self.poller.io()
    }

    pub(crate) fn timers(&self) -> &Arc<Timers> {
        &self.timers
    }

    pub(crate) fn clock(&self) -> &Arc<Clock> {
        &self.clock
    }

    pub(crate) fn blocking(&self) -> &BlockingPool {
        &self.blocking
    }

    /// Whether this thread drives the runtime.
    pub(crate) fn drives_here(&self) -> bool {
        drives_here(self)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    pub(crate) fn stats(&self) -> &WorkerStats {
        &self.stats
    }

    pub(crate) fn is_asleep(&self) -> bool {
        self.asleep.load(Ordering::Relaxed)
    }

    /// Whether a thread drives at this moment.
    pub(crate) fn is_driven(&self) -> bool {
        let seat = self.seat.lock();
        seat.core.is_none() && !seat.closed
    }

    /// The task that is being polled, and for how long if that has been noticed.
    pub(crate) fn polled(&self) -> Option<(u64, Option<Duration>)> {
        self.watched.polled()
    }

    pub(crate) fn live(&self) -> &LiveTasks {
        &self.live
    }

    /// Searches the live tasks for one.
    pub(super) fn meta_of(&self, task: u64) -> Option<Meta> {
        self.live.meta_of(task)
    }

    pub(crate) fn alive_tasks(&self) -> usize {
        // In a fork the lock may be held by a thread that is not there.
        match self.config.origin.is_here() {
            true => self.live.len(),
            false => 0,
        }
    }

    /// For the driving thread: so many tasks wait in its queue.
    pub(super) fn note_queued(&self, tasks: usize) {
        self.queued.store(tasks, Ordering::Relaxed);
    }

    /// How many tasks wait in the queue of the thread that drives: now, if that is this one, else at its last turn.
    pub(crate) fn queued_tasks(&self) -> usize {
        queued_here(self).unwrap_or_else(|| self.queued.load(Ordering::Relaxed))
    }

    pub(crate) fn spawned_tasks(&self) -> u64 {
        // As of alive_tasks().
        match self.config.origin.is_here() {
            true => self.live.inserted(),
            false => 0,
        }
    }

    /// How many tasks have come from outside.
    pub(crate) fn tasks_from_outside(&self) -> u64 {
        self.inject.pushed()
    }

    pub(crate) fn injected_tasks(&self) -> usize {
        self.inject.len()
    }
}

impl Schedule for Arc<Shared> {
    unsafe fn schedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: `task` keeps it until it is handed on: to this thread's own queue, whose drive holds the
        // runtime, or below, outside of this borrow.
        let queued = push_if_driving(unsafe { this.as_ref() }, task);
        if let Err(task) = queued {
            // SAFETY: `task` has not been handed on.
            push_from_outside(Arc::clone(unsafe { this.as_ref() }), task);
        }
    }

    unsafe fn reschedule(this: NonNull<Self>, task: Notified) {
        // SAFETY: as here.
        unsafe { Self::schedule(this, task) };
    }

    fn release(&self, task: &Task) -> bool {
        self.config.task_hooks.terminate.call(task.meta());
        self.live.remove(task)
    }

    fn task_panicked(&self) {
        if self.config.panics_shut_down {
            self.task_panicked.store(true, Ordering::Release);
            self.wake_driver();
        }
    }
}

/// Once pushed, the task may end on the driving thread and take its
/// reference with it: hold another.
///
/// In a fork nobody will run the task, and the queue's lock may be held for ever.
#[cold]
fn push_from_outside(shared: Arc<Shared>, task: Notified) {
    if !shared.config.origin.is_here() {
        return std::mem::forget(task);
    }
    shared.inject.push(task);
    shared.unpark();
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("current_thread::Shared")
            .field("alive_tasks", &self.alive_tasks())
            .finish_non_exhaustive()
    }
}
