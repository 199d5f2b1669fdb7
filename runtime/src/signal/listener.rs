//! One who waits for a signal.

use std::io;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::{Context, Poll, ready};

use libc::c_int;

use super::arrivals::{Arrivals, Place};
use super::ear::Ear;
use super::wire::Wire;
use crate::coop;
use crate::primitive::sync::Arc;
use crate::scheduler::context;

pub(super) struct Listener {
    arrivals: &'static Arrivals,
    /// Up to which arrival it has heard.
    heard: usize,
    place: Option<Place>,
    /// That of the runtime it was made in, without which nobody may hear of an arrival.
    ear: Arc<Ear>,
}

impl Listener {
    #[track_caller]
    pub(super) fn new(signal: c_int) -> io::Result<Self> {
        let reactor = context::io_handle();
        let wire = Wire::here()?;
        let ear = wire.ear(&reactor)?;
        let arrivals = wire.catch(signal)?;
        Ok(Listener {
            arrivals,
            heard: arrivals.delivered(),
            place: None,
            ear,
        })
    }

    /// Fails if the runtime is gone and nothing has arrived before.
    pub(super) fn poll_arrival(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let coop = ready!(coop::poll_proceed(cx));
        let answer = self.answer().or_else(|| {
            self.arrivals.wait(&mut self.place, cx.waker());
            // Look again: an arrival between the first look and the wait has found nobody to wake.
            self.answer()
        });
        match answer {
            Some(answer) => {
                coop.made_progress();
                Poll::Ready(answer)
            }
            None => Poll::Pending,
        }
    }

    /// What there is to be told, once.
    fn answer(&mut self) -> Option<io::Result<()>> {
        if !self.ear.is_here() {
            return Some(Err(in_a_fork()));
        }
        let count = self.arrivals.count();
        if count != self.heard {
            self.heard = count;
            self.arrivals.deliver(count);
            return Some(Ok(()));
        }
        self.ear.error().map(Err)
    }
}

// No user code runs under the locks that it shares, so no panic leaves anything half changed.
impl UnwindSafe for Listener {}
impl RefUnwindSafe for Listener {}

impl Drop for Listener {
    fn drop(&mut self) {
        // In a fork the lock may be held by a thread that is not there.
        if let Some(place) = self.place.take().filter(|_| self.ear.is_here()) {
            self.arrivals.leave(place);
        }
    }
}

#[cold]
fn in_a_fork() -> io::Error {
    io::Error::other("this process is a fork of the one that listens: listen anew here")
}
