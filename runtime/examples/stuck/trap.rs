//! Where requests get stuck, until it is opened.

use std::collections::HashMap;
use std::fmt;
use std::hint;
use std::io::{self, Read};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// What an async function should not do, and requests to `/stuck` do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Computes on and on.
    Loop,
    /// Waits for a mutex of std.
    Mutex,
    /// Reads from a socket of std.
    Read,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Way::Loop => "loops without end",
            Way::Mutex => "waits for a mutex that another thread holds",
            Way::Read => "reads from a blocking socket",
        })
    }
}

impl Way {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name {
            "loop" => Some(Way::Loop),
            "mutex" => Some(Way::Mutex),
            "read" => Some(Way::Read),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Trap(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    way: Way,
    longest: Duration,
    open: AtomicBool,
    gate: Arc<Mutex<()>>,
    /// Dropped to let go of the gate.
    holder: Mutex<Option<Sender<()>>>,
    socket: TcpStream,
    peer: TcpStream,
    /// The names of the threads that are or were stuck.
    threads: Mutex<HashMap<ThreadId, String>>,
}

impl Trap {
    /// A trap of which a loop gets out by itself after `longest`.
    pub(crate) fn new(way: Way, longest: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let peer = TcpStream::connect(listener.local_addr()?)?;
        let gate = Arc::default();
        Ok(Self(Arc::new(Inner {
            way,
            longest,
            open: AtomicBool::new(false),
            holder: Mutex::new(Some(hold(&gate))),
            gate,
            socket: listener.accept()?.0,
            peer,
            threads: Mutex::default(),
        })))
    }

    /// Keeps the thread until the trap is opened.
    pub(crate) fn get_stuck(&self) {
        let thread = thread::current();
        let name = thread.name().unwrap_or("?").to_owned();
        self.threads().insert(thread.id(), name);
        match self.0.way {
            Way::Loop => self.compute(),
            Way::Mutex => drop(self.0.gate.lock()),
            Way::Read => drop((&self.0.socket).read(&mut [0])),
        }
    }

    fn compute(&self) {
        let started = Instant::now();
        while !self.0.open.load(Ordering::Relaxed) && started.elapsed() < self.0.longest {
            (0..1_000).for_each(|_| hint::spin_loop());
        }
    }

    /// Lets everybody go.
    pub(crate) fn open(&self) {
        self.0.open.store(true, Ordering::Relaxed);
        drop(self.0.holder.lock().map(|mut holder| holder.take()));
        // It fails when it was shut down before.
        let _ = self.0.peer.shutdown(Shutdown::Both);
    }

    /// How many workers are stuck, spares not counted.
    pub(crate) fn stuck_workers(&self) -> usize {
        let is_worker = |name: &&String| !name.starts_with("rt-spare");
        self.threads().values().filter(is_worker).count()
    }

    /// How many threads are stuck.
    pub(crate) fn stuck_threads(&self) -> usize {
        self.threads().len()
    }

    fn threads(&self) -> MutexGuard<'_, HashMap<ThreadId, String>> {
        self.0.threads.lock().expect("nobody panics with the names")
    }
}

/// Holds a mutex until the sender is dropped.
fn hold(gate: &Arc<Mutex<()>>) -> Sender<()> {
    let (release, released): (_, Receiver<()>) = channel();
    let (begin, begun) = channel();
    let gate = gate.clone();
    thread::spawn(move || {
        let _held = gate.lock();
        drop(begin);
        let _ = released.recv();
    });
    // It ends when the mutex is held.
    let _: Result<(), _> = begun.recv();
    release
}
