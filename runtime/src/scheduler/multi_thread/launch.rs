//! Makes a scheduler and starts its threads.

use std::fmt;
use std::io;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::group::Group;
use super::home::Home;
use super::idle::Idle;
use super::monitor::Monitor;
use super::presence::Presence;
use super::shared::{OUTSIDE_HOMES, Remote, Shared};
use super::spares::{Seat, Spares};
use super::worker::Worker;
use crate::current;
use crate::driver::{Reactor, Timers};
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize};
use crate::primitive::thread::JoinHandle;
use crate::raw_task::Notified;
use crate::scheduler::inject::Inject;
use crate::scheduler::queue::Deque;
use crate::scheduler::watch::{Tally, Vigil};
use crate::scheduler::{BlockingPool, Config, Handle, context};
use crate::util::latch::Latch;
use crate::util::thread_builder::{ThreadName, thread_builder};

/// How worker threads are made.
pub(crate) struct Crew {
    pub(crate) workers: usize,
    /// As many spares as round the seats up to whole words of [`Idle`], if the user does not say.
    pub(crate) max_spares: Option<usize>,
    pub(crate) thread_name: ThreadName,
    pub(crate) spare_name: ThreadName,
    pub(crate) stack_size: Option<usize>,
}

/// Fewer spares than this by default would let too few stuck tasks be survived.
const LEAST_SPARES: usize = 16;

impl Crew {
    fn seats(&self) -> usize {
        let rounded = || Idle::rounded_up(self.workers + LEAST_SPARES);
        self.max_spares
            .map_or_else(rounded, |spares| self.workers + spares)
    }
}

impl fmt::Debug for Crew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crew")
            .field("workers", &self.workers)
            .field("max_spares", &self.max_spares)
            .finish_non_exhaustive()
    }
}

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
    crew: Crew,
    config: Config,
    blocking: BlockingPool,
    announce: impl FnOnce(&Arc<Shared>),
) -> io::Result<(Arc<Shared>, Threads)> {
    let mut threads = Threads::new(&crew);
    let (shared, seats) = prepare(crew, config, blocking, threads.running.clone())?;
    announce(&shared);
    match threads.start(&shared, seats) {
        Ok(()) => Ok((shared, threads)),
        Err(error) => {
            threads.wait(None);
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

/// Makes a scheduler without threads, and the seats of its workers.
pub(super) fn prepare(
    crew: Crew,
    config: Config,
    blocking: BlockingPool,
    running: Arc<Latch>,
) -> io::Result<(Arc<Shared>, Vec<Seat>)> {
    let workers = crew.workers;
    set_up_memory_reclamation();
    let mut seats: Vec<Seat> = (0..crew.seats())
        .map(|index| Seat {
            index,
            deque: Deque::new_fifo(),
        })
        .collect();
    let remotes = |timers: &dyn Fn(usize) -> Arc<Timers>| {
        let remote = |seat: &Seat| Remote::new(seat.deque.stealer(), timers(seat.index));
        seats.iter().map(remote).map(CachePadded::new).collect()
    };
    let groups = new_groups(workers, &config)?;
    let outside_timers = Arc::new(Timers::new(groups[0].alarm.clone()));
    let workers_timers = |index: usize| match index < workers {
        true => Arc::new(Timers::of_worker(
            groups[Group::index_of(index)].alarm.clone(),
        )),
        false => outside_timers.clone(),
    };
    let remotes: Box<[_]> = remotes(&workers_timers);
    let spares = seats.split_off(workers);
    let shared = new_shared(Parts {
        remotes,
        groups,
        outside_timers,
        config,
        blocking,
        spares: Spares::new(spares, crew, running),
        workers,
    });
    Ok((shared, seats))
}

fn new_groups(workers: usize, config: &Config) -> io::Result<Box<[Group]>> {
    (0..Group::count_for(workers))
        .map(|_| Reactor::new(config.max_io_events, config.max_busy_io_events).map(Group::new))
        .collect()
}

struct Parts {
    remotes: Box<[CachePadded<Remote>]>,
    groups: Box<[Group]>,
    outside_timers: Arc<Timers>,
    config: Config,
    blocking: BlockingPool,
    spares: Spares,
    workers: usize,
}

fn new_shared(parts: Parts) -> Arc<Shared> {
    let seats = parts.remotes.len();
    let shared = Arc::new_cyclic(|weak| Shared {
        inject: Inject::new(),
        idle: Idle::new(seats, parts.workers),
        homes: (0..seats + OUTSIDE_HOMES)
            .map(|seat| CachePadded::new(Home::new(seat, weak.clone())))
            .collect(),
        workers: parts.remotes,
        groups: parts.groups,
        outside_timers: parts.outside_timers,
        blocking: parts.blocking,
        config: parts.config,
        shutting_down: AtomicBool::new(false),
        presence: Presence::new(parts.workers),
        spares: parts.spares,
        vigil: Vigil::new(),
        tally: Tally::default(),
        permanent: parts.workers,
        seats_in_use: AtomicUsize::new(parts.workers),
        beat: CachePadded::new(AtomicU32::new(0)),
    });
    for home in &shared.homes {
        home.open(&shared);
    }
    shared
}

impl Threads {
    fn new(crew: &Crew) -> Self {
        Threads {
            handles: Vec::new(),
            running: Arc::new(Latch::new(0)),
            name: crew.thread_name.clone(),
            stack_size: crew.stack_size,
        }
    }

    /// Starts the workers and the monitor. After an error those that run are on their way out.
    fn start(&mut self, shared: &Arc<Shared>, seats: Vec<Seat>) -> io::Result<()> {
        let name = self.name.clone();
        for seat in seats {
            let index = seat.index;
            let worker = shared.clone();
            if let Err(error) = self.start_thread(&*name, move || work(&worker, seat)) {
                shared.start_shutdown();
                (index..shared.permanent).for_each(|_| shared.worker_left());
                return Err(error);
            }
        }
        let monitor = Monitor::new(shared.clone());
        self.start_thread(&|| shared.config.monitor_name(), || monitor.run())
            .inspect_err(|_| shared.start_shutdown())
    }

    fn start_thread(
        &mut self,
        name: &dyn Fn() -> String,
        main: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let builder = thread_builder(name, "rt-worker", self.stack_size);
        let ended = Latch::count_up(&self.running);
        let handle = builder.spawn(move || {
            let _ended = ended;
            main();
        })?;
        self.handles.push(handle);
        Ok(())
    }

    /// Waits for all threads to end, for at most `timeout`; whether they did.
    pub(crate) fn wait(&mut self, timeout: Option<Duration>) -> bool {
        if !self.running.wait(timeout) {
            return false;
        }
        for handle in self.handles.drain(..) {
            handle.join().expect("a worker aborts rather than unwinds");
        }
        true
    }

    /// How many have not ended.
    pub(crate) fn running(&self) -> usize {
        self.running.count()
    }
}

/// The life of a worker's thread.
fn work(shared: &Arc<Shared>, seat: Seat) {
    let _context = context::enter(Handle::MultiThread(shared.clone()));
    let _driving = current::start_driving();
    shared.config.on_thread_start.call();
    Worker::new(shared.clone(), seat.index, seat.deque).run();
    shared.worker_left();
    shared.config.on_thread_stop.call();
}
