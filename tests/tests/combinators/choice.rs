//! Which of several ready branches wins.

use std::future::{pending, ready};
use std::pin::pin;
use std::task::Poll;

use runtime::runtime::{Builder, RngSeed};
use runtime_tests::flavor::EVERY_FLAVOR;

use crate::harness::{Log, output_of, poll};

async fn one_of_five() -> usize {
    runtime::select! {
        () = ready(()) => 0,
        () = ready(()) => 1,
        () = ready(()) => 2,
        () = ready(()) => 3,
        () = ready(()) => 4,
    }
}

/// How often each of five ready branches wins.
async fn wins(rounds: usize) -> [usize; 5] {
    let mut wins = [0; 5];
    for _ in 0..rounds {
        wins[one_of_five().await] += 1;
    }
    wins
}

/// Far from what chance can do: 5,000 rounds give each branch 1,000 with a deviation of 28.
fn assert_fair(wins: [usize; 5]) {
    assert!(
        wins.iter().all(|wins| (700..1_300).contains(wins)),
        "{wins:?}"
    );
}

#[test]
fn ready_branches_win_equally_often_inside_a_runtime_and_outside() {
    assert_fair(output_of(wins(5_000)));
    for flavor in EVERY_FLAVOR {
        let rt = flavor.build();
        assert_fair(rt.block_on(wins(5_000)));
        assert_fair(rt.block_on(rt.spawn(wins(5_000))).unwrap());
    }
}

#[test]
fn biased_takes_the_first_that_is_ready() {
    for _ in 0..100 {
        let first = output_of(async {
            runtime::select! {
                biased;
                () = pending() => 0,
                () = ready(()), if false => 1,
                () = ready(()) => 2,
                () = ready(()) => 3,
            }
        });
        assert_eq!(first, 2);
    }
}

#[test]
fn each_poll_goes_through_all_branches_in_the_order_asked_for() {
    let log = Log::default();
    let (mut in_order, mut others) = (0, 0);
    {
        let mut selecting = pin!(async {
            runtime::select! { _ = log.future("a", 999) => {} _ = log.future("b", 999) => {} }
        });
        for _ in 0..200 {
            assert_eq!(poll(selecting.as_mut()), Poll::Pending);
            match log.take()[..] {
                ["a", "b"] => in_order += 1,
                ["b", "a"] => others += 1,
                ref polls => panic!("{polls:?}"),
            }
        }
    }
    log.take();
    assert!(in_order > 20 && others > 20, "{in_order} against {others}");

    let mut selecting = pin!(async {
        runtime::select! { biased; _ = log.future("a", 9) => {} _ = log.future("b", 9) => {} }
    });
    for _ in 0..5 {
        assert_eq!(poll(selecting.as_mut()), Poll::Pending);
        assert_eq!(log.take(), ["a", "b"]);
    }
}

async fn choices() -> Vec<usize> {
    let mut choices = Vec::new();
    for _ in 0..40 {
        choices.push(one_of_five().await);
    }
    choices
}

#[test]
fn the_seed_of_a_runtime_settles_the_choices_of_its_tasks() {
    let draw = |seed: RngSeed, workers| {
        let mut builder = match workers {
            0 => Builder::new_current_thread(),
            _ => Builder::new_multi_thread(),
        };
        let rt = builder
            .worker_threads(workers.max(1))
            .rng_seed(seed)
            .build()
            .unwrap();
        let blocked_on = [rt.block_on(choices()), rt.handle().block_on(choices())];
        let spawned = rt.block_on(rt.spawn(choices())).unwrap();
        (blocked_on, spawned)
    };
    let text = RngSeed::from_bytes;
    for workers in [0, 1] {
        for (one, other) in [(1.into(), 2.into()), (text(b"one"), text(b"other"))] {
            assert_eq!(
                draw(one.clone(), workers),
                draw(one.clone(), workers),
                "{workers} workers"
            );
            assert_ne!(
                draw(one, workers),
                draw(other, workers),
                "{workers} workers"
            );
        }
    }
    let (blocked_on, spawned) = draw(1.into(), 1);
    assert_ne!(blocked_on[0], blocked_on[1]);
    assert_ne!(blocked_on[0], spawned);
}

#[test]
fn a_runtime_leaves_the_choices_outside_to_chance() {
    let seeded = || {
        let rt = Builder::new_current_thread().rng_seed(1).build().unwrap();
        rt.block_on(async {});
        output_of(choices())
    };
    assert_ne!(seeded(), seeded());
}
