use mio::Poll;

use super::*;

const SHORT: Duration = Duration::from_micros(200);
const SECOND: Duration = Duration::from_secs(1);

fn alarm() -> (Poll, Alarm, Instant) {
    let poll = Poll::new().expect("a descriptor is left");
    let alarm = Alarm::new(poll.registry(), Token(0)).expect("a descriptor is left");
    (poll, alarm, Instant::now())
}

#[test]
fn what_the_poll_cannot_count_is_left_to_the_timer() {
    let (_poll, mut alarm, now) = alarm();
    for odd in [SHORT, Duration::from_millis(5), SECOND + SHORT] {
        assert_eq!(alarm.set(now, now + odd).unwrap(), None);
    }
    assert_eq!(alarm.set(now, now + SECOND).unwrap(), Some(SECOND));
}

#[test]
fn without_a_timer_the_poll_counts_alone() {
    let (_poll, mut alarm, now) = alarm();
    alarm.fd = None;
    for timeout in [SHORT, SECOND, SECOND + SHORT] {
        assert_eq!(alarm.set(now, now + timeout).unwrap(), Some(timeout));
    }
}

#[test]
fn an_alarm_is_set_anew_only_for_a_sooner_deadline() {
    let (_poll, mut alarm, now) = alarm();
    let [sooner, middle, later] = [SHORT, 2 * SHORT, 3 * SHORT].map(|after| now + after);
    for (deadline, set_for) in [
        (middle, middle),
        (later, middle),
        (sooner, sooner),
        (middle, sooner),
    ] {
        alarm.set(now, deadline).unwrap();
        assert_eq!(alarm.set_for, Some(set_for));
    }
    alarm.has_rung();
    alarm.set(now, later).unwrap();
    assert_eq!(alarm.set_for, Some(later));
}

#[test]
fn the_same_deadline_computed_again_sets_nothing() {
    let (_poll, mut alarm, now) = alarm();
    alarm.set(now, now + SHORT).unwrap();
    alarm.set(now, now + SHORT - TOLERANCE / 2).unwrap();
    assert_eq!(alarm.set_for, Some(now + SHORT));
}
