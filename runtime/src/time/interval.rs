//! Ticks at a fixed period.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::sleep::{Sleep, sleep_until};
use super::{Duration, Instant};

/// Ticks every `period`, for the first time at once.
///
/// An interval keeps to its schedule: the time that the work between two ticks takes is not added
/// to the period, as it would be with a [`sleep`](super::sleep) in a loop. What happens when the
/// work takes longer than the period is up to its [`MissedTickBehavior`].
///
/// # Panics
///
/// Panics if `period` is zero, or if no runtime is running.
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, interval};
///
/// #[runtime::main]
/// async fn main() {
///     let mut interval = interval(Duration::from_millis(2));
///     interval.tick().await; // at once
///     interval.tick().await; // 2 ms after the first
///     interval.tick().await; // 4 ms after the first
/// }
/// ```
#[track_caller]
pub fn interval(period: Duration) -> Interval {
    interval_at(Instant::now(), period)
}

/// Ticks every `period`, for the first time at `start`; otherwise as [`interval`].
///
/// # Panics
///
/// Panics if `period` is zero, or if no runtime is running.
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, Instant, interval_at};
///
/// #[runtime::main]
/// async fn main() {
///     let start = Instant::now() + Duration::from_millis(2);
///     let mut interval = interval_at(start, Duration::from_millis(5));
///     assert_eq!(interval.tick().await, start);
/// }
/// ```
#[track_caller]
pub fn interval_at(start: Instant, period: Duration) -> Interval {
    assert!(
        !period.is_zero(),
        "the period of an interval must not be zero"
    );
    Interval::new(sleep_until(start), period)
}

/// What an [`Interval`] does after a tick that was taken late.
///
/// Lateness of up to five milliseconds does not count: the schedule is kept, whatever the
/// behaviour. The table shows when ticks of an interval of 50 ms are taken whose second one is
/// taken at 130 ms, with no other delay.
///
/// | behaviour | tick 1 | 2 | 3 | 4 | 5 |
/// |---|---|---|---|---|---|
/// | `Burst` | 0 | 130 | 130 | 150 | 200 |
/// | `Delay` | 0 | 130 | 180 | 230 | 280 |
/// | `Skip` | 0 | 130 | 150 | 200 | 250 |
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, MissedTickBehavior, interval};
///
/// #[runtime::main]
/// async fn main() {
///     let mut interval = interval(Duration::from_millis(2));
///     interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
///     interval.tick().await;
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissedTickBehavior {
    /// Ticks that were missed follow at once, until the schedule is caught up with.
    #[default]
    Burst,
    /// The next tick comes a period after the late one: the schedule is shifted.
    Delay,
    /// Ticks that were missed are left out: the next one is the first of the schedule in the
    /// future.
    Skip,
}

impl MissedTickBehavior {
    fn next(self, scheduled: Instant, now: Instant, period: Duration) -> Instant {
        match self {
            MissedTickBehavior::Burst => scheduled.saturating_add(period),
            MissedTickBehavior::Delay => now.saturating_add(period),
            MissedTickBehavior::Skip => {
                let into_period = (now - scheduled).as_nanos() % period.as_nanos();
                now.saturating_add(period - duration_from(into_period))
            }
        }
    }
}

/// `nanos` is less than some duration.
fn duration_from(nanos: u128) -> Duration {
    const NANOS_PER_SEC: u128 = 1_000_000_000;
    Duration::new(
        (nanos / NANOS_PER_SEC) as u64,
        (nanos % NANOS_PER_SEC) as u32,
    )
}

/// Ticks at a fixed period: made by [`interval`] and [`interval_at`].
///
/// # Examples
///
/// A loop that does two things, each at its pace:
///
/// ```
///
/// use runtime::time::{Duration, interval};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut sample = interval(Duration::from_millis(2));
/// let mut report = interval(Duration::from_millis(10));
/// report.reset(); // not at once
/// let mut samples = 0;
/// loop {
///     runtime::select! {
///         _ = sample.tick() => samples += 1,
///         _ = report.tick() => break,
///     }
/// }
/// assert!(samples > 0);
/// # }
/// ```
#[derive(Debug)]
pub struct Interval {
    next: Pin<Box<Sleep>>,
    period: Duration,
    missed_tick_behavior: MissedTickBehavior,
}

impl Interval {
    pub(super) fn new(first: Sleep, period: Duration) -> Self {
        Interval {
            next: Box::pin(first),
            period,
            missed_tick_behavior: MissedTickBehavior::default(),
        }
    }

