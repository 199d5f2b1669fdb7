//! Every form that a branch may have.

use std::future::{IntoFuture, Ready, pending, ready};

use crate::harness::output_of;

#[test]
fn one_branch_with_every_kind_of_end() {
    assert_eq!(
        1,
        output_of(async {
            runtime::select! { x = ready(1) => x }
        })
    );
    assert_eq!(
        1,
        output_of(async {
            runtime::select! { x = ready(1) => x, }
        })
    );
    assert_eq!(
        1,
        output_of(async {
            runtime::select! { x = ready(1) => { x } }
        })
    );
    assert_eq!(
        1,
        output_of(async {
            runtime::select! { x = ready(1) => { x }, }
        })
    );
    assert_eq!(1, output_of(async { runtime::select!(x = ready(1) => x) }));
    assert_eq!(1, output_of(async { runtime::select![x = ready(1) => x] }));
}

#[test]
fn commas_may_be_left_out_behind_braces_alone() {
    let sum = output_of(async {
        let mut sum = 0;
        for round in 0..4 {
            runtime::select! {
                () = ready(()), if round == 0 => { sum += 1; }
                () = ready(()), if round == 1 => { sum += 10; },
                () = ready(()), if round == 2 => sum += 100,
                () = ready(()), if round == 3 => sum += 1_000
            }
        }
        sum
    });
    assert_eq!(sum, 1_111);
}

#[test]
fn handlers_of_every_kind() {
    #[derive(Debug, PartialEq)]
    struct Point {
        x: i32,
    }
    let x = ready(1);
    assert_eq!(
        Point { x: 1 },
        output_of(async {
            runtime::select! { x = x => Point { x } }
        })
    );
    assert_eq!(
        "one",
        output_of(async {
            runtime::select! { x = ready(1) => match x { 1 => "one", _ => "other" }, }
        })
    );
    assert_eq!(
        3,
        output_of(async {
            runtime::select! { x = ready(1) => if x == 1 { 3 } else { 4 }, else => 5 }
        })
    );
    assert_eq!(
        2,
        output_of(async {
            runtime::select! { x = ready(1) => async { x + 1 }.await }
        })
    );
    assert_eq!(
        5,
        output_of(async {
            runtime::select! { x = ready(1) => std::iter::repeat_n(x, 5).map(|x| x * x).sum::<i32>() }
        })
    );
    assert_eq!(
        vec![1, 2],
        output_of(async {
            runtime::select! { x = ready(1) => vec![x, 2] }
        })
    );
    let add = output_of(async {
        runtime::select! { x = ready(1) => move |y: i32| x + y, }
    });
    assert_eq!(add(2), 3);
}

#[test]
fn futures_of_every_kind() {
    struct NoFutureYet;
    impl IntoFuture for NoFutureYet {
        type Output = u8;
        type IntoFuture = Ready<u8>;
        fn into_future(self) -> Ready<u8> {
            ready(7)
        }
    }
    let turbofish = ready::<Result<u8, ()>>;
    output_of(async {
        let mut borrowed = ready(6);
        let x = runtime::select! { x = &mut borrowed => x };
        assert_eq!(x, 6);
        let x = runtime::select! { x = (&mut ready(5)) => x };
        assert_eq!(x, 5);
        let x = runtime::select! { x = NoFutureYet => x };
        assert_eq!(x, 7);
        let x = runtime::select! { Ok(x) = turbofish(Ok(4)) => x };
        assert_eq!(x, 4);
        let x = runtime::select! { x = async { if ready(true).await { 3 } else { 2 } } => x };
        assert_eq!(x, 3);
        let x = runtime::select! { x = match x { 3 => ready(8), _ => ready(9) } => x };
        assert_eq!(x, 8);
        let boxed: std::pin::Pin<Box<dyn Future<Output = u8>>> = Box::pin(ready(1));
        let x = runtime::select! { x = boxed => x };
        assert_eq!(x, 1);
    });
}

#[derive(Debug, PartialEq)]
enum Message {
    Text(String),
    Number { value: i32 },
    Nothing,
}

const LIMIT: i32 = 9;

#[test]
fn patterns_of_every_kind() {
    use Message::{Nothing, Number, Text};
    output_of(async {
        let text = runtime::select! { Text(text) = ready(Text("a".into())) => text, else => unreachable!() };
        assert_eq!(text, "a");
        let value =
            runtime::select! { Number { value } = ready(Number { value: 1 }) => value, else => 0 };
        assert_eq!(value, 1);
        runtime::select! { Nothing = ready(Nothing) => {}, else => unreachable!() }
        runtime::select! { Text(_) | Nothing = ready(Nothing) => {}, else => unreachable!() }
        runtime::select! { | Nothing = ready(Nothing) => {}, else => unreachable!() }
        runtime::select! { LIMIT = ready(9) => {}, else => unreachable!() }
        runtime::select! { -1 | 1..=LIMIT = ready(9) => {}, else => unreachable!() }
        let ten = runtime::select! { ten @ 10.. = ready(10) => ten, else => 0 };
        assert_eq!(ten, 10);
        let sum = runtime::select! { (mut a, b) = ready((1, 2)) => { a += b; a } };
        assert_eq!(sum, 3);
        let length = runtime::select! { [first, .., last] = ready([1, 2, 3, 4]) => first + last };
        assert_eq!(length, 5);
        runtime::select! { Some(ref text) = ready(Some(String::from("b"))) => assert_eq!(text, "b"), }
        runtime::select! {
            Some(ref mut text) = ready(Some(String::from("b"))) => {
                text.push('c');
                assert_eq!(text, "bc");
            }
        }
        runtime::select! {
            Some(mut text) = ready(Some(String::from("b"))) => {
                text.push('c');
                assert_eq!(text, "bc");
            }
        }
        let number = 4;
        let copied = runtime::select! { Some(&copied) = ready(Some(&number)) => copied, };
        assert_eq!(copied, 4);
        let unused = runtime::select! { _ = ready(Text(String::new())) => 1 };
        assert_eq!(unused, 1);
    });
}

