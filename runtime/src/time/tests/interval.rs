use std::task::{Context, Poll, Waker};

use super::{Bed, MS};
use crate::time::{Duration, Instant, Interval, MissedTickBehavior};

fn tick(interval: &mut Interval) -> Poll<Instant> {
    interval.poll_tick(&mut Context::from_waker(Waker::noop()))
}

/// When ticks are taken, in milliseconds, by a task that is away until `away_until` after the
/// first.
fn ticks(behavior: MissedTickBehavior, away_until: u32) -> Vec<u128> {
    let bed = Bed::new();
    let start = Instant::now();
    let mut interval = Interval::new(bed.sleep(Duration::ZERO), 50 * MS);
    interval.set_missed_tick_behavior(behavior);
    assert_eq!(interval.missed_tick_behavior(), behavior);
    assert_eq!(tick(&mut interval), Poll::Ready(start));
    bed.advance(away_until * MS);
    let mut taken = vec![0];
    while taken.len() < 5 {
        // A timer that is armed late fires the next time that somebody looks.
        let is_taken = tick(&mut interval).is_ready() || {
            bed.advance(Duration::ZERO);
            tick(&mut interval).is_ready()
        };
        match is_taken {
            true => taken.push(start.elapsed().as_millis()),
            false => bed.advance(MS),
        }
    }
    taken
}

#[test]
fn ticks_keep_to_the_schedule() {
    for behavior in [
        MissedTickBehavior::Burst,
        MissedTickBehavior::Delay,
        MissedTickBehavior::Skip,
    ] {
        assert_eq!(ticks(behavior, 0), [0, 50, 100, 150, 200]);
        assert_eq!(ticks(behavior, 55), [0, 55, 100, 150, 200]);
    }
}

#[test]
fn after_a_late_tick_each_behaviour_goes_on_as_documented() {
    let late = |behavior| ticks(behavior, 130);
    assert_eq!(late(MissedTickBehavior::Burst), [0, 130, 130, 150, 200]);
    assert_eq!(late(MissedTickBehavior::Delay), [0, 130, 180, 230, 280]);
    assert_eq!(late(MissedTickBehavior::Skip), [0, 130, 150, 200, 250]);
}

#[test]
fn a_tick_names_the_moment_it_was_scheduled_for() {
    let bed = Bed::new();
    let start = Instant::now();
    let mut interval = Interval::new(bed.sleep(MS), 50 * MS);
    bed.advance(20 * MS);
    assert!(tick(&mut interval).is_pending());
    bed.advance(MS);
    assert_eq!(tick(&mut interval), Poll::Ready(start + MS));
}

#[test]
fn a_reset_starts_the_schedule_anew() {
    let bed = Bed::new();
    let mut interval = Interval::new(bed.sleep(Duration::ZERO), 50 * MS);
    assert_eq!(interval.period(), 50 * MS);
    assert!(tick(&mut interval).is_ready());
    bed.advance(30 * MS);
    let now = Instant::now();
    interval.reset();
    bed.advance(49 * MS);
    assert!(tick(&mut interval).is_pending());
    bed.advance(MS);
    assert_eq!(tick(&mut interval), Poll::Ready(now + 50 * MS));
    interval.reset_immediately();
    assert_eq!(tick(&mut interval), Poll::Ready(Instant::now()));
    interval.reset_after(7 * MS);
    bed.advance(6 * MS);
    assert!(tick(&mut interval).is_pending());
    bed.advance(MS);
    assert_eq!(tick(&mut interval), Poll::Ready(Instant::now()));
    let past = Instant::now() - MS;
    interval.reset_at(past);
    assert_eq!(tick(&mut interval), Poll::Ready(past));
}

#[test]
fn the_longest_period_ticks_once() {
    for behavior in [
        MissedTickBehavior::Burst,
        MissedTickBehavior::Delay,
        MissedTickBehavior::Skip,
    ] {
        let bed = Bed::new();
        let start = bed.sleep(Duration::ZERO);
        bed.advance(20 * MS);
        let mut interval = Interval::new(start, Duration::MAX);
        interval.set_missed_tick_behavior(behavior);
        assert!(tick(&mut interval).is_ready());
        assert!(tick(&mut interval).is_pending());
    }
}

#[test]
#[should_panic(expected = "the period of an interval must not be zero")]
fn a_period_of_zero_is_refused() {
    crate::time::interval(Duration::ZERO);
}
