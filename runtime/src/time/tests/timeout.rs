use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::task::{Poll, ready as try_ready};

use super::{Bed, MS, Wakes, poll, poll_with};
use crate::coop;
use crate::time::error::Elapsed;
use crate::time::{Duration, Timeout};

const ELAPSED: Poll<Result<(), &str>> = Poll::Ready(Err("deadline has elapsed"));

fn shown(answer: Poll<Result<(), Elapsed>>) -> Poll<Result<(), &'static str>> {
    answer.map_err(|elapsed| {
        assert_eq!(elapsed.to_string(), "deadline has elapsed");
        "deadline has elapsed"
    })
}

/// Ready as often as the budget allows, and never done.
async fn never_idle() {
    poll_fn(|cx| {
        loop {
            try_ready!(coop::poll_proceed(cx)).made_progress();
        }
    })
    .await
}

#[test]
fn a_future_that_is_ready_wins_whatever_the_limit() {
    let bed = Bed::new();
    for limit in [Duration::ZERO, MS, Duration::MAX] {
        let timeout = Timeout::new(ready(7), bed.sleep(limit));
        assert_eq!(poll(pin!(timeout)), Poll::Ready(Ok(7)));
    }
}

#[test]
fn it_ends_at_the_limit() {
    let (bed, wakes) = (Bed::new(), Wakes::new());
    let mut timeout = pin!(Timeout::new(pending::<()>(), bed.sleep(MS)));
    assert!(poll_with(timeout.as_mut(), &wakes).is_pending());
    bed.advance(MS);
    assert_eq!(wakes.count(), 1);
    assert_eq!(shown(poll_with(timeout.as_mut(), &wakes)), ELAPSED);
}

#[test]
fn a_limit_of_zero_is_over_at_the_first_poll() {
    let bed = Bed::new();
    let timeout = Timeout::new(pending(), bed.sleep(Duration::ZERO));
    assert_eq!(shown(poll(pin!(timeout))), ELAPSED);
}

#[test]
fn a_future_that_spends_the_budget_is_limited_too() {
    let bed = Bed::new();
    let mut timeout = pin!(Timeout::new(never_idle(), bed.sleep(MS)));
    let first = coop::with_budget(|| poll(timeout.as_mut()));
    assert!(first.is_pending());
    bed.advance(MS);
    let second = coop::with_budget(|| poll(timeout.as_mut()));
    assert_eq!(shown(second), ELAPSED);
}

#[test]
fn limits_that_are_over_do_not_go_beyond_the_budget() {
    let bed = Bed::new();
    coop::with_budget(|| {
        let over = || {
            poll(pin!(Timeout::new(
                pending::<()>(),
                bed.sleep(Duration::ZERO)
            )))
        };
        let polls = (0..1_000).take_while(|_| over().is_ready());
        assert!(polls.count() < 1_000);
    });
}

#[test]
fn dropping_it_cancels_its_timer() {
    let (bed, wakes) = (Bed::new(), Wakes::new());
    {
        let timeout = pin!(Timeout::new(pending::<()>(), bed.sleep(MS)));
        assert!(poll_with(timeout, &wakes).is_pending());
    }
    bed.advance(MS);
    assert_eq!(wakes.count(), 0);
}

#[test]
fn the_future_can_be_reached_and_freed() {
    let bed = Bed::new();
    let mut timeout = Timeout::new(ready(1), bed.sleep(MS));
    assert_eq!(timeout.get_ref().clone().into_inner(), 1);
    *timeout.get_mut() = ready(2);
    assert_eq!(timeout.into_inner().into_inner(), 2);
}

#[test]
fn it_is_an_io_error_of_its_own_kind() {
    let error = std::io::Error::from(Elapsed::new());
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}
