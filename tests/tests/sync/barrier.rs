//! The barrier.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures_lite::future::block_on;
use runtime::sync::{Barrier, BarrierWaitResult};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::hostile::{Act, poll_with, waker};

use super::{assert_spends_its_budget, is_ready};

#[test]
fn a_barrier_for_none_or_one_holds_nobody_up() {
    for size in [0, 1] {
        let barrier = Barrier::new(size);
        for _ in 0..3 {
            assert!(block_on(barrier.wait()).is_leader());
        }
    }
}

#[test]
fn the_last_to_come_leads_and_lets_the_others_go() {
    let barrier = Barrier::new(3);
    for _ in 0..3 {
        let (mut first, mut second) = (pin!(barrier.wait()), pin!(barrier.wait()));
        assert!(!is_ready(first.as_mut()) && !is_ready(second.as_mut()));
        assert!(
            !is_ready(first.as_mut()),
            "polling again is not arriving again"
        );
        assert!(block_on(barrier.wait()).is_leader());
        assert!(!block_on(first).is_leader());
        assert!(!block_on(second).is_leader());
    }
}

#[test]
fn no_task_is_a_round_ahead() {
    const TASKS: usize = 70; // more than are woken in one go
    const ROUNDS: usize = 20;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let shared = Arc::new((Barrier::new(TASKS), AtomicUsize::new(0), Counter::new()));
        let tasks: Vec<_> = (0..TASKS)
            .map(|_| {
                let shared = shared.clone();
                rt.spawn(async move {
                    let (barrier, arrived, leaders) = &*shared;
                    for round in 0..ROUNDS {
                        let before = arrived.fetch_add(1, Ordering::SeqCst);
                        assert!((round * TASKS..(round + 1) * TASKS).contains(&before));
                        if barrier.wait().await.is_leader() {
                            leaders.raise();
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
        assert_eq!(shared.2.get(), ROUNDS);
    });
}

#[test]
fn an_arrival_counts_until_its_future_is_dropped() {
    in_every_order(|order| {
        let barrier = Barrier::new(2);
        let ended = order.run(barrier.wait(), barrier.wait(), &[]);
        let led = |result: &BarrierWaitResult| result.is_leader();
        match (
            ended.victim.as_ref().map(led),
            ended.rival.as_ref().map(led),
        ) {
            (Some(victim), Some(rival)) => assert_ne!(victim, rival),
            // The victim was let go, and dropped before it could say so.
            (None, Some(rival)) => assert!(rival),
            (victim, None) => assert_eq!(victim, None, "it met nobody"),
        }
        // Nobody is left over: the next two meet.
        let mut next = pin!(barrier.wait());
        assert!(!is_ready(next.as_mut()));
        assert!(block_on(barrier.wait()).is_leader());
    });
}

#[test]
fn one_who_leaves_when_the_round_is_over_takes_nothing_back() {
    let barrier = Barrier::new(2);
    let mut first = Box::pin(barrier.wait());
    assert!(!is_ready(first.as_mut()));
    assert!(block_on(barrier.wait()).is_leader());
    let mut next = pin!(barrier.wait());
    assert!(!is_ready(next.as_mut()));
    drop(first);
    assert!(format!("{barrier:?}").contains("arrived: 1"));
    assert!(block_on(barrier.wait()).is_leader());
    assert!(is_ready(next));
}

#[test]
fn a_waker_that_panics_spoils_no_other() {
    let barrier = Barrier::new(3);
    let (used, bell) = (Counter::new(), Counter::new());
    let mut broken = Box::pin(barrier.wait());
    assert!(poll_with(broken.as_mut(), waker(Act::Wake, &used)).is_pending());
    let mut good = pin!(barrier.wait());
    let good_waker = Arc::new(bell.clone()).into();
    let polled = good.as_mut().poll(&mut Context::from_waker(&good_waker));
    assert!(matches!(polled, Poll::Pending));
    assert!(block_on(barrier.wait()).is_leader());
    assert_eq!((used.get(), bell.get()), (1, 1));
    assert!(is_ready(broken.as_mut()) && is_ready(good.as_mut()));
}

#[test]
fn waiting_spends_the_budget() {
    assert_spends_its_budget(|| async {
        let barrier = Barrier::new(1);
        loop {
            barrier.wait().await;
        }
    });
}
