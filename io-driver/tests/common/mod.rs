//! What several tests need: sockets, and wakers that count.

#![allow(dead_code, reason = "each test file uses its part")]

use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::task::{Wake, Waker};
use std::thread;
use std::time::Duration;

use io_driver::{Driver, Evented, FdSource, Interest};

pub(crate) type Socket = Evented<FdSource<UnixStream>>;

pub(crate) const BOTH: Interest = Interest::READABLE.add(Interest::WRITABLE);

/// A driver, a registered socket and its peer.
pub(crate) fn fixture(interest: Interest) -> (Driver, Socket, UnixStream) {
    let driver = Driver::new(64).unwrap();
    let (ours, peer) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let socket = Evented::new(driver.handle(), FdSource::new(ours), interest).unwrap();
    (driver, socket, peer)
}

/// Turns without waiting until the operating system has nothing more to tell, and wakes.
pub(crate) fn take_in(driver: &mut Driver) -> usize {
    let mut woken = Vec::new();
    let mut events = 0;
    loop {
        let turn = driver.turn(Some(Duration::ZERO), &mut woken).unwrap();
        events += turn.events;
        if turn.events == 0 {
            break;
        }
    }
    woken.into_iter().for_each(Waker::wake);
    events
}

pub(crate) fn live(driver: &Driver) -> u64 {
    let metrics = driver.handle().metrics();
    metrics.registered - metrics.deregistered
}

#[derive(Default)]
pub(crate) struct Counter(AtomicUsize);

impl Counter {
    pub(crate) fn new() -> (Arc<Counter>, Waker) {
        let counter = Arc::new(Counter::default());
        (counter.clone(), Waker::from(counter))
    }

    pub(crate) fn wakes(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// Fails instead of hanging where a deadlock is what the test looks for.
pub(crate) fn without_deadlock<R: Send + 'static>(f: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, result) = mpsc::channel();
    let worker = thread::spawn(move || done.send(f()));
    match result.recv_timeout(Duration::from_secs(20)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("deadlock"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(_) => unreachable!("the sender is dropped only by a panic"),
        },
    }
}
