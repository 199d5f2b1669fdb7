use std::pin::pin;
use std::task::{Context, Waker};

use super::*;
use crate::Interest;

fn event(io: &ScheduledIo, mask: Ready) -> ReadyEvent {
    io.answer(mask)
        .expect("something is ready")
        .expect("the registration is open")
}

fn told(io: &ScheduledIo, ready: Ready) -> Vec<Waker> {
    let mut woken = Vec::new();
    io.set_readiness(ready, &mut woken);
    woken
}

#[test]
fn clearing_takes_away_what_the_event_told() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE | Ready::WRITABLE);
    io.clear_readiness(event(&io, Direction::Read.mask()));
    assert!(io.answer(Direction::Read.mask()).is_none());
    assert!(event(&io, Direction::Write.mask()).ready().is_writable());
}

#[test]
fn clearing_with_an_old_event_does_nothing() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let old = event(&io, Direction::Read.mask());
    told(&io, Ready::READABLE);
    io.clear_readiness(old);
    assert!(event(&io, Direction::Read.mask()).ready().is_readable());
}

#[test]
fn an_event_stays_old_after_a_million_more() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let old = event(&io, Direction::Read.mask());
    for _ in 0..1 << 20 {
        told(&io, Ready::READABLE);
    }
    io.clear_readiness(old);
    assert!(io.answer(Direction::Read.mask()).is_some());
}

#[test]
fn closed_flags_stay() {
    let io = ScheduledIo::default();
    told(&io, Ready::ALL);
    io.clear_readiness(event(&io, Ready::ALL));
    assert_eq!(
        event(&io, Ready::ALL).ready(),
        Ready::READ_CLOSED | Ready::WRITE_CLOSED
    );
}

#[test]
fn assumed_readiness_goes_as_told_readiness_does() {
    let io = ScheduledIo::default();
    io.assume_ready(Ready::WRITABLE);
    io.clear_readiness(event(&io, Direction::Write.mask()));
    assert!(io.answer(Direction::Write.mask()).is_none());
}

#[test]
fn closing_outlasts_readiness_and_clearing() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let earlier = event(&io, Direction::Read.mask());
    io.close(Closed::SHUTDOWN, &mut Vec::new());
    io.clear_readiness(earlier);
    assert_eq!(
        io.answer(Direction::Read.mask()),
        Some(Err(Closed::SHUTDOWN))
    );
}

#[test]
fn an_event_of_one_direction_wakes_only_that_one() {
    let io = ScheduledIo::default();
    let waker = Waker::noop();
    assert!(io.poll_ready(waker, Direction::Read).is_pending());
    assert!(io.poll_ready(waker, Direction::Write).is_pending());
    assert_eq!(told(&io, Ready::WRITABLE).len(), 1);
    assert_eq!(io.waiters.lock().count(), 1);
}

#[test]
fn every_listed_waiter_hears_of_one_event() {
    let io = ScheduledIo::default();
    let mut cx = Context::from_waker(Waker::noop());
    let mut first = pin!(Readiness::new(&io, Interest::READABLE));
    let mut second = pin!(Readiness::new(&io, Interest::READABLE | Interest::WRITABLE));
    assert!(first.as_mut().poll(&mut cx).is_pending());
    assert!(second.as_mut().poll(&mut cx).is_pending());

    assert_eq!(told(&io, Ready::READABLE).len(), 2);
    // The first one to run takes the readiness away; the second hears of the event even so.
    let Poll::Ready(Ok(event)) = first.poll(&mut cx) else {
        panic!("the first was not told")
    };
    io.clear_readiness(event);
    let Poll::Ready(Ok(event)) = second.poll(&mut cx) else {
        panic!("the second was not told")
    };
    assert!(event.ready().is_readable());
    assert_eq!(io.waiters.lock().count(), 0);
}

#[test]
fn dropped_futures_leave_the_list_empty() {
    let io = ScheduledIo::default();
    let mut cx = Context::from_waker(Waker::noop());
    for told_before_drop in [false, true] {
        let mut future = Box::pin(Readiness::new(&io, Interest::READABLE));
        assert!(future.as_mut().poll(&mut cx).is_pending());
        if told_before_drop {
            told(&io, Ready::READABLE);
        }
        drop(future);
        assert_eq!(io.waiters.lock().count(), 0);
    }
}