    /// Waits for the next tick and returns the moment for which it was scheduled.
    ///
    /// # Panics
    ///
    /// Panics if the runtime on which the interval was made has shut down, but for a first tick that is due from the start.
    ///
    /// # Cancel safety
    ///
    /// Cancel safe: a tick is taken only when it is returned.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, interval};
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let mut interval = interval(Duration::from_millis(2));
    ///     let first = interval.tick().await;
    ///     assert_eq!(interval.tick().await - first, Duration::from_millis(2));
    /// }
    /// ```
    pub async fn tick(&mut self) -> Instant {
        poll_fn(|cx| self.poll_tick(cx)).await
    }

    /// Polls for the next tick; the task is woken when it is due.
    ///
    /// The waker of the last poll is the one that is woken.
    ///
    /// # Panics
    ///
    /// As [`tick`](Self::tick).
    ///
    /// # Examples
    ///
    /// A stream of ticks:
    ///
    /// ```
    ///
    /// use std::pin::Pin;
    /// use std::task::{Context, Poll};
    /// use futures_core::Stream;
    /// use runtime::time::{Instant, Interval};
    ///
    /// struct Ticks(Interval);
    ///
    /// impl Stream for Ticks {
    ///     type Item = Instant;
    ///
    ///     fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Instant>> {
    ///         self.0.poll_tick(cx).map(Some)
    ///     }
    /// }
    /// ```
    pub fn poll_tick(&mut self, cx: &mut Context<'_>) -> Poll<Instant> {
        /// What a scheduler's jitter may cost does not count as missing a tick.
        const SLACK: Duration = Duration::from_millis(5);
        ready!(self.next.as_mut().poll(cx));
        let scheduled = self.next.deadline();
        let now = Instant::now();
        let next = match now - scheduled > SLACK {
            true => self.missed_tick_behavior.next(scheduled, now, self.period),
            false => scheduled.saturating_add(self.period),
        };
        self.next.as_mut().reset(next);
        Poll::Ready(scheduled)
    }

    /// Starts the schedule anew: the next tick comes a period from now.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, Instant, interval};
    ///
    /// #[runtime::main]
    /// async fn main() {
    ///     let mut interval = interval(Duration::from_millis(2));
    ///     let start = Instant::now();
    ///     interval.reset();
    ///     assert!(interval.tick().await >= start + Duration::from_millis(2));
    /// }
    /// ```
    pub fn reset(&mut self) {
        self.reset_after(self.period);
    }

    /// Starts the schedule anew: the next tick comes at once.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, Instant, interval};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let start = Instant::now();
    /// let mut hourly = interval(Duration::from_secs(3_600));
    /// hourly.tick().await;
    /// hourly.reset_immediately(); // the next one is due in an hour no more
    /// hourly.tick().await;
    /// assert!(start.elapsed() < Duration::from_secs(3_600));
    /// # }
    /// ```
    pub fn reset_immediately(&mut self) {
        self.reset_at(Instant::now());
    }

    /// Starts the schedule anew: the next tick comes after `after`, then every period.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, interval};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let mut interval = interval(Duration::from_secs(60));
    /// let first = interval.tick().await;
    /// interval.reset_after(Duration::from_secs(5));
    /// assert_eq!(interval.tick().await - first, Duration::from_secs(5));
    /// assert_eq!(interval.tick().await - first, Duration::from_secs(65));
    /// # }
    /// ```
    pub fn reset_after(&mut self, after: Duration) {
        self.reset_at(Instant::now().saturating_add(after));
    }

    /// Starts the schedule anew: the next tick comes at `deadline`, then every period.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, interval};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let mut interval = interval(Duration::from_secs(60));
    /// let deadline = interval.tick().await + Duration::from_secs(7);
    /// interval.reset_at(deadline);
    /// assert_eq!(interval.tick().await, deadline);
    /// # }
    /// ```
    pub fn reset_at(&mut self, deadline: Instant) {
        self.next.as_mut().reset(deadline);
    }

    /// Returns what happens after a late tick.
    #[must_use]
    pub fn missed_tick_behavior(&self) -> MissedTickBehavior {
        self.missed_tick_behavior
    }

    /// Sets what happens after a late tick.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{self, Duration, MissedTickBehavior, interval};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let mut interval = interval(Duration::from_secs(50));
    /// interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    /// let start = interval.tick().await;
    /// time::advance(Duration::from_secs(130)).await; // work that takes too long
    /// assert_eq!(interval.tick().await - start, Duration::from_secs(50)); // late
    /// assert_eq!(interval.tick().await - start, Duration::from_secs(150));
    /// # }
    /// ```
    pub fn set_missed_tick_behavior(&mut self, behavior: MissedTickBehavior) {
        self.missed_tick_behavior = behavior;
    }

    /// Returns the period.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.period
    }
}
