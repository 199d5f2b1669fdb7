//! The only reader of time: the system's monotonic clock, or the paused one of the runtime entered.
//!
//! Inside the runtime a moment is a `u64` of nanoseconds since an anchor, which the process sets
//! when it first asks for the time. A [`Clock`] belongs to a runtime; that of a multi-threaded one
//! is [real](Clock::real) and cannot be paused. A thread that has entered no pausable clock pays
//! one load of a thread-local flag for the choice.
//!
//! A clock never runs backwards: pausing freezes the moment it shows, resuming goes on from there,
//! and from then on it differs from the system's by a constant.

#[cfg_attr(not(target_os = "linux"), path = "clock/coarse_unknown.rs")]
mod coarse;

use std::cell::{Cell, RefCell};
use std::marker::PhantomData;
use std::time::{Duration, Instant};

use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::primitive::sync::{Arc, Mutex, OnceLock};

static ANCHOR: OnceLock<Instant> = OnceLock::new();

thread_local! {
    /// Whether the clock that this thread has entered can be paused.
    static PAUSABLE: Cell<bool> = const { Cell::new(false) };
    static CURRENT: RefCell<Option<Arc<Clock>>> = const { RefCell::new(None) };
}

/// The time as this thread sees it, in nanoseconds since the anchor.
#[inline]
pub(crate) fn now_ns() -> u64 {
    if PAUSABLE.get() {
        return entered_now_ns();
    }
    system_now_ns()
}

/// The time as this thread sees it.
#[inline]
pub(crate) fn now() -> Instant {
    if PAUSABLE.get() {
        return instant_at(entered_now_ns());
    }
    Instant::now()
}

/// For who asks only whether `deadline_ns` is past: the time, or some moment between the two.
///
/// A deadline that is far away costs a look at the system's coarse clock, a fraction of a look at
/// the precise one.
#[inline]
pub(crate) fn now_ns_against(deadline_ns: u64) -> u64 {
    if !PAUSABLE.get() {
        if let Some(later) = coarse::later_than_now_ns().filter(|later| *later < deadline_ns) {
            return later;
        }
    }
    now_ns()
}

/// Nanoseconds from the anchor to `instant`: zero before it, `u64::MAX` beyond 584 years.
#[inline]
pub(crate) fn ns_at(instant: Instant) -> u64 {
    duration_ns(instant.saturating_duration_since(anchor()))
}

/// The clock that this thread has entered, if it can be paused.
pub(crate) fn current() -> Option<Arc<Clock>> {
    if !PAUSABLE.get() {
        return None;
    }
    CURRENT.try_with(|current| current.borrow().clone()).ok()?
}

/// The moment from which nanoseconds are counted.
#[inline]
pub(crate) fn anchor() -> Instant {
    *ANCHOR.get_or_init(Instant::now)
}

/// The time whatever clock this thread has, in nanoseconds since the anchor.
#[inline]
pub(crate) fn system_now_ns() -> u64 {
    // The anchor comes first, or the first of all readings would lie before it.
    let anchor = anchor();
    duration_ns(Instant::now().saturating_duration_since(anchor))
}

fn entered_now_ns() -> u64 {
    CURRENT
        .try_with(|current| current.borrow().as_ref().map(|clock| clock.now_ns()))
        .ok()
        .flatten()
        .unwrap_or_else(system_now_ns)
}

fn instant_at(ns: u64) -> Instant {
    anchor() + Duration::from_nanos(ns)
}

#[inline]
fn duration_ns(duration: Duration) -> u64 {
    duration
        .as_secs()
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::from(duration.subsec_nanos()))
}

/// The clock of one runtime.
#[derive(Debug)]
pub(crate) struct Clock {
    pausable: bool,
    /// Whether it was ever paused: until then it shows the system's time without a look at
    /// `reading`.
    was_paused: AtomicBool,
    reading: Mutex<Reading>,
    /// How many pieces of work forbid a paused clock to jump to the next timer.
    advance_holds: AtomicUsize,
}

#[derive(Debug)]
struct Reading {
    /// The moment shown while paused.
    frozen_at: Option<u64>,
    /// Nanoseconds by which the running clock is ahead of the system's.
    ahead: i64,
}

impl Reading {
    fn now_ns(&self) -> u64 {
        self.frozen_at
            .unwrap_or_else(|| system_now_ns().saturating_add_signed(self.ahead))
    }
}

/// Why a clock could not do what was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It always shows the system's time.
    NotPausable,
    AlreadyPaused,
    NotPaused,
}

impl Clock {
    /// A clock that always shows the system's time.
    pub(crate) fn real() -> Self {
        Clock::new(false)
    }

