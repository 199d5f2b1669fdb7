//! The system's coarse clock: cheap to read, and behind the precise one by up to a tick.

use std::mem::MaybeUninit;

use crate::primitive::sync::OnceLock;

/// How far it is taken to be behind at most: many ticks.
///
/// A hypervisor that keeps the ticks away for longer makes this wrong. Then a wait that is over at its first
/// poll is noticed in the next turn of its worker.
const BEHIND_NS: u64 = 1_000_000_000;

/// How far its zero lies before the anchor.
static ZERO: OnceLock<u64> = OnceLock::new();

/// A moment that is later than now, in nanoseconds since the anchor. `None` if the system does not tell.
#[inline]
pub(super) fn later_than_now_ns() -> Option<u64> {
    let coarse = coarse_ns()?;
    let zero = *ZERO.get_or_init(|| zero_to_anchor_ns(coarse));
    Some(coarse.saturating_sub(zero) + BEHIND_NS)
}

/// Not above the true distance: the precise clock is ahead of the coarse one, if anything.
#[cold]
fn zero_to_anchor_ns(coarse: u64) -> u64 {
    coarse.saturating_sub(super::system_now_ns())
}

#[inline]
fn coarse_ns() -> Option<u64> {
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: there is room for what the system writes.
    if unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, time.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: the call has not failed, so it is written.
    let time = unsafe { time.assume_init() };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or(0);
    let seconds_ns = seconds.saturating_mul(1_000_000_000);
    Some(seconds_ns.saturating_add(nanoseconds))
}
