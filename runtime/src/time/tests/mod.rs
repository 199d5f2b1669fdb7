//! Sleeps polled by hand, on a paused clock and on timers that no runtime fires.

mod interval;
mod sleep;
mod timeout;

use std::pin::Pin;
use std::sync::Arc as StdArc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::{Duration, Instant, Sleep};
use crate::clock::{self, Clock};
use crate::driver::timers::{Timers, Unpark};
use crate::primitive::sync::Arc;

const MS: Duration = Duration::from_millis(1);

/// Time and timers that only the test moves.
struct Bed {
    clock: Arc<Clock>,
    _entered: clock::Guard,
    timers: Arc<Timers>,
}

struct NobodySleeps;

impl Unpark for NobodySleeps {
    fn timer_became_earliest(&self, _deadline_ns: u64) {}
}

impl Bed {
    fn new() -> Self {
        let clock = Arc::new(Clock::pausable());
        clock.pause().unwrap();
        Bed {
            _entered: clock::enter(&clock),
            clock,
            timers: Arc::new(Timers::new(NobodySleeps)),
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.sleep_until(Instant::now().saturating_add(duration))
    }

    fn sleep_until(&self, deadline: Instant) -> Sleep {
        Sleep::on(self.timers.clone(), deadline, Instant::now())
    }

    /// Moves the clock and fires what is due by then.
    fn advance(&self, duration: Duration) {
        self.clock.advance(duration).unwrap();
        let mut woken = Vec::new();
        self.timers.fire_due(clock::now_ns(), &mut woken);
        woken.into_iter().for_each(Waker::wake);
    }
}

/// Counts how often its waker is woken.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wakes {
    fn new() -> StdArc<Self> {
        StdArc::default()
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Wakes {
    fn wake(self: StdArc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn poll_with<F: Future>(future: Pin<&mut F>, wakes: &StdArc<Wakes>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(&wakes.clone().into()))
}
