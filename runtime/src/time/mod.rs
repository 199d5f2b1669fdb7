//! Waiting for time to pass: sleeps, timeouts and intervals.
//!
//! - [`sleep`] and [`sleep_until`] wait; [`timeout`] and [`timeout_at`] give a future a limit;
//!   [`interval`] and [`interval_at`] tick; a [`DelayQueue`] gives many values back, each at its time.
//! - [`Instant`] is the runtime's notion of now. It follows [`pause`] and [`advance`], with which
//!   a test on a current-thread runtime need not wait for anything.
//!
//! Nothing here ends early: when a sleep is over, [`Instant::now`] is at or past its deadline. On
//! Linux a sleep of 200 us takes about 200 us; the upper bound depends on the system and on how
//! long other tasks keep the worker. Durations up to [`Duration::MAX`] are fine; those that no
//! clock can show end in the far future, some thirty years away.
//!
//! # Examples
//!
//! ```
//! use runtime::time::{Duration, Instant, sleep};
//!
//! #[runtime::main]
//! async fn main() {
//!     let start = Instant::now();
//!     sleep(Duration::from_millis(5)).await;
//!     assert!(start.elapsed() >= Duration::from_millis(5));
//! }
//! ```

pub mod delay_queue;
pub mod error;

mod instant;
mod interval;
mod pause;
mod send_timeout;
mod sleep;
mod timeout;

#[cfg(test)]
mod tests;

#[doc(no_inline)]
pub use std::time::Duration;

pub use delay_queue::DelayQueue;
pub use instant::Instant;
pub use interval::{Interval, MissedTickBehavior, interval, interval_at};
pub use pause::{advance, pause, resume};
pub use sleep::{Sleep, sleep, sleep_until};
pub use timeout::{Timeout, timeout, timeout_at};
