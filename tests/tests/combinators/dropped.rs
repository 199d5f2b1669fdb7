//! What becomes of the futures of the branches that lost.

use std::future::ready;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;

use crate::harness::{Log, output_of, poll};

#[test]
fn losers_are_dropped_before_the_handler_runs() {
    let log = Log::default();
    output_of(async {
        runtime::select! {
            biased;
            _ = log.future("a", 2) => unreachable!(),
            _ = log.future("b", 1) => log.note("handler"),
            _ = log.future("c", 1) => unreachable!(),
        }
    });
    assert_eq!(
        log.take(),
        ["a", "b", "drop a", "drop b", "drop c", "handler"]
    );
}

#[test]
fn futures_are_dropped_before_else_runs_too() {
    let log = Log::default();
    output_of(async {
        runtime::select! {
            biased;
            1 = async { log.future("a", 1).await; 2 } => unreachable!(),
            _ = log.future("b", 1), if false => unreachable!(),
            else => log.note("else"),
        }
    });
    assert_eq!(log.take(), ["a", "drop a", "drop b", "else"]);
}

#[test]
fn a_loser_that_is_lent_lives_on() {
    let log = Log::default();
    output_of(async {
        let mut lent = pin!(log.future("a", 2));
        runtime::select! {
            biased;
            _ = &mut lent => unreachable!(),
            () = ready(()) => log.note("handler"),
        }
        lent.await;
    });
    assert_eq!(log.take(), ["a", "handler", "a", "drop a"]);
}

#[test]
fn a_select_that_is_dropped_drops_its_futures() {
    let log = Log::default();
    {
        let mut selecting = pin!(async {
            runtime::select! {
                biased;
                _ = log.future("a", 9) => {}
                _ = log.future("b", 9) => {}
            }
        });
        assert!(poll(selecting.as_mut()).is_pending());
    }
    assert_eq!(log.take(), ["a", "b", "drop a", "drop b"]);
}

#[test]
fn a_panic_in_a_branch_drops_all_of_them() {
    let log = Log::default();
    let panicking = catch_unwind(AssertUnwindSafe(|| {
        output_of(async {
            runtime::select! {
                biased;
                _ = log.future("a", 9) => {}
                () = async { panic!("in a branch") } => {}
            }
        });
    }));
    assert!(panicking.is_err());
    assert_eq!(log.take(), ["a", "drop a"]);
}

#[test]
fn what_a_pattern_leaves_of_the_output_is_dropped_after_the_handler() {
    let log = Log::default();
    output_of(async {
        runtime::select! { _ = async { Noted(&log) } => log.note("handler") }
    });
    assert_eq!(log.take(), ["handler", "drop output"]);
}

#[test]
fn an_output_that_does_not_match_is_dropped_at_once() {
    let log = Log::default();
    output_of(async {
        runtime::select! {
            biased;
            None = async { Some(Noted(&log)) } => {}
            _ = log.future("b", 1) => log.note("handler"),
        }
    });
    assert_eq!(log.take(), ["drop output", "b", "drop b", "handler"]);
}

struct Noted<'a>(&'a Log);

impl Drop for Noted<'_> {
    fn drop(&mut self) {
        self.0.note("drop output");
    }
}
