//! Those that have nothing to do with the blocked tasks: an echo and a ticker.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::crowd::connected;
use super::host::Host;

/// Sockets that an accept loop registers, and as many that a thread outside does.
const CLIENTS: usize = 3;
const BETWEEN_CALLS: Duration = Duration::from_millis(2);

/// An answer that does not come in this time is lost.
const PATIENCE: Duration = Duration::from_millis(500);

const TICK: Duration = Duration::from_millis(10);

/// What becomes of them, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// How long each answer took. One that did not come counts with the time it was waited for.
    pub(super) answers: Vec<f64>,
    pub(super) lost_answers: usize,
    /// How late each tick was; so, too, the one that did not come.
    pub(super) lateness: Vec<f64>,
}

/// Clients outside the runtime and a ticker in it.
pub(super) struct Bystanders {
    clients: Vec<TcpStream>,
    ticker: Arc<Mutex<Ticker>>,
}

struct Ticker {
    due: Instant,
    lateness: Vec<f64>,
}

impl Bystanders {
    pub(super) fn start<R: Host>(host: &R) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let server = listener.local_addr()?;
        host.spawn_from_outside(async {
            // It ends with the runtime.
            let _ = R::echo_all(listener).await;
        });
        let mut clients = Vec::new();
        for _ in 0..CLIENTS {
            let accepted = TcpStream::connect(server)?;
            accepted.set_nodelay(true)?;
            let (outside, registered) = connected()?;
            host.echo_from_outside(registered)?;
            clients.extend([accepted, outside]);
        }
        for client in &mut clients {
            client.write_all(&[1])?;
            client.read_exact(&mut [0])?;
        }
        let due = Instant::now() + TICK;
        let lateness = Vec::new();
        let ticker = Arc::new(Mutex::new(Ticker { due, lateness }));
        host.spawn_from_outside(tick::<R>(ticker.clone()));
        Ok(Bystanders { clients, ticker })
    }

    pub(super) fn clients(&self) -> usize {
        self.clients.len()
    }

    /// Forgets the ticks so far, and has the clients call until this has passed.
    pub(super) fn watch(self, duration: Duration) -> Watch {
        let until = Instant::now() + duration;
        lock(&self.ticker).lateness.clear();
        let call = |client| thread::spawn(move || call(client, until));
        Watch {
            callers: self.clients.into_iter().map(call).collect(),
            ticker: self.ticker,
        }
    }
}

/// Bystanders that are watched.
pub(super) struct Watch {
    callers: Vec<JoinHandle<io::Result<Notes>>>,
    ticker: Arc<Mutex<Ticker>>,
}

impl Watch {
    pub(super) fn is_over(&self) -> bool {
        self.callers.iter().all(JoinHandle::is_finished)
    }

    /// Waits until the time is over.
    pub(super) fn finish(self) -> io::Result<Notes> {
        let mut notes = Notes::default();
        for caller in self.callers {
            let of_one = caller.join().expect("a caller does not panic")?;
            notes.answers.extend(of_one.answers);
            notes.lost_answers += of_one.lost_answers;
        }
        let mut ticker = lock(&self.ticker);
        notes.lateness.append(&mut ticker.lateness);
        if let Some(late) = Instant::now().checked_duration_since(ticker.due) {
            notes.lateness.push(milliseconds(late));
        }
        Ok(notes)
    }
}

/// Calls until the time is over, or an answer does not come.
fn call(mut stream: TcpStream, until: Instant) -> io::Result<Notes> {
    let mut notes = Notes::default();
    loop {
        let started = Instant::now();
        let Some(left) = until.checked_duration_since(started) else {
            return Ok(notes);
        };
        stream.set_read_timeout(Some(left.max(PATIENCE)))?;
        stream.write_all(&[1])?;
        let answer = stream.read_exact(&mut [0]);
        notes.answers.push(milliseconds(started.elapsed()));
        match answer {
            Ok(()) => thread::sleep(BETWEEN_CALLS),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                notes.lost_answers += 1;
                return Ok(notes);
            }
            Err(error) => return Err(error),
        }
    }
}

async fn tick<R: Host>(ticker: Arc<Mutex<Ticker>>) {
    loop {
        let due = Instant::now() + TICK;
        lock(&ticker).due = due;
        R::sleep(TICK).await;
        let late = Instant::now().saturating_duration_since(due);
        lock(&ticker).lateness.push(milliseconds(late));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
