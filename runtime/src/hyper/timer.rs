//! hyper's timeouts on the runtime's timers.

use std::pin::Pin;
use std::time::{Duration, Instant};

use ::hyper::rt;

use crate::time;

/// Keeps hyper's timeouts (header read, HTTP/2 keep-alive) with the runtime's timers.
///
/// hyper starts no timeout without a timer: a server that leaves it out also leaves out the limit
/// on how long a client may take to send its headers. Time is the runtime's own, so it stands still
/// while the runtime's clock is paused.
///
/// # Panics
///
/// hyper's call panics where no runtime is running, as [`sleep`](crate::time::sleep) does.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use hyper::server::conn::http1;
///
/// let mut builder = http1::Builder::new();
/// builder
///     .timer(runtime::hyper::Timer::new())
///     .header_read_timeout(Duration::from_secs(10));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Timer {}

impl Timer {
    /// Creates a timer; it holds nothing and can be copied at will.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use runtime::hyper::Timer;
    /// use ::hyper::rt::Timer as _;
    ///
    /// # #[runtime::main]
    /// # async fn main() {
    /// Timer::new().sleep(Duration::from_millis(1)).await;
    /// # }
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

impl rt::Timer for Timer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(time::sleep(duration))
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn rt::Sleep>> {
        Box::pin(time::sleep_until(deadline.into()))
    }

    fn now(&self) -> Instant {
        time::Instant::now().into()
    }

    /// Moves the deadline in place, without the allocation of a new sleep.
    fn reset(&self, sleep: &mut Pin<Box<dyn rt::Sleep>>, new_deadline: Instant) {
        match sleep.as_mut().downcast_mut_pin::<time::Sleep>() {
            Some(ours) => ours.reset(new_deadline.into()),
            None => *sleep = self.sleep_until(new_deadline),
        }
    }
}

impl rt::Sleep for time::Sleep {}
