use std::pin::pin;
use std::task::Poll;

use super::{Bed, MS, Wakes, poll, poll_with};
use crate::coop;
use crate::time::{Duration, Instant, Sleep};

#[test]
fn it_ends_at_its_deadline_and_wakes_its_task_once() {
    let (bed, wakes) = (Bed::new(), Wakes::new());
    let mut sleep = pin!(bed.sleep(10 * MS));
    assert_eq!(sleep.deadline(), Instant::now() + 10 * MS);
    assert!(poll_with(sleep.as_mut(), &wakes).is_pending());
    bed.advance(10 * MS - Duration::from_nanos(1));
    assert!(poll_with(sleep.as_mut(), &wakes).is_pending());
    assert!(!sleep.is_elapsed());
    bed.advance(Duration::from_nanos(1));
    assert!(sleep.is_elapsed());
    assert_eq!(wakes.count(), 1);
    assert!(poll_with(sleep.as_mut(), &wakes).is_ready());
    assert!(poll_with(sleep.as_mut(), &wakes).is_ready());
}

#[test]
fn it_counts_from_its_creation() {
    let bed = Bed::new();
    let mut sleep = pin!(bed.sleep(10 * MS));
    bed.advance(10 * MS);
    // This thread is in no runtime, and its clock may be another than that of the timers.
    assert!(poll(sleep.as_mut()).is_pending());
    bed.advance(Duration::ZERO);
    assert!(poll(sleep.as_mut()).is_ready());
}

#[test]
fn a_deadline_that_is_not_in_the_future_is_ready_at_once() {
    let bed = Bed::new();
    bed.advance(MS);
    assert!(poll(pin!(bed.sleep(Duration::ZERO))).is_ready());
    assert!(poll(pin!(bed.sleep_until(Instant::now() - MS))).is_ready());
}

#[test]
fn the_longest_duration_waits() {
    let bed = Bed::new();
    let mut sleep = pin!(bed.sleep(Duration::MAX));
    assert!(poll(sleep.as_mut()).is_pending());
    bed.advance(Duration::from_secs(29 * 365 * 86_400));
    assert!(poll(sleep.as_mut()).is_pending());
}

#[test]
fn a_reset_moves_the_deadline_without_another_poll() {
    let (bed, wakes) = (Bed::new(), Wakes::new());
    let mut sleep = pin!(bed.sleep(10 * MS));
    assert!(poll_with(sleep.as_mut(), &wakes).is_pending());
    let later = Instant::now() + 20 * MS;
    sleep.as_mut().reset(later);
    assert_eq!(sleep.deadline(), later);
    bed.advance(10 * MS);
    assert_eq!(wakes.count(), 0);
    bed.advance(10 * MS);
    assert_eq!(wakes.count(), 1);
}

#[test]
fn a_sleep_that_is_over_can_be_reset() {
    let bed = Bed::new();
    let mut sleep = pin!(bed.sleep(Duration::ZERO));
    assert!(poll(sleep.as_mut()).is_ready());
    sleep.as_mut().reset(Instant::now() + MS);
    assert!(!sleep.is_elapsed());
    assert!(poll(sleep.as_mut()).is_pending());
    bed.advance(MS);
    assert!(poll(sleep.as_mut()).is_ready());
}

#[test]
fn it_spends_the_budget_only_when_it_is_over() {
    let bed = Bed::new();
    coop::with_budget(|| {
        let mut waiting = pin!(bed.sleep(MS));
        for _ in 0..1_000 {
            assert!(poll(waiting.as_mut()).is_pending());
        }
        assert!(coop::has_budget_remaining());
        let mut over = pin!(bed.sleep(Duration::ZERO));
        let polls = (0..1_000).take_while(|_| poll(over.as_mut()).is_ready());
        assert!(polls.count() < 1_000);
        assert!(!coop::has_budget_remaining());
    });
}

#[test]
#[should_panic(expected = "the runtime that would end this wait has shut down")]
fn polling_it_after_the_end_of_its_runtime_panics() {
    let bed = Bed::new();
    bed.timers.shut_down(&mut Vec::new());
    let _: Poll<()> = poll(pin!(bed.sleep(MS)));
}

#[test]
fn it_can_be_sent_and_shared() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Sleep>();
}
