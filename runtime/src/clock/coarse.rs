//! The system's coarse clock: cheap to read, and behind the precise one by up to a tick.

use rustix::time::{ClockId, clock_gettime};

use crate::primitive::sync::OnceLock;

/// How far it is taken to be behind at most: many ticks.
///
/// A hypervisor that keeps the ticks away for longer makes this wrong. Then a wait that is over at its first
/// poll is noticed in the next turn of its worker.
const BEHIND_NS: u64 = 1_000_000_000;

/// How far its zero lies before the anchor.
static ZERO: OnceLock<u64> = OnceLock::new();

/// A moment that is later than now, in nanoseconds since the anchor.
#[inline]
pub(super) fn later_than_now_ns() -> Option<u64> {
    let zero = *ZERO.get_or_init(zero_to_anchor_ns);
    Some(coarse_ns().saturating_sub(zero) + BEHIND_NS)
}

/// Not above the true distance: the precise clock is ahead of the coarse one, if anything.
#[cold]
fn zero_to_anchor_ns() -> u64 {
    coarse_ns().saturating_sub(super::system_now_ns())
}

#[inline]
fn coarse_ns() -> u64 {
    let time = clock_gettime(ClockId::MonotonicCoarse);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}
