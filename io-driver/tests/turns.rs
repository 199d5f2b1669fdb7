//! How long a turn waits and what ends it.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use common::fixture;
use io_driver::{Driver, Interest, Turn};

fn waits(driver: &mut Driver, timeout: Duration) -> (Turn, Duration) {
    let start = Instant::now();
    let turn = driver.turn(Some(timeout), &mut Vec::new()).unwrap();
    (turn, start.elapsed())
}

#[test]
fn a_turn_never_ends_early() {
    let mut driver = Driver::new(16).unwrap();
    let odd = [
        1,
        999,
        1_000,
        200_000,
        999_999,
        1_000_001,
        1_500_000,
        20_000_000,
        100_000_001,
    ];
    let whole_milliseconds = [1_000_000, 3_000_000, 100_000_000, 120_000_000];
    // Longer and shorter in turn, so that each finds an alarm set for another.
    for nanos in odd
        .into_iter()
        .chain(whole_milliseconds)
        .chain(odd.into_iter().rev())
    {
        let timeout = Duration::from_nanos(nanos);
        let (turn, waited) = waits(&mut driver, timeout);
        assert_eq!(turn, Turn::default());
        assert!(waited >= timeout, "{waited:?} instead of {timeout:?}");
    }
}

#[test]
fn an_alarm_left_from_an_earlier_turn_ends_no_later_one() {
    let (mut driver, _socket, mut peer) = fixture(Interest::READABLE);
    for timeout in [Duration::from_micros(50_300), Duration::from_millis(120)] {
        peer.write_all(b"x").unwrap();
        let (turn, _) = waits(&mut driver, Duration::from_micros(1_500));
        assert_eq!(turn.events, 1, "the alarm is still set");
        let (turn, waited) = waits(&mut driver, timeout);
        assert_eq!(turn, Turn::default());
        assert!(waited >= timeout, "{waited:?} instead of {timeout:?}");
    }
}

#[test]
fn an_alarm_left_from_an_earlier_turn_ends_no_endless_one() {
    let (mut driver, _socket, mut peer) = fixture(Interest::READABLE);
    peer.write_all(b"x").unwrap();
    assert_eq!(waits(&mut driver, Duration::from_micros(1_500)).0.events, 1);
    let unparker = driver.handle().clone();
    let later = thread::spawn(move || {
        thread::sleep(Duration::from_millis(20));
        unparker.unpark();
    });
    assert!(driver.turn(None, &mut Vec::new()).unwrap().unparked);
    later.join().unwrap();
}

/// Fails by taking an hour.
#[test]
fn an_alarm_set_for_later_rings_sooner_when_that_is_asked() {
    let mut driver = Driver::new(16).unwrap();
    driver.handle().unpark();
    assert!(
        waits(&mut driver, Duration::from_micros(3_600_000_500))
            .0
            .unparked
    );
    assert_eq!(
        waits(&mut driver, Duration::from_micros(1_500)).0,
        Turn::default()
    );
}

#[test]
fn a_timeout_of_zero_takes_in_what_is_there() {
    let (mut driver, _socket, mut peer) = fixture(Interest::READABLE);
    assert_eq!(waits(&mut driver, Duration::ZERO).0, Turn::default());
    peer.write_all(b"x").unwrap();
    assert_eq!(waits(&mut driver, Duration::ZERO).0.events, 1);
}

#[test]
fn a_timeout_beyond_all_clocks_is_waited_for() {
    let mut driver = Driver::new(16).unwrap();
    let beyond_the_poll = Duration::from_millis(i32::MAX as u64 + 1);
    let beyond_the_clock_soon = Duration::from_nanos(u64::MAX);
    for timeout in [
        Duration::MAX,
        Duration::from_secs(1 << 62),
        beyond_the_clock_soon,
        beyond_the_poll,
    ] {
        driver.handle().unpark();
        let (turn, _) = waits(&mut driver, timeout);
        assert!(turn.unparked, "{timeout:?}");
    }
}

#[test]
fn unpark_from_another_thread_ends_a_turn() {
    let mut driver = Driver::new(16).unwrap();
    for _ in 0..100 {
        let handle = driver.handle().clone();
        let other = thread::spawn(move || handle.unpark());
        assert!(driver.turn(None, &mut Vec::new()).unwrap().unparked);
        other.join().unwrap();
    }
}

#[test]
fn unpark_before_a_turn_ends_that_turn_and_no_other() {
    let mut driver = Driver::new(16).unwrap();
    driver.handle().unpark();
    driver.handle().unpark();
    assert!(driver.turn(None, &mut Vec::new()).unwrap().unparked);
    assert_eq!(
        waits(&mut driver, Duration::from_millis(2)).0,
        Turn::default()
    );
}

#[test]
fn no_room_for_events_is_room_for_one() {
    let mut driver = Driver::new(0).unwrap();
    driver.handle().unpark();
    assert!(driver.turn(None, &mut Vec::new()).unwrap().unparked);
}
