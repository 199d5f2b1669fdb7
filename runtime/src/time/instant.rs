//! A moment on the runtime's clock.

use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::time::{Duration, Instant as StdInstant};

use crate::clock;

/// A moment on a clock that never runs backwards.
///
/// The same as [`std::time::Instant`], to and from which it converts freely, except that
/// [`now`](Instant::now) follows the clock of the runtime, which a test can
/// [pause](super::pause) and [advance](super::advance).
///
/// # Examples
///
/// ```
/// use runtime::time::{Duration, Instant};
///
/// let start = Instant::now();
/// let deadline = start + Duration::from_secs(3);
/// assert_eq!(deadline - start, Duration::from_secs(3));
/// assert_eq!(start - deadline, Duration::ZERO);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant {
    std: StdInstant,
}

/// Where moments end that a clock cannot show; as far as every platform reaches.
const FAR_FUTURE: Duration = Duration::from_secs(30 * 365 * 86_400);

impl Instant {
    /// Returns the present moment.
    ///
    /// # Examples
    ///
    /// ```
    /// let before = runtime::time::Instant::now();
    /// assert!(runtime::time::Instant::now() >= before);
    /// ```
    #[must_use]
    #[inline]
    pub fn now() -> Instant {
        Instant { std: clock::now() }
    }

    /// Converts from the standard library's type, which shows the same scale.
    #[must_use]
    pub fn from_std(std: StdInstant) -> Instant {
        Instant { std }
    }

    /// Converts into the standard library's type.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::Instant;
    ///
    /// let before = std::time::Instant::now();
    /// assert!(Instant::now().into_std() >= before);
    /// assert_eq!(Instant::from_std(before).into_std(), before);
    /// ```
    #[must_use]
    pub fn into_std(self) -> StdInstant {
        self.std
    }

    /// Returns the time from `earlier` to `self`, zero if `earlier` is the later one.
    #[must_use]
    pub fn duration_since(&self, earlier: Instant) -> Duration {
        self.std.saturating_duration_since(earlier.std)
    }

    /// Returns the time from `earlier` to `self`, `None` if `earlier` is the later one.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, Instant};
    ///
    /// let start = Instant::now();
    /// let later = start + Duration::from_secs(1);
    /// assert_eq!(later.checked_duration_since(start), Some(Duration::from_secs(1)));
    /// assert_eq!(start.checked_duration_since(later), None);
    /// ```
    #[must_use]
    pub fn checked_duration_since(&self, earlier: Instant) -> Option<Duration> {
        self.std.checked_duration_since(earlier.std)
    }

    /// Returns the time from `earlier` to `self`, zero if `earlier` is the later one.
    #[must_use]
    pub fn saturating_duration_since(&self, earlier: Instant) -> Duration {
        self.std.saturating_duration_since(earlier.std)
    }

    /// Returns the time since `self`, zero if it lies in the future.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{self, Duration, Instant};
    ///
    /// # #[runtime::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let start = Instant::now();
    /// time::sleep(Duration::from_secs(5)).await;
    /// assert_eq!(start.elapsed(), Duration::from_secs(5));
    /// # }
    /// ```
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Instant::now().duration_since(*self)
    }

    /// Returns the moment `duration` later, `None` if the clock cannot show it.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::time::{Duration, Instant};
    ///
    /// let start = Instant::now();
    /// let second = Duration::from_secs(1);
    /// assert_eq!(start.checked_add(second), Some(start + second));
    /// assert_eq!(start.checked_add(Duration::MAX), None);
    /// ```
    #[must_use]
    pub fn checked_add(&self, duration: Duration) -> Option<Instant> {
        self.std.checked_add(duration).map(Instant::from_std)
    }

    /// Returns the moment `duration` earlier, `None` if the clock cannot show it.
    #[must_use]
    pub fn checked_sub(&self, duration: Duration) -> Option<Instant> {
        self.std.checked_sub(duration).map(Instant::from_std)
    }

    /// The moment `duration` later, or the far future.
    pub(crate) fn saturating_add(self, duration: Duration) -> Instant {
        self.checked_add(duration)
            .or_else(|| self.checked_add(FAR_FUTURE))
            .unwrap_or(self)
    }

    /// The moment that the runtime's timers know by this number, or the far future.
    pub(super) fn at_ns(ns: u64) -> Instant {
        Instant::from_std(clock::anchor()).saturating_add(Duration::from_nanos(ns))
    }

    /// Nanoseconds on the scale of the runtime's timers.
    pub(super) fn ns(self) -> u64 {
        clock::ns_at(self.std)
    }
}

impl From<StdInstant> for Instant {
    fn from(std: StdInstant) -> Instant {
        Instant::from_std(std)
    }
}

impl From<Instant> for StdInstant {
    fn from(instant: Instant) -> StdInstant {
        instant.into_std()
    }
}

/// Panics if the clock cannot show the result.
impl Add<Duration> for Instant {
    type Output = Instant;

    fn add(self, duration: Duration) -> Instant {
        Instant::from_std(self.std + duration)
    }
}

impl AddAssign<Duration> for Instant {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

/// Zero if the right side is the later one.
impl Sub for Instant {
    type Output = Duration;

    fn sub(self, earlier: Instant) -> Duration {
        self.duration_since(earlier)
    }
}

/// Panics if the clock cannot show the result.
impl Sub<Duration> for Instant {
    type Output = Instant;

    fn sub(self, duration: Duration) -> Instant {
        Instant::from_std(self.std - duration)
    }
}

impl SubAssign<Duration> for Instant {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.std.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{FAR_FUTURE, Instant};
    use std::time::Duration;

    #[test]
    fn arithmetic_is_that_of_the_standard_library() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut moment = start + second;
        assert_eq!(moment - start, second);
        assert_eq!(moment.checked_duration_since(start), Some(second));
        assert_eq!(moment - second, start);
        moment += second;
        moment -= second;
        assert_eq!(moment.into_std(), start.into_std() + second);
        assert_eq!(Instant::from(moment.into_std()), moment);
    }

    #[test]
    fn the_time_since_a_later_moment_is_zero() {
        let start = Instant::now();
        let later = start + Duration::from_secs(1);
        assert_eq!(start - later, Duration::ZERO);
        assert_eq!(start.saturating_duration_since(later), Duration::ZERO);
        assert_eq!(start.checked_duration_since(later), None);
        assert_eq!(later.elapsed(), Duration::ZERO);
    }

    #[test]
    fn what_no_clock_can_show_is_the_far_future() {
        let start = Instant::now();
        assert_eq!(start.checked_add(Duration::MAX), None);
        assert_eq!(start.saturating_add(Duration::MAX), start + FAR_FUTURE);
    }
}
