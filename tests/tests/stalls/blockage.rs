//! The ways to get stuck.

use std::collections::BTreeSet;
use std::hint;
use std::io::Read;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use runtime::runtime::Runtime;
use runtime::task::{JoinHandle, yield_now};
use runtime_tests::wait;

use crate::ledger::Ledger;

/// As many spares as may get stuck. Those of a runtime are limited: once all are stuck, nobody goes on,
/// as it should be. The sleeper in the poll is woken last, so a worker that is there can leave every
/// task to a spare.
const STUCK_SPARES: usize = 16;

/// How a task keeps its worker from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    EndlessLoop,
    ThreadSleep,
    HeldMutex,
    BlockingRead,
    /// It waits for a task that it has spawned, which lies in its worker's slot.
    OwnChild,
    /// It blocks for 40 ms in each poll.
    ShortBlockings,
    /// It computes for 1 ms in each poll.
    ShortPolls,
}

impl Kind {
    /// Whether it keeps its worker in one poll until it is released.
    fn is_one_poll(self) -> bool {
        !matches!(self, Kind::ShortBlockings | Kind::ShortPolls)
    }
}

/// Tasks that are stuck until they are released.
#[derive(Debug)]
pub(crate) struct Blockage {
    kind: Kind,
    gate: Arc<Gate>,
    held: Option<MutexGuard<'static, ()>>,
    peer: TcpStream,
    ledger: Ledger,
    tasks: Vec<JoinHandle<usize>>,
}

/// What a stuck task waits for.
#[derive(Debug)]
struct Gate {
    open: AtomicBool,
    mutex: &'static Mutex<()>,
    socket: TcpStream,
    /// The names of the threads on which a task is stuck, and how many have ever been.
    threads: Mutex<BTreeSet<String>>,
}

impl Blockage {
    pub(crate) fn new(kind: Kind, ledger: &Ledger) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mutex: &'static Mutex<()> = Box::leak(Box::default());
        Blockage {
            kind,
            gate: Arc::new(Gate {
                open: AtomicBool::new(false),
                mutex,
                socket: listener.accept().unwrap().0,
                threads: Mutex::default(),
            }),
            held: Some(mutex.lock().unwrap()),
            peer,
            ledger: ledger.clone(),
            tasks: Vec::new(),
        }
    }

    /// Spawns stuck tasks until every one of the `workers` has one; spares may get some, too. If these
    /// take too many before, it is left at that.
    pub(crate) fn fill(&mut self, rt: &Runtime, workers: usize) {
        if !self.kind.is_one_poll() {
            return (0..2 * workers).for_each(|_| self.add(rt));
        }
        let enough = workers + STUCK_SPARES;
        while self.gate.stuck_workers() < workers && self.gate.stuck_threads() < enough {
            let before = self.gate.stuck_threads();
            self.add(rt);
            wait::until("one more is stuck", || self.gate.stuck_threads() > before);
        }
    }

    /// Spawns one task.
    pub(crate) fn add(&mut self, rt: &Runtime) {
        let task = stuck(self.kind, self.gate.clone(), self.ledger.clone());
        let number = self.tasks.len();
        self.tasks.push(rt.spawn(async move {
            task.await;
            number
        }));
    }

    /// Ends the blockage and waits for its tasks; none may have ended before.
    pub(crate) fn release(mut self, rt: &Runtime) {
        assert!(!self.tasks.iter().any(JoinHandle::is_finished));
        self.open();
        for (number, task) in self.tasks.drain(..).enumerate() {
            assert_eq!(rt.block_on(task).unwrap(), number);
        }
    }

    /// Ends the blockage.
    pub(crate) fn open(&mut self) {
        self.gate.open.store(true, Ordering::SeqCst);
        self.held = None;
        self.peer.shutdown(Shutdown::Both).unwrap();
    }
}

impl Drop for Blockage {
    fn drop(&mut self) {
        self.gate.open.store(true, Ordering::SeqCst);
    }
}

impl Gate {
    fn is_closed(&self) -> bool {
        !self.open.load(Ordering::SeqCst)
    }

    fn enter(&self) {
        let name = thread::current().name().unwrap().to_owned();
        self.threads.lock().unwrap().insert(name);
    }

    fn stuck_threads(&self) -> usize {
        self.threads.lock().unwrap().len()
    }

    fn stuck_workers(&self) -> usize {
        let threads = self.threads.lock().unwrap();
        let is_worker = |name: &&String| name.starts_with("rt-worker-");
        threads.iter().filter(is_worker).count()
    }
}

/// Spawns, gets stuck, and spawns again: nothing of that may be lost.
async fn stuck(kind: Kind, gate: Arc<Gate>, ledger: Ledger) {
    let spawn_some = || (0..10).for_each(|_| drop(runtime::spawn(ledger.entry())));
    spawn_some();
    if kind == Kind::OwnChild {
        // Before it counts as stuck: a shutdown meanwhile would leave it stuck for ever.
        wait_for_own_child();
    }
    gate.enter();
    match kind {
        Kind::EndlessLoop => spin_while(|| gate.is_closed()),
        Kind::ThreadSleep | Kind::OwnChild => sleep_while(|| gate.is_closed()),
        Kind::HeldMutex => drop(gate.mutex.lock().unwrap()),
        Kind::BlockingRead => assert_eq!((&gate.socket).read(&mut [0]).unwrap(), 0),
        Kind::ShortBlockings => {
            while gate.is_closed() {
                thread::sleep(Duration::from_millis(40));
                yield_now().await;
            }
        }
        Kind::ShortPolls => {
            while gate.is_closed() {
                let started = Instant::now();
                spin_while(|| started.elapsed() < Duration::from_millis(1));
                yield_now().await;
            }
        }
    }
    spawn_some();
    yield_now().await;
    spawn_some();
}

/// The child lies in this worker's slot.
fn wait_for_own_child() {
    let (ran, has_run) = channel();
    drop(runtime::spawn(async move { ran.send(()).unwrap() }));
    has_run.recv().unwrap();
}

pub(crate) fn spin_while(condition: impl Fn() -> bool) {
    while condition() {
        hint::spin_loop();
    }
}

/// Blocks in one poll; the naps only bound how late its end is noticed.
pub(crate) fn sleep_while(condition: impl Fn() -> bool) {
    while condition() {
        thread::sleep(Duration::from_millis(50));
    }
}
