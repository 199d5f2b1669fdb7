//! Makes a scheduler and starts its threads.

use std::cell::Cell;
use std::fmt;
use std::io;
use std::ptr;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::bench::{Bench, ThreadSettings};
use super::duties::Duties;
use super::home::Home;
use super::idle::Idle;
use super::in_place::arrive_at_bench;
use super::monitor::Monitor;
use super::presence::Presence;
use super::seats::Seats;
use super::shared::{OUTSIDE_HOMES, Shared};
use super::shortage::Shortage;
use super::worker::Worker;
use crate::current;
use crate::driver::Family;
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU32};
use crate::primitive::thread::JoinHandle;
use crate::raw_task::Notified;
use crate::roster::Roster;
use crate::scheduler::inject::Inject;
use crate::scheduler::queue::Deque;
use crate::scheduler::watch::{Reporter, Tally, Vigil};
use crate::scheduler::{BlockingPool, Config, Handle, context};
use crate::util::join::join_all;
use crate::util::latch::Latch;
use crate::util::thread_builder::{ThreadName, start, thread_builder};

/// The threads of a running scheduler.
pub(crate) struct Threads {
    handles: Vec<JoinHandle<()>>,
    /// Counts the threads that have not ended, spares included.
    running: Arc<Latch>,
    name: ThreadName,
    stack_size: Option<usize>,
}

impl fmt::Debug for Threads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Threads")
            .field("running", &self.running())
            .finish_non_exhaustive()
    }
}

/// Starts a scheduler. `announce` hears of it before its first thread starts.
///
/// # Errors
///
/// A descriptor or a thread cannot be had; nothing is left behind then.
pub(crate) fn launch(
    settings: ThreadSettings,
    config: Config,
    blocking: BlockingPool,
    announce: impl FnOnce(&Arc<Shared>),
) -> io::Result<(Arc<Shared>, Threads)> {
    let mut threads = Threads::new(&settings);
    let shared = prepare(settings, config, blocking, threads.running.clone())?;
    announce(&shared);
    match threads.start(&shared) {
        Ok(()) => Ok((shared, threads)),
        Err(error) => {
            threads.wait(None);
            join_all(threads.take_handles());
            // A start hook may have used the pool.
            shared.blocking.shutdown();
            Err(error)
        }
    }
}

/// Lets crossbeam make what all its queues of the process share, on the first theft. A fork that caught
/// a worker in the midst of that would leave its child without queues that work.
fn set_up_memory_reclamation() {
    drop(Deque::<Notified>::new_fifo().stealer().steal());
}

/// Makes a scheduler without threads.
pub(super) fn prepare(
    settings: ThreadSettings,
    config: Config,
    blocking: BlockingPool,
    running: Arc<Latch>,
) -> io::Result<Arc<Shared>> {
    set_up_memory_reclamation();
    let (workers, spares) = (settings.workers, settings.max_spares);
    let family = Family::default();
    let duties = Duties::new(workers, &config, &family)?;
    let reporter = Reporter::new(&config);
    let shared = Arc::new_cyclic(|me| Shared {
        me: me.clone(),
        seats: Seats::new(workers, spares, &duties, &config, &family, me),
        inject: Inject::new(),
        idle: Idle::new(workers + spares, workers),
        duties,
        outside_homes: (0..OUTSIDE_HOMES)
            .map(|_| CachePadded::new(Home::of_nobody(me.clone())))
            .collect(),
        blocking,
        config,
        shutting_down: AtomicBool::new(false),
        dropping: AtomicBool::new(false),
        presence: Presence::new(workers),
        bench: Bench::new(settings, running),
        shortage: Shortage::none(),
        vigil: Vigil::new(),
        tally: Tally::default(),
        reporter,
        beat: CachePadded::new(AtomicU32::new(0)),
    });
    shared.homes().for_each(|home| home.open(&shared));
    Ok(shared)
}

impl Threads {
    fn new(settings: &ThreadSettings) -> Self {
        Threads {
            handles: Vec::new(),
            running: Arc::new(Latch::new(0)),
            name: settings.thread_name.clone(),
            stack_size: settings.stack_size,
        }
    }

    /// Starts the monitor, which sees every end through, and the workers. After an error those that run
    /// are on their way out.
    fn start(&mut self, shared: &Arc<Shared>) -> io::Result<()> {
        let monitor = Monitor::new(shared.clone());
        let started = self.start_thread(&|| shared.config.monitor_name(), || monitor.run());
        if let Err(error) = started {
            shared.start_shutdown();
            leave_empty(shared, 0);
            return Err(error);
        }
        let name = self.name.clone();
        for index in 0..shared.workers() {
            let worker = shared.clone();
            if let Err(error) = self.start_thread(&*name, move || live(&worker, Some(index))) {
                shared.start_shutdown();
                leave_empty(shared, index);
                return Err(error);
            }
        }
        Ok(())
    }

    fn start_thread(
        &mut self,
        name: &dyn Fn() -> String,
        main: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let builder = thread_builder(name, "rt-worker", self.stack_size);
        let ended = Latch::count_up(&self.running);
        let main = Box::new(move || {
            let _ended = ended;
            main();
        });
        self.handles.push(start(builder, main)?);
        Ok(())
    }

    /// Waits for all threads to leave the scheduler, for at most `timeout`; whether they did. They may
    /// still drop thread-local values of the user's.
    pub(crate) fn wait(&self, timeout: Option<Duration>) -> bool {
        self.running.wait(timeout)
    }

    /// To join them, which sees their very ends.
    pub(crate) fn take_handles(&mut self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut self.handles)
    }

    /// How many have not ended.
    pub(crate) fn running(&self) -> usize {
        self.running.count()
    }
}

/// Counts out the seats of workers whose threads could not be had.
fn leave_empty(shared: &Shared, first: usize) {
    for index in first..shared.workers() {
        shared.seats.get(index).occupancy.close();
        shared.seat_closed();
    }
}

thread_local! {
    /// The scheduler that this thread was started for, with or without a seat.
    static STARTED_FOR: Cell<*const Shared> = const { Cell::new(ptr::null()) };
}

/// Whether this thread was started to run the tasks of `shared`.
pub(super) fn belongs_to(shared: &Shared) -> bool {
    ptr::eq(STARTED_FOR.get(), shared)
}

/// The life of a thread that runs tasks: in the seat that it is born to, if any, then in those that it is called to.
pub(super) fn live(shared: &Arc<Shared>, born_to: Option<usize>) {
    STARTED_FOR.set(Arc::as_ptr(shared));
    Roster::enlist(&shared.config.roster);
    let _context = context::enter(Handle::MultiThread(shared.clone()));
    let _driving = current::start_driving();
    shared.config.on_thread_start.call();
    if let Some(index) = born_to {
        Worker::new(shared.clone(), index).run(None);
    }
    while let Some((index, awoken)) = shared.bench.next_seat(arrive_at_bench(), shared) {
        Worker::new(shared.clone(), index).run(awoken);
    }
    shared.config.on_thread_stop.call();
}
