//! Branches that cannot win: by their guard, by their pattern, for want of budget.

use std::future::{pending, poll_fn, ready};
use std::pin::pin;
use std::task::Poll;

use runtime::task::{consume_budget, yield_now};
use runtime_tests::event::Event;
use runtime_tests::flavor::EVERY_FLAVOR;
use runtime_tests::reported::panic_of;

use crate::harness::{output_of, poll};

#[test]
fn a_false_guard_evaluates_the_future_and_does_not_poll_it() {
    let mut evaluated = false;
    output_of(async {
        runtime::select! {
            () = { evaluated = true; poll_fn(|_| panic!("it is polled")) }, if false => {}
            () = ready(()) => {}
        }
    });
    assert!(evaluated);
}

#[test]
fn an_output_of_a_type_that_nothing_says_is_ignored() {
    let unfinished = poll_fn(|_| panic!("it is polled"));
    let taken = output_of(async {
        runtime::select! {
            _ = unfinished, if false => unreachable!(),
            number = ready(2) => number,
        }
    });
    assert_eq!(taken, 2);
}

#[test]
fn guards_are_evaluated_in_order_once_and_before_the_futures() {
    let log = crate::harness::Log::default();
    let event = |name| {
        log.note(name);
        true
    };
    output_of(async {
        runtime::select! {
            biased;
            () = { event("future 1"); ready(()) }, if event("guard 1") => {}
            () = { event("future 2"); ready(()) }, if event("guard 2") => {}
        }
    });
    assert_eq!(log.take(), ["guard 1", "guard 2", "future 1", "future 2"]);
}

#[test]
fn an_output_that_does_not_match_disables_its_branch() {
    let event = Event::new();
    let mut selecting = pin!(async {
        let mut polls = 0;
        runtime::select! {
            Some(()) = poll_fn(move |_| {
                polls += 1;
                assert_eq!(polls, 1, "it is polled after its end");
                Poll::Ready(None)
            }) => "matched",
            () = event.clone() => "waited",
            else => "else",
        }
    });
    for _ in 0..3 {
        assert_eq!(poll(selecting.as_mut()), Poll::Pending);
    }
    event.set();
    assert_eq!(poll(selecting.as_mut()), Poll::Ready("waited"));
}

#[test]
fn else_runs_when_no_branch_is_left() {
    async fn select(guard: bool, output: Option<u8>) -> u8 {
        runtime::select! {
            Some(x) = ready(output), if guard => x,
            Some(x) = ready(None) => x,
            () = pending(), if false => unreachable!(),
            else => 0,
        }
    }
    assert_eq!(output_of(select(true, Some(1))), 1);
    assert_eq!(output_of(select(true, None)), 0);
    assert_eq!(output_of(select(false, Some(1))), 0);
}

#[test]
fn without_else_the_last_branch_that_goes_panics_where_the_macro_stands() {
    let selecting = async {
        runtime::select! { Some(()) = ready(None) => {} }
    };
    let line = line!() - 2;
    let report = panic_of(|| output_of(selecting));
    assert!(
        report.message.contains("all branches are disabled"),
        "{report:?}"
    );
    assert!(report.message.contains("add `else"), "{report:?}");
    assert_eq!((report.file.as_str(), report.line), (file!(), line));
}

#[test]
fn a_spent_budget_lets_no_branch_win() {
    for flavor in EVERY_FLAVOR {
        let rt = flavor.build();
        let yields = async {
            let mut spent = pin!(async {
                loop {
                    consume_budget().await;
                }
            });
            // Spends all that this poll has.
            let mut other_ran = false;
            let mut polls = 0;
            poll_fn(|cx| {
                assert!(spent.as_mut().poll(cx).is_pending());
                polls += 1;
                let mut selecting = pin!(async {
                    runtime::select! { () = ready(()) => other_ran = true }
                });
                let polled = selecting.as_mut().poll(cx);
                assert!(polled.is_pending(), "a branch wins without budget");
                Poll::Ready(())
            })
            .await;
            assert_eq!(polls, 1);
            other_ran
        };
        assert!(!rt.block_on(yields), "{flavor}");
    }
}

#[test]
fn a_loop_over_a_biased_select_that_is_always_ready_lets_others_run() {
    for flavor in EVERY_FLAVOR {
        let rt = flavor.build();
        rt.block_on(rt.spawn(async {
            let event = Event::new();
            let setter = runtime::spawn({
                let event = event.clone();
                async move {
                    yield_now().await;
                    event.set();
                }
            });
            loop {
                runtime::select! {
                    biased;
                    () = event.clone() => break,
                    () = consume_budget() => {}
                }
            }
            setter.await.unwrap();
        }))
        .unwrap();
    }
}
