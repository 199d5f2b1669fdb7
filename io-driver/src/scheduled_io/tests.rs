use std::pin::pin;
use std::task::{Context, Waker};

use super::*;
use crate::Interest;
use crate::process::Process;

fn event(io: &ScheduledIo, mask: Ready) -> ReadyEvent {
    io.answer(mask)
        .expect("something is ready")
        .expect("the registration is open")
}

fn used_up(io: &ScheduledIo, event: ReadyEvent) {
    io.clear_readiness(event, event.used_up());
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
    used_up(&io, event(&io, Slot::Reader.mask()));
    assert!(io.answer(Slot::Reader.mask()).is_none());
    assert!(event(&io, Slot::Writer.mask()).ready().is_writable());
}

#[test]
fn clearing_with_an_old_event_does_nothing() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let old = event(&io, Slot::Reader.mask());
    told(&io, Ready::READABLE);
    used_up(&io, old);
    assert!(event(&io, Slot::Reader.mask()).ready().is_readable());
}

#[test]
fn an_event_stays_old_after_a_million_more() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let old = event(&io, Slot::Reader.mask());
    for _ in 0..1 << 20 {
        told(&io, Ready::READABLE);
    }
    used_up(&io, old);
    assert!(io.answer(Slot::Reader.mask()).is_some());
}

#[test]
fn an_end_goes_when_nothing_else_was_told() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE | Ready::READ_CLOSED);
    used_up(&io, event(&io, Slot::Reader.mask()));
    assert_eq!(event(&io, Slot::Reader.mask()).ready(), Ready::READ_CLOSED);
    used_up(&io, event(&io, Slot::Reader.mask()));
    assert!(io.answer(Slot::Reader.mask()).is_none());
}

#[test]
fn an_end_stays_if_another_event_tells_of_it_again() {
    let io = ScheduledIo::default();
    told(&io, Ready::READ_CLOSED);
    let old = event(&io, Slot::Reader.mask());
    told(&io, Ready::READ_CLOSED);
    used_up(&io, old);
    assert!(io.answer(Slot::Reader.mask()).is_some());
}

#[test]
fn a_refusal_takes_away_what_it_disproves_and_no_more() {
    let both = Interest::READABLE | Interest::WRITABLE;
    for (interest, left) in [
        (Interest::READABLE, Ready::ALL - Slot::Reader.mask()),
        (Interest::WRITABLE, Ready::ALL - Slot::Writer.mask()),
        (Interest::ERROR, Ready::ALL - Ready::ERROR),
        // The error queue may hold what no read brings.
        (
            Interest::READABLE | Interest::ERROR,
            Ready::ALL - Slot::Reader.mask(),
        ),
        // Which of the two directions has blocked?
        (both, Ready::ALL - Ready::READABLE - Ready::WRITABLE),
    ] {
        let io = ScheduledIo::default();
        told(&io, Ready::ALL);
        let event = event(&io, Ready::that_satisfies(interest));
        io.clear_readiness(event, event.refuted());
        assert_eq!(io.word.look().ready(), left, "{interest:?}");
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
#[test]
fn no_out_of_band_data_says_nothing_of_the_end() {
    let io = ScheduledIo::default();
    told(&io, Ready::PRIORITY | Ready::READ_CLOSED);
    let event = event(&io, Ready::that_satisfies(Interest::PRIORITY));
    io.clear_readiness(event, event.refuted());
    assert_eq!(io.word.look().ready(), Ready::READ_CLOSED);
}

#[test]
fn what_was_refused_is_no_news_until_the_next_event() {
    let io = ScheduledIo::default();
    told(&io, Ready::ERROR);
    let refused = Some(event(&io, Slot::Receiver.mask()));
    let waker = Waker::noop();
    assert!(io.poll_news(waker, Slot::Receiver, refused).is_pending());
    assert!(io.poll_ready(waker, Slot::Receiver).is_ready());
    assert_eq!(told(&io, Ready::ERROR).len(), 1);
    assert!(io.poll_news(waker, Slot::Receiver, refused).is_ready());
}

#[test]
fn an_error_alone_wakes_a_receiver_and_no_reader() {
    let waker = Waker::noop();
    for (slot, woken) in [(Slot::Reader, 0), (Slot::Receiver, 1)] {
        let io = ScheduledIo::default();
        assert!(io.poll_ready(waker, slot).is_pending());
        assert_eq!(told(&io, Ready::ERROR).len(), woken, "{slot:?}");
    }
}

#[test]
fn assumed_readiness_goes_as_told_readiness_does() {
    let io = ScheduledIo::default();
    io.assume_ready(Ready::WRITABLE);
    used_up(&io, event(&io, Slot::Writer.mask()));
    assert!(io.answer(Slot::Writer.mask()).is_none());
}

#[test]
fn closing_outlasts_readiness_and_clearing() {
    let io = ScheduledIo::default();
    told(&io, Ready::READABLE);
    let earlier = event(&io, Slot::Reader.mask());
    io.close(Closed::SHUTDOWN, &mut Vec::new());
    used_up(&io, earlier);
    assert_eq!(io.answer(Slot::Reader.mask()), Some(Err(Closed::SHUTDOWN)));
}

#[test]
fn an_event_of_one_direction_wakes_only_that_one() {
    let io = ScheduledIo::default();
    let waker = Waker::noop();
    assert!(io.poll_ready(waker, Slot::Reader).is_pending());
    assert!(io.poll_ready(waker, Slot::Writer).is_pending());
    assert_eq!(told(&io, Ready::WRITABLE).len(), 1);
    assert_eq!(io.waiters.lock().count(), 1);
}

#[test]
fn every_listed_waiter_hears_of_one_event() {
    let io = ScheduledIo::default();
    let mut cx = Context::from_waker(Waker::noop());
    let mut first = pin!(Readiness::new(&io, &Process::ONLY, Interest::READABLE));
    let mut second = pin!(Readiness::new(
        &io,
        &Process::ONLY,
        Interest::READABLE | Interest::WRITABLE
    ));
    assert!(first.as_mut().poll(&mut cx).is_pending());
    assert!(second.as_mut().poll(&mut cx).is_pending());

    assert_eq!(told(&io, Ready::READABLE).len(), 2);
    // The first one to run takes the readiness away; the second hears of the event even so.
    let Poll::Ready(Ok(event)) = first.poll(&mut cx) else {
        panic!("the first was not told")
    };
    used_up(&io, event);
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
        let mut future = Box::pin(Readiness::new(&io, &Process::ONLY, Interest::READABLE));
        assert!(future.as_mut().poll(&mut cx).is_pending());
        if told_before_drop {
            told(&io, Ready::READABLE);
        }
        drop(future);
        assert_eq!(io.waiters.lock().count(), 0);
    }
}
