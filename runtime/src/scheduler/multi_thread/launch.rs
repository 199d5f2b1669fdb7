//! Makes a scheduler and starts its threads.

use crossbeam_utils::CachePadded;
use std::io;
use std::time::Duration;

use super::group::Group;
use super::home::Home;
use super::idle::Idle;
use super::park::Sleeper;
use super::shared::{OUTSIDE_HOMES, Remote, Shared};
use super::stats::WorkerStats;
use super::worker::Worker;
use crate::current;
use crate::driver::{Reactor, Timers};
use crate::primitive::sync::Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize};
use crate::primitive::thread::{Builder, JoinHandle};
use crate::raw_task::Notified;
use crate::scheduler::inject::Inject;
use crate::scheduler::queue::{Deque, Slot};
use crate::scheduler::{BlockingPool, Config, Handle, context};
use crate::util::latch::Latch;

/// How worker threads are made.
pub(crate) struct Crew {
    pub(crate) workers: usize,
    pub(crate) thread_name: Arc<dyn Fn() -> String + Send + Sync>,
    pub(crate) stack_size: Option<usize>,
}

/// The threads of a running scheduler.
#[derive(Debug)]
pub(crate) struct Threads {
    handles: Vec<JoinHandle<()>>,
    /// Counts the threads that have not ended.
    running: Arc<Latch>,
}

/// Starts a scheduler. `announce` hears of it before its first thread starts.
///
/// # Errors
///
/// A descriptor or a thread cannot be had; nothing is left behind then.
pub(crate) fn launch(
    crew: &Crew,
    config: Config,
    blocking: BlockingPool,
    announce: impl FnOnce(&Arc<Shared>),
) -> io::Result<(Arc<Shared>, Threads)> {
    let deques: Vec<Deque<Notified>> = (0..crew.workers).map(|_| Deque::new_fifo()).collect();
    let shared = new_shared(&deques, config, blocking)?;
    announce(&shared);
    let mut threads = Threads::new();
    for (index, deque) in deques.into_iter().enumerate() {
        if let Err(error) = threads.start_worker(crew, &shared, index, deque) {
            shared.start_shutdown();
            (index..crew.workers).for_each(|_| shared.worker_left());
            threads.wait(None);
            return Err(error);
        }
    }
    Ok((shared, threads))
}

fn new_shared(
    deques: &[Deque<Notified>],
    config: Config,
    blocking: BlockingPool,
) -> io::Result<Arc<Shared>> {
    let workers = deques.len();
    let groups = (0..Group::count_for(workers))
        .map(|_| Ok(Group::new(Reactor::new(config.max_io_events)?)))
        .collect::<io::Result<Box<[Group]>>>()?;
    let remote = |(index, deque): (usize, &Deque<Notified>)| {
        CachePadded::new(Remote {
            stealer: deque.stealer(),
            slot: Slot::new(),
            sleeper: Sleeper::new(),
            timers: Arc::new(Timers::of_worker(
                groups[Group::index_of(index)].alarm.clone(),
            )),
            stats: WorkerStats::default(),
        })
    };
    let remotes = deques.iter().enumerate().map(remote).collect();
    let outside_timers = Arc::new(Timers::new(groups[0].alarm.clone()));
    let shared = Arc::new_cyclic(|weak| Shared {
        workers: remotes,
        inject: Inject::new(),
        idle: Idle::new(workers),
        groups,
        homes: (0..workers + OUTSIDE_HOMES)
            .map(|_| CachePadded::new(Home::new(weak.clone())))
            .collect(),
        outside_timers,
        blocking,
        config,
        shutting_down: AtomicBool::new(false),
        present: AtomicUsize::new(workers),
    });
    for home in &shared.homes {
        home.open(&shared);
    }
    Ok(shared)
}

impl Threads {
    fn new() -> Self {
        Threads {
            handles: Vec::new(),
            running: Arc::new(Latch::new(0)),
        }
    }

    fn start_worker(
        &mut self,
        crew: &Crew,
        shared: &Arc<Shared>,
        index: usize,
        deque: Deque<Notified>,
    ) -> io::Result<()> {
        let mut builder = Builder::new().name((crew.thread_name)());
        if let Some(bytes) = crew.stack_size {
            builder = builder.stack_size(bytes);
        }
        let shared = shared.clone();
        let ended = Latch::count_up(&self.running);
        let handle = builder.spawn(move || {
            let _ended = ended;
            work(shared, index, deque);
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
fn work(shared: Arc<Shared>, index: usize, deque: Deque<Notified>) {
    let _context = context::enter(Handle::MultiThread(shared.clone()));
    let _driving = current::start_driving();
    shared.config.on_thread_start.call();
    Worker::new(shared.clone(), index, deque).run();
    shared.config.on_thread_stop.call();
}
