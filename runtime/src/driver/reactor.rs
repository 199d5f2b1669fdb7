//! One turn of the reactor, with a deadline instead of a timeout.

use std::io;
use std::task::Waker;
use std::time::Duration;

use crate::clock;
use crate::current::Origin;
use crate::util::panic::contain;

/// The polling side of io-driver for one thread at a time.
#[derive(Debug)]
pub(crate) struct Reactor {
    io: io_driver::Driver,
}

impl Reactor {
    /// A turn takes up to `events` events; one that does not sleep, up to `busy_events`.
    pub(crate) fn new(events: usize, busy_events: usize) -> io::Result<Self> {
        let mut io = io_driver::Driver::with_generation(events, Origin::counter())?;
        if busy_events < events {
            io.limit_busy_turns(busy_events);
        }
        Ok(Reactor { io })
    }

    pub(crate) fn handle(&self) -> &io_driver::Handle {
        self.io.handle()
    }

    /// Takes what is ready, without sleeping. Wakers are put into `woken`, to be woken by
    /// [`wake_all`] once no lock is held. Answers whether the handle was unparked.
    pub(crate) fn poll(&mut self, woken: &mut Vec<Waker>) -> bool {
        self.turn(Some(Duration::ZERO), woken)
    }

    /// Sleeps until something is ready, somebody unparks the handle, or the clock says `deadline`.
    pub(crate) fn sleep_until(&mut self, deadline: u64, woken: &mut Vec<Waker>) {
        let timeout = match deadline {
            u64::MAX => None,
            ns => Some(Duration::from_nanos(ns.saturating_sub(clock::now_ns()))),
        };
        self.turn(timeout, woken);
    }

    /// Sleeps until something is ready, somebody unparks the handle, or `duration` has passed.
    pub(crate) fn sleep_for(&mut self, duration: Duration, woken: &mut Vec<Waker>) {
        self.turn(Some(duration), woken);
    }

    fn turn(&mut self, timeout: Option<Duration>, woken: &mut Vec<Waker>) -> bool {
        match self.io.turn(timeout, woken) {
            Ok(turn) => turn.unparked,
            // Only a broken descriptor or a bug gets here: nothing can work after it.
            Err(error) => panic!("the reactor cannot poll: {error}"),
        }
    }
}

/// Wakes and empties; one waker's panic does not stop the others.
pub(crate) fn wake_all(woken: &mut Vec<Waker>) {
    for waker in woken.drain(..) {
        contain(|| waker.wake());
    }
}
