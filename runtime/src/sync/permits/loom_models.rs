//! The races of the module's documentation, with loom's own `block_on` as the task.

use loom::future::block_on;
use loom::sync::Arc;
use loom::thread;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::{Permits, TryAcquireError, Word};

fn acquire(permits: &Permits, n: usize) {
    block_on(permits.acquire(n)).expect("nobody closes");
}

/// Polls once, and drops the future if it has to wait.
fn acquire_or_give_up(permits: &Permits, n: usize) -> bool {
    let acquire = pin!(permits.acquire(n));
    let mut cx = Context::from_waker(Waker::noop());
    matches!(acquire.poll(&mut cx), Poll::Ready(Ok(())))
}

fn assert_idle(permits: &Permits, free: usize) {
    assert_eq!(
        permits.load(),
        Word::new(free),
        "a permit or the mark is lost"
    );
}

#[test]
fn an_addition_meets_one_who_enters() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let adding = thread::spawn({
            let permits = permits.clone();
            move || permits.release(1)
        });
        acquire(&permits, 1);
        adding.join().unwrap();
        assert_idle(&permits, 0);
    });
}

#[test]
fn two_additions_meet_two_waiters() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let adding = thread::spawn({
            let permits = permits.clone();
            move || permits.release(1)
        });
        let other = thread::spawn({
            let permits = permits.clone();
            move || acquire(&permits, 1)
        });
        permits.release(1);
        acquire(&permits, 1);
        adding.join().unwrap();
        other.join().unwrap();
        assert_idle(&permits, 0);
    });
}

#[test]
fn two_additions_meet_one_who_collects() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let permits = permits.clone();
                thread::spawn(move || permits.release(1))
            })
            .collect();
        acquire(&permits, 2);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_idle(&permits, 0);
    });
}

#[test]
fn one_who_gives_up_meets_an_addition_and_the_next_waiter() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let adding = thread::spawn({
            let permits = permits.clone();
            move || permits.release(1)
        });
        let giving_up = thread::spawn({
            let permits = permits.clone();
            move || {
                if acquire_or_give_up(&permits, 1) {
                    permits.release(1);
                }
            }
        });
        acquire(&permits, 1);
        adding.join().unwrap();
        giving_up.join().unwrap();
        assert_idle(&permits, 0);
    });
}

#[test]
fn one_who_does_not_queue_meets_a_handover() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(1));
        let barging = thread::spawn({
            let permits = permits.clone();
            move || {
                if permits.try_acquire(1).is_ok() {
                    permits.release(1);
                }
            }
        });
        for _ in 0..2 {
            acquire(&permits, 1);
            permits.release(1);
        }
        barging.join().unwrap();
        assert_idle(&permits, 1);
    });
}

#[test]
fn one_who_does_not_queue_takes_nothing_from_under_a_debtor() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let adding = thread::spawn({
            let permits = permits.clone();
            move || permits.release(2)
        });
        let barging = thread::spawn({
            let permits = permits.clone();
            move || {
                if permits.try_acquire(2).is_ok() {
                    permits.release(2);
                }
            }
        });
        acquire(&permits, 1);
        adding.join().unwrap();
        barging.join().unwrap();
        assert_idle(&permits, 1);
    });
}

#[test]
fn a_closing_meets_one_who_acquires() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let closing = thread::spawn({
            let permits = permits.clone();
            move || permits.close()
        });
        assert!(block_on(permits.acquire(1)).is_err());
        closing.join().unwrap();
        assert_eq!(permits.try_acquire(1), Err(TryAcquireError::Closed));
        assert!(!permits.load().has_waiters());
    });
}

#[test]
fn a_closing_meets_an_addition_and_a_waiter() {
    loom::model(|| {
        let permits = Arc::new(Permits::new(0));
        let closing = thread::spawn({
            let permits = permits.clone();
            move || permits.close()
        });
        let adding = thread::spawn({
            let permits = permits.clone();
            move || permits.release(1)
        });
        let acquired = block_on(permits.acquire(1)).is_ok();
        closing.join().unwrap();
        adding.join().unwrap();
        assert_eq!(permits.available(), usize::from(!acquired));
        assert!(!permits.load().has_waiters());
    });
}
