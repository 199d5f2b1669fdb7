//! Reaps the children that nobody waits for any more, on a thread that is there while there are any.
//!
//! [`take_in`] lays an orphan before the door, the [`ARRIVALS`], and rings the thread's bell. If there is no bell there is
//! no thread, and it starts one. The thread sleeps until the bell rings or an orphan ends, lets in who came and
//! reaps who has ended. When it has nobody left and nobody is at the door, it takes its bell away
//! and leaves.
//!
//! The door and the bell are under one lock: an orphan that was laid there while the bell hung
//! is seen by the thread before it may take the bell away.
//!
//! An orphan's end is told by its pidfd; where it has none, `SIGCHLD` rings the bell, too. The signal is asked for
//! before the orphan is looked at, so an end in between is not missed.
//!
//! A thread of our own, because nothing else outlives what orphans outlive: a task ends with its runtime, which
//! may be gone already, and the blocking pool would wait for them at shutdown.

use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Child;
use std::time::Duration;

use super::pidfd;
use crate::current::Origin;
use crate::primitive::sync::{Arc, Mutex};
use crate::primitive::thread;
use crate::signal::bell::{Bell, Ringing};
use crate::util::system::readiness::{Look, wait};
use crate::util::thread_builder::start;

/// How long to do nothing when the system has no memory for waiting.
const WITHOUT_MEMORY: Duration = Duration::from_millis(100);

/// A child that nobody else will reap.
#[derive(Debug)]
pub(super) struct Orphan {
    pub(super) child: Child,
    pub(super) pidfd: Option<OwnedFd>,
}

impl Orphan {
    pub(super) fn new(child: Child) -> Self {
        let pidfd = pidfd::open(&child).ok();
        Orphan { child, pidfd }
    }

    /// Reaps it if it has ended. An error means that somebody else has.
    fn is_over(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

/// What is at the door.
#[derive(Debug)]
struct Arrivals {
    orphans: Vec<Orphan>,
    /// There as long as the thread is.
    bell: Option<Arc<Bell>>,
    /// The process of both. None before the first.
    origin: Option<Origin>,
}

static ARRIVALS: Mutex<Arrivals> = Mutex::new(Arrivals {
    orphans: Vec::new(),
    bell: None,
    origin: None,
});

impl Arrivals {
    /// A fork has neither the thread nor the children that its parent has.
    fn forget_those_of_the_parent(&mut self) {
        let here = Some(Origin::here());
        if self.origin != here {
            self.orphans.clear();
            self.bell = None;
            self.origin = here;
        }
    }

    fn start_thread(&mut self) {
        // An error: who is at the door stays there until the next child ends or is dropped.
        self.bell = Reaper::start().ok();
    }
}

/// Reaps the orphan when it ends.
pub(super) fn take_in(orphan: Orphan) {
    let mut arrivals = ARRIVALS.lock();
    arrivals.forget_those_of_the_parent();
    arrivals.orphans.push(orphan);
    match &arrivals.bell {
        Some(bell) => bell.ring(),
        None => arrivals.start_thread(),
    }
}

/// Starts the thread that the system refused before, if any.
pub(super) fn try_again() {
    let mut arrivals = ARRIVALS.lock();
    arrivals.forget_those_of_the_parent();
    if arrivals.bell.is_none() && !arrivals.orphans.is_empty() {
        arrivals.start_thread();
    }
}

/// The thread.
#[derive(Debug)]
struct Reaper {
    orphans: Vec<Orphan>,
    bell: Arc<Bell>,
    hearer: UnixStream,
    ringing: Option<Ringing>,
}

impl Reaper {
    fn start() -> io::Result<Arc<Bell>> {
        let (bell, hearer) = Bell::new()?;
        let reaper = Reaper {
            orphans: Vec::new(),
            bell: bell.clone(),
            hearer,
            ringing: None,
        };
        let builder = thread::Builder::new().name("child-reaper".to_owned());
        start(builder, Box::new(move || reaper.run()))?;
        Ok(bell)
    }

    fn run(mut self) {
        while self.let_in() {
            self.listen_for_those_without_pidfd();
            self.orphans.retain_mut(|orphan| !orphan.is_over());
            if !self.orphans.is_empty() {
                self.sleep();
            }
        }
    }

    /// Takes in who is at the door. False if there is nobody at all: the bell is gone then.
    fn let_in(&mut self) -> bool {
        let mut arrivals = ARRIVALS.lock();
        self.orphans.append(&mut arrivals.orphans);
        if self.orphans.is_empty() {
            arrivals.bell = None;
        }
        !self.orphans.is_empty()
    }

    fn listen_for_those_without_pidfd(&mut self) {
        if self.ringing.is_none() && self.orphans.iter().any(|orphan| orphan.pidfd.is_none()) {
            // An error: they are looked at when another ends or comes.
            self.ringing = self.bell.ring_at(libc::SIGCHLD).ok();
        }
    }

    /// Until the bell rings or an orphan with a pidfd ends.
    fn sleep(&mut self) {
        let pidfds = self
            .orphans
            .iter()
            .filter_map(|orphan| orphan.pidfd.as_ref());
        let mut watched = vec![Look::for_reading(&self.hearer)];
        watched.extend(pidfds.map(Look::for_reading));
        match wait(&mut watched) {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => std::thread::sleep(WITHOUT_MEMORY),
        }
        if let Ok(1) = self.hearer.read(&mut [0]) {
            self.bell.heard();
        }
    }
}
