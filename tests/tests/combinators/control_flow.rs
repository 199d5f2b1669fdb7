//! Handlers belong to the function around them.

use std::future::{pending, ready};

use crate::harness::output_of;

#[test]
fn break_and_continue_mean_the_loop_around() {
    let rounds = output_of(async {
        let mut rounds = 0;
        'outer: loop {
            rounds += 1;
            for inner in 0..2 {
                runtime::select! {
                    biased;
                    x = ready(inner), if rounds < 3 => {
                        assert_eq!(x, 0, "the inner loop goes on");
                        continue 'outer;
                    }
                    x = ready(rounds), if rounds == 5 => { assert_eq!(x, 5); break 'outer; }
                    x = ready(inner) => if x == 1 { break },
                }
            }
        }
        rounds
    });
    assert_eq!(rounds, 5);
    let value = output_of(async {
        let mut rounds = 0;
        loop {
            rounds += 1;
            runtime::select! { x = ready(rounds) => if x == 4 { break x } }
        }
    });
    assert_eq!(value, 4);
}

#[test]
fn return_and_the_question_mark_leave_the_function_around() {
    async fn parse(text: &str, early: bool) -> Result<u8, String> {
        let number = runtime::select! {
            parsed = async { text.parse::<u8>() }, if !early => parsed.map_err(|e| e.to_string())?,
            () = ready(()), if early => return Ok(0),
        };
        Ok(number + 1)
    }
    assert_eq!(output_of(parse("1", false)), Ok(2));
    assert!(output_of(parse("x", false)).is_err());
    assert_eq!(output_of(parse("x", true)), Ok(0));
}

#[test]
fn the_question_mark_works_in_futures_and_guards() {
    async fn first(input: Option<u8>) -> Option<u8> {
        runtime::select! { x = ready(input?), if input? > 1 => Some(x), else => Some(0) }
    }
    assert_eq!(output_of(first(Some(2))), Some(2));
    assert_eq!(output_of(first(Some(1))), Some(0));
    assert_eq!(output_of(first(None)), None);
}

#[test]
fn handlers_await() {
    let x = output_of(async {
        runtime::select! {
            x = ready(1) => x + ready(1).await,
            () = pending() => ready(3).await,
        }
    });
    assert_eq!(x, 2);
}

#[test]
fn a_handler_uses_what_the_futures_borrow() {
    async fn grow(text: &mut String) {
        text.push('a');
        pending::<()>().await;
    }
    let text = output_of(async {
        let mut text = String::new();
        runtime::select! {
            biased;
            () = grow(&mut text) => {}
            () = ready(()) => text.push('b'),
        }
        runtime::select! {
            None::<()> = async { text.push('c'); Some(()) } => {}
            else => text.push('d'),
        }
        text
    });
    assert_eq!(text, "abcd");
}

#[test]
fn branches_share_a_borrow() {
    let words = vec!["a", "b"];
    let length = output_of(async {
        let (words, count) = (&words, std::cell::Cell::new(0));
        runtime::select! {
            length = async { count.set(1); words.len() } => length + count.get(),
            length = async { count.set(1); words.len() } => length + count.get(),
        }
    });
    assert_eq!(length + words.len(), 5);
}

#[test]
fn a_future_survives_a_round_that_it_lost() {
    let rounds = output_of(async {
        let mut polls = 0;
        let mut slow = std::pin::pin!(async {
            let left = std::cell::Cell::new(3);
            std::future::poll_fn(|_| {
                left.set(left.get() - 1);
                if left.get() == 0 {
                    std::task::Poll::Ready("slow")
                } else {
                    std::task::Poll::Pending
                }
            })
            .await
        });
        loop {
            polls += 1;
            runtime::select! {
                biased;
                x = &mut slow => break (x, polls),
                () = ready(()) => {}
            }
        }
    });
    assert_eq!(rounds, ("slow", 3));
}

#[test]
fn async_closures_and_generic_functions_select() {
    async fn either<T>(one: impl Future<Output = T>, other: impl Future<Output = T>) -> T {
        runtime::select! { x = one => x, x = other => x }
    }
    let twice = async |x: i32| runtime::select! { x = either(ready(x), pending()) => 2 * x };
    assert_eq!(output_of(twice(4)), 8);
}

#[test]
fn the_futures_are_send_and_static_where_their_branches_are() {
    fn assert_send<T: Send + 'static>(future: T) -> T {
        future
    }
    let waiting = assert_send(async {
        runtime::select! { x = ready(1) => x + ready(1).await, x = pending::<i32>() => x }
    });
    assert_eq!(output_of(waiting), 2);
    assert_eq!(
        output_of(assert_send(async { runtime::join!(ready(1), ready(2)) })),
        (1, 2)
    );
    let trying = assert_send(async { runtime::try_join!(ready(Ok::<_, ()>(1)), ready(Ok("b"))) });
    assert_eq!(output_of(trying), Ok((1, "b")));
}

#[test]
fn a_guard_of_a_mutex_in_the_expression_of_a_future_is_let_go_at_once() {
    let shared = std::sync::Mutex::new(1);
    let both = output_of(async {
        runtime::select! {
            x = ready(*shared.lock().unwrap()) => x + *shared.lock().unwrap(),
            x = ready(*shared.lock().unwrap()) => x + *shared.lock().unwrap(),
        }
    });
    assert_eq!(both, 2);
}
