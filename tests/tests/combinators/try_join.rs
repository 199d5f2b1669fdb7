//! `try_join!`: all outputs, or the first error.

use std::future::{pending, ready};
use std::pin::pin;
use std::task::Poll;

use runtime_tests::event::Event;

use crate::harness::{Log, output_of, poll};

#[test]
fn successes_come_as_a_tuple() {
    output_of(async {
        assert_eq!(Ok::<_, ()>((1,)), runtime::try_join!(ready(Ok(1))));
        assert_eq!(
            Ok::<_, ()>((1, "b")),
            runtime::try_join!(ready(Ok(1)), ready(Ok("b")),)
        );
        assert_eq!(
            Ok::<_, ()>((1, 2)),
            runtime::try_join!(biased; ready(Ok(1)), ready(Ok(2)))
        );
        assert_eq!(Ok::<(), ()>(()), runtime::try_join!());
        assert_eq!(Ok::<(), ()>(()), runtime::try_join!(biased;));
    });
}

#[test]
fn the_first_error_ends_it_and_drops_the_others() {
    let log = Log::default();
    let failure = Event::new();
    let mut joining = pin!(async {
        let joined = runtime::try_join!(
            biased;
            async { log.future("a", 1).await; Ok(1) },
            async { log.future("b", 9).await; Ok(2) },
            async { failure.clone().await; Err::<(), _>("failed") },
            async { log.future("c", 9).await; Ok(3) },
        );
        log.note("joined");
        joined
    });
    assert_eq!(poll(joining.as_mut()), Poll::Pending);
    assert_eq!(log.take(), ["a", "drop a", "b", "c"]);
    failure.set();
    assert_eq!(poll(joining.as_mut()), Poll::Ready(Err("failed")));
    assert_eq!(log.take(), ["b", "drop b", "drop c", "joined"]);
}

#[test]
fn an_error_wins_though_others_wait_for_ever() {
    let error =
        output_of(async { runtime::try_join!(pending::<Result<(), _>>(), ready(Err::<(), _>(1))) });
    assert_eq!(error, Err(1));
}

#[test]
fn the_question_mark_takes_the_outputs() {
    async fn sum(second: Result<i32, String>) -> Result<i32, Box<dyn std::error::Error>> {
        let (first, second) = runtime::try_join!(async { Ok::<_, String>(1) }, async { second })?;
        Ok(first + second)
    }
    assert_eq!(output_of(sum(Ok(2))).unwrap(), 3);
    assert_eq!(
        output_of(sum(Err("no".into()))).unwrap_err().to_string(),
        "no"
    );
}

#[test]
fn each_poll_begins_with_another_future() {
    let log = Log::default();
    let noting = |name| {
        let future = log.future(name, 9);
        async move {
            future.await;
            Ok::<(), ()>(())
        }
    };
    let mut joining = pin!(async { runtime::try_join!(noting("a"), noting("b"), noting("c")) });
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