    /// A clock that runs with the system's until it is paused.
    pub(crate) fn pausable() -> Self {
        Clock::new(true)
    }

    fn new(pausable: bool) -> Self {
        let reading = Mutex::new(Reading {
            frozen_at: None,
            ahead: 0,
        });
        Clock {
            pausable,
            was_paused: AtomicBool::new(false),
            reading,
            advance_holds: AtomicUsize::new(0),
        }
    }

    /// What this clock shows, in nanoseconds since the anchor.
    pub(crate) fn now_ns(&self) -> u64 {
        if self.was_paused() {
            self.reading.lock().now_ns()
        } else {
            system_now_ns()
        }
    }

    pub(crate) fn is_paused(&self) -> bool {
        self.was_paused() && self.reading.lock().frozen_at.is_some()
    }

    #[inline]
    fn was_paused(&self) -> bool {
        // Relaxed: whoever hears of the pause from the thread that made it sees it. A reading
        // at the same time as the pause may still be the system's.
        self.was_paused.load(Ordering::Relaxed)
    }

    /// Freezes the clock at the moment it shows.
    pub(crate) fn pause(&self) -> Result<(), Refusal> {
        if !self.pausable {
            return Err(Refusal::NotPausable);
        }
        let mut reading = self.reading.lock();
        if reading.frozen_at.is_some() {
            return Err(Refusal::AlreadyPaused);
        }
        reading.frozen_at = Some(reading.now_ns());
        self.was_paused.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Lets a paused clock go on from the moment it shows.
    pub(crate) fn resume(&self) -> Result<(), Refusal> {
        let mut reading = self.reading.lock();
        let frozen_at = reading.frozen_at.take().ok_or(Refusal::NotPaused)?;
        reading.ahead = signed_difference(frozen_at, system_now_ns());
        Ok(())
    }

    /// Moves a paused clock forward.
    pub(crate) fn advance(&self, duration: Duration) -> Result<(), Refusal> {
        let mut reading = self.reading.lock();
        let frozen_at = reading.frozen_at.as_mut().ok_or(Refusal::NotPaused)?;
        *frozen_at = frozen_at.saturating_add(duration_ns(duration));
        Ok(())
    }

    /// Moves a paused clock forward to `ns`; does nothing if it shows that moment or a later one.
    pub(crate) fn advance_to(&self, ns: u64) -> Result<(), Refusal> {
        let mut reading = self.reading.lock();
        let frozen_at = reading.frozen_at.as_mut().ok_or(Refusal::NotPaused)?;
        *frozen_at = ns.max(*frozen_at);
        Ok(())
    }

    /// Whether a runtime with nothing else to do may [jump](Self::advance_to) to its next timer.
    pub(crate) fn may_auto_advance(&self) -> bool {
        // Acquire: pairs with the end of a hold, before which the work has woken whom it wakes.
        self.advance_holds.load(Ordering::Acquire) == 0 && self.is_paused()
    }
}

fn signed_difference(a: u64, b: u64) -> i64 {
    // Differences are lengths of time that a process has lived or skipped: below 292 years.
    i64::try_from(i128::from(a) - i128::from(b)).unwrap_or(i64::MAX)
}

/// Keeps a paused clock from jumping to the next timer while work is under way that its runtime
/// does not see.
#[derive(Debug)]
pub(crate) struct AdvanceHold(Arc<Clock>);

impl AdvanceHold {
    pub(crate) fn new(clock: Arc<Clock>) -> Self {
        clock.advance_holds.fetch_add(1, Ordering::Relaxed);
        AdvanceHold(clock)
    }
}

impl Drop for AdvanceHold {
    fn drop(&mut self) {
        self.0.advance_holds.fetch_sub(1, Ordering::Release);
    }
}

/// Makes `clock` the one that this thread reads until the guard is dropped.
pub(crate) fn enter(clock: &Arc<Clock>) -> Guard {
    let entered = clock.pausable.then(|| clock.clone());
    Guard {
        before: swap_current(entered),
        _not_send: PhantomData,
    }
}

/// Puts back the clock that the thread read before.
#[derive(Debug)]
pub(crate) struct Guard {
    before: Option<Arc<Clock>>,
    _not_send: PhantomData<*const ()>,
}

impl Drop for Guard {
    fn drop(&mut self) {
        swap_current(self.before.take());
    }
}

fn swap_current(clock: Option<Arc<Clock>>) -> Option<Arc<Clock>> {
    let pausable = clock.is_some();
    let swapped = CURRENT.try_with(|current| current.replace(clock));
    // A thread that ends has lost its place for the clock, and reads the system's.
    PAUSABLE.set(pausable && swapped.is_ok());
    swapped.ok().flatten()
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{
        AdvanceHold, Clock, Refusal, current, enter, instant_at, now, now_ns, now_ns_against, ns_at,
    };
    use crate::primitive::sync::Arc;
    use std::time::{Duration, Instant};

    fn paused() -> Arc<Clock> {
        let clock = Arc::new(Clock::pausable());
        clock.pause().expect("it runs");
        clock
    }

    #[test]
    fn a_paused_clock_moves_only_when_advanced() {
        let clock = paused();
        let before = clock.now_ns();
        assert_eq!(clock.now_ns(), before);
        clock.advance(Duration::from_nanos(5)).unwrap();
        assert_eq!(clock.now_ns(), before + 5);
        clock.advance(Duration::MAX).unwrap();
        assert_eq!(clock.now_ns(), u64::MAX);
    }

    #[test]
    fn advancing_to_the_past_does_nothing() {
        let clock = paused();
        let before = clock.now_ns();
        clock.advance_to(before - 1).unwrap();
        assert_eq!(clock.now_ns(), before);
        clock.advance_to(before + 1).unwrap();
        assert_eq!(clock.now_ns(), before + 1);
    }

    #[test]
    fn a_resumed_clock_goes_on_from_where_it_was() {
        let clock = paused();
        clock.advance(Duration::from_secs(3_600)).unwrap();
        let frozen = clock.now_ns();
        clock.resume().unwrap();
        assert!(clock.now_ns() >= frozen);
        clock.pause().unwrap();
        assert!(clock.now_ns() >= frozen);
    }

    #[test]
    fn only_a_pausable_clock_in_the_right_state_obeys() {
        assert_eq!(Clock::real().pause(), Err(Refusal::NotPausable));
        assert_eq!(paused().pause(), Err(Refusal::AlreadyPaused));
        let running = Clock::pausable();
        assert_eq!(running.resume(), Err(Refusal::NotPaused));
        assert_eq!(
            running.advance(Duration::from_secs(1)),
            Err(Refusal::NotPaused)
        );
        assert_eq!(running.advance_to(0), Err(Refusal::NotPaused));
    }

    #[test]
    fn a_thread_reads_the_clock_it_has_entered() {
        let clock = paused();
        clock.advance(Duration::from_secs(3_600)).unwrap();
        let guard = enter(&clock);
        assert_eq!(now_ns(), clock.now_ns());
        assert_eq!(now(), instant_at(clock.now_ns()));
        {
            let _real = enter(&Arc::new(Clock::real()));
            assert!(now_ns() < clock.now_ns());
            assert!(current().is_none());
        }
        assert_eq!(now_ns(), clock.now_ns());
        drop(guard);
        assert!(now_ns() < clock.now_ns());
    }

    #[test]
    fn guards_dropped_out_of_order_leave_no_dangling_clock() {
        let outer = enter(&paused());
        let inner = enter(&paused());
        drop(outer);
        drop(inner);
        now_ns();
        let _real = enter(&Arc::new(Clock::real()));
        assert!(current().is_none());
    }

    #[test]
    fn held_work_keeps_a_paused_clock_from_jumping() {
        let clock = paused();
        assert!(clock.may_auto_advance());
        let hold = AdvanceHold::new(clock.clone());
        assert!(!clock.may_auto_advance());
        drop(hold);
        assert!(clock.may_auto_advance());
        clock.resume().unwrap();
        assert!(!clock.may_auto_advance());
    }

    #[test]
    fn a_question_about_a_deadline_is_answered_as_by_the_precise_clock() {
        let second = 1_000_000_000;
        for ahead in [0, 1, second / 2, 2 * second, 3_600 * second] {
            let now = now_ns();
            assert!(now_ns_against(now) >= now);
            assert!(now_ns_against(now.saturating_sub(ahead)) >= now);
            let deadline = now + 60 * second + ahead;
            let answer = now_ns_against(deadline);
            assert!(now <= answer && answer < deadline);
        }
        let clock = paused();
        let _entered = enter(&clock);
        assert_eq!(now_ns_against(u64::MAX), clock.now_ns());
    }

    #[test]
    fn moments_outside_the_scale_saturate() {
        now_ns();
        if let Some(past) = Instant::now().checked_sub(Duration::from_secs(600)) {
            assert_eq!(ns_at(past), 0);
        }
        let beyond = Instant::now() + Duration::from_secs(1_000 * 365 * 86_400);
        assert_eq!(ns_at(beyond), u64::MAX);
    }
}