#[test]
fn the_word_biased_is_still_a_name() {
    output_of(async {
        let x = runtime::select! { biased = ready(1) => biased };
        assert_eq!(x, 1);
        let x = runtime::select! { biased; biased = ready(1) => biased };
        assert_eq!(x, 1);
        let biased = ready(2);
        assert_eq!((2, 3), runtime::join!(biased, ready(3)));
    });
}

#[test]
fn else_alone_needs_no_future_around_it() {
    assert_eq!(1, runtime::select! { else => 1 });
    assert_eq!(1, runtime::select! { else => { 1 }, });
    assert_eq!(1, runtime::select! { biased; else => 1, });
}

#[test]
fn a_select_stands_in_a_handler_in_a_future_and_in_a_guard() {
    let x = output_of(async {
        runtime::select! {
            x = ready(1), if runtime::select! { x = ready(true) => x } => runtime::select! {
                y = async { runtime::select! { y = ready(2) => y } } => x + y,
            },
        }
    });
    assert_eq!(x, 3);
}

/// Calls the macro with parts that came through another one.
macro_rules! first_of {
    ($($pattern:pat = $future:expr, $guard:expr => $handler:expr;)*) => {
        runtime::select! { $($pattern = $future, if $guard => $handler,)* else => unreachable!() }
    };
}

macro_rules! block_of {
    ($future:expr, $handler:block) => {
        runtime::select! { _ = $future => $handler _ = pending::<()>() => $handler }
    };
}

#[test]
fn parts_may_come_from_another_macro() {
    let x = output_of(async {
        first_of! {
            Some(x) = ready(None), 1 + 1 == 2 => x;
            Ok(x) | Err(x) = ready(Ok::<_, i32>(2)), 3 < 2 || 1 < 2 => x * 2;
        }
    });
    assert_eq!(x, 4);
    assert_eq!(5, output_of(async { block_of!(ready(()), { 5 }) }));
}

#[test]
fn sixty_four_branches() {
    let (mut rounds, mut chosen) = (0, [false; 64]);
    while chosen.contains(&false) {
        chosen[output_of(chosen_of_64())] = true;
        rounds += 1;
        assert!(rounds < 10_000, "some branch is never chosen");
    }
}

async fn chosen_of_64() -> usize {
    runtime::select! {
        () = ready(()) => 0,
        () = ready(()) => 1,
        () = ready(()) => 2,
        () = ready(()) => 3,
        () = ready(()) => 4,
        () = ready(()) => 5,
        () = ready(()) => 6,
        () = ready(()) => 7,
        () = ready(()) => 8,
        () = ready(()) => 9,
        () = ready(()) => 10,
        () = ready(()) => 11,
        () = ready(()) => 12,
        () = ready(()) => 13,
        () = ready(()) => 14,
        () = ready(()) => 15,
        () = ready(()) => 16,
        () = ready(()) => 17,
        () = ready(()) => 18,
        () = ready(()) => 19,
        () = ready(()) => 20,
        () = ready(()) => 21,
        () = ready(()) => 22,
        () = ready(()) => 23,
        () = ready(()) => 24,
        () = ready(()) => 25,
        () = ready(()) => 26,
        () = ready(()) => 27,
        () = ready(()) => 28,
        () = ready(()) => 29,
        () = ready(()) => 30,
        () = ready(()) => 31,
        () = ready(()) => 32,
        () = ready(()) => 33,
        () = ready(()) => 34,
        () = ready(()) => 35,
        () = ready(()) => 36,
        () = ready(()) => 37,
        () = ready(()) => 38,
        () = ready(()) => 39,
        () = ready(()) => 40,
        () = ready(()) => 41,
        () = ready(()) => 42,
        () = ready(()) => 43,
        () = ready(()) => 44,
        () = ready(()) => 45,
        () = ready(()) => 46,
        () = ready(()) => 47,
        () = ready(()) => 48,
        () = ready(()) => 49,
        () = ready(()) => 50,
        () = ready(()) => 51,
        () = ready(()) => 52,
        () = ready(()) => 53,
        () = ready(()) => 54,
        () = ready(()) => 55,
        () = ready(()) => 56,
        () = ready(()) => 57,
        () = ready(()) => 58,
        () = ready(()) => 59,
        () = ready(()) => 60,
        () = ready(()) => 61,
        () = ready(()) => 62,
        () = ready(()) => 63,
    }
}
