//! `join!`: all outputs.

use std::future::{pending, ready};
use std::pin::pin;
use std::task::Poll;

use runtime::task::consume_budget;
use runtime_tests::event::Event;
use runtime_tests::flavor::EVERY_FLAVOR;

use crate::harness::{Log, output_of, poll};

#[test]
fn outputs_come_in_the_order_of_the_futures() {
    output_of(async {
        assert_eq!((1,), runtime::join!(ready(1)));
        assert_eq!((1, "b"), runtime::join!(ready(1), ready("b"),));
        assert_eq!((1, 2), runtime::join!(biased; ready(1), ready(2)));
        assert_eq!((1, 2), runtime::join![biased; ready(1), async { 2 },]);
        let mut lent = ready(3);
        assert_eq!((3, 4), runtime::join!(&mut lent, &mut ready(4)));
    });
}

#[test]
#[allow(clippy::let_unit_value, clippy::unit_cmp)]
fn nothing_to_join_is_ready() {
    output_of(async {
        assert_eq!((), runtime::join!());
        assert_eq!((), runtime::join!(biased;));
    });
}

#[test]
fn it_waits_for_the_last_and_keeps_what_the_others_gave() {
    let (first, last) = (Event::new(), Event::new());
    let mut joining = pin!(async {
        let words = (String::from("a"), String::from("b"));
        runtime::join!(
            async {
                last.clone().await;
                words.0
            },
            async {
                first.clone().await;
                words.1
            },
        )
    });
    assert!(poll(joining.as_mut()).is_pending());
    first.set();
    assert!(poll(joining.as_mut()).is_pending());
    last.set();
    assert_eq!(
        poll(joining.as_mut()),
        Poll::Ready(("a".into(), "b".into()))
    );
}

#[test]
fn a_future_that_has_ended_is_dropped_and_not_polled_again() {
    let log = Log::default();
    let mut joining = pin!(async {
        runtime::join!(biased; log.future("a", 2), log.future("b", 1), log.future("c", 3));
        log.note("joined");
    });
    assert!(poll(joining.as_mut()).is_pending());
    assert_eq!(log.take(), ["a", "b", "drop b", "c"]);
    assert!(poll(joining.as_mut()).is_pending());
    assert_eq!(log.take(), ["a", "drop a", "c"]);
    assert!(poll(joining.as_mut()).is_ready());
    assert_eq!(log.take(), ["c", "drop c", "joined"]);
}

#[test]
fn each_poll_begins_with_another_future() {
    let log = Log::default();
    let mut joining =
        pin!(async { runtime::join!(log.future("a", 9), log.future("b", 9), log.future("c", 9)) });
    for expected in [
        ["a", "b", "c"],
        ["b", "c", "a"],
        ["c", "a", "b"],
        ["a", "b", "c"],
    ] {
        assert!(poll(joining.as_mut()).is_pending());
        assert_eq!(log.take(), expected);
    }
}

#[test]
fn biased_begins_with_the_first_each_time() {
    let log = Log::default();
    let mut joining = pin!(async {
        runtime::join!(biased; log.future("a", 9), log.future("b", 9), log.future("c", 9))
    });
    for _ in 0..3 {
        assert!(poll(joining.as_mut()).is_pending());
        assert_eq!(log.take(), ["a", "b", "c"]);
    }
}

#[test]
fn a_future_that_spends_the_budget_does_not_starve_the_others() {
    for flavor in EVERY_FLAVOR {
        let joined = async {
            let mut modest_has_run = false;
            let modest_done = Event::new();
            let greedy = async {
                let mut done = pin!(modest_done.clone());
                let mut spent = 0;
                while runtime_tests_poll_now(done.as_mut()).await.is_pending() {
                    consume_budget().await;
                    spent += 1;
                    assert!(spent < 100_000, "the other never runs");
                }
            };
            let modest = async {
                for _ in 0..5 {
                    consume_budget().await;
                }
                modest_has_run = true;
                modest_done.set();
            };
            runtime::join!(greedy, modest);
            modest_has_run
        };
        assert!(flavor.build().block_on(joined), "{flavor}");
    }
}

/// One poll of `future`, which may be polled again.
async fn runtime_tests_poll_now<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    std::future::poll_fn(|cx| Poll::Ready(pin!(&mut future).poll(cx))).await
}

#[test]
fn a_join_that_is_dropped_drops_its_futures() {
    let log = Log::default();
    {
        let mut joining =
            pin!(async { runtime::join!(log.future("a", 1), log.future("b", 9), pending::<()>()) });
        assert!(poll(joining.as_mut()).is_pending());
    }
    assert_eq!(log.take(), ["a", "drop a", "b", "drop b"]);
}

#[test]
fn more_futures_than_select_takes() {
    macro_rules! join_many {
        ($($one:literal)*) => { runtime::join!($(ready($one)),*) };
    }
    let outputs = output_of(async {
        join_many!(
            1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
            1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
            1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 7
        )
    });
    assert_eq!((outputs.0, outputs.118, outputs.119), (1, 1, 7));
}
