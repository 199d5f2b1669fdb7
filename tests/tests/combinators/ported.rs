//! The same source with tokio's macros and with ours does the same.

use std::cell::Cell;
use std::future::{pending, poll_fn, ready};
use std::task::Poll;

use crate::harness::output_of;

/// A stream that is pending every other time, and `None` at its end.
struct Numbers {
    next: u32,
    end: u32,
    waits: bool,
}

impl Numbers {
    fn new(numbers: std::ops::Range<u32>) -> Self {
        let std::ops::Range { start: next, end } = numbers;
        Numbers {
            next,
            end,
            waits: false,
        }
    }

    async fn next(&mut self) -> Option<u32> {
        poll_fn(|cx| {
            self.waits = !self.waits;
            if self.waits {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let next = (self.next < self.end).then_some(self.next);
            self.next += 1;
            Poll::Ready(next)
        })
        .await
    }
}

macro_rules! programs {
    ($krate:ident) => {
        mod $krate {
            use super::{Cell, Numbers, Poll, pending, poll_fn, ready};

            /// Futures of some size, in each of the macros.
            pub(super) fn sizes() -> [usize; 4] {
                async fn large() -> Result<usize, ()> {
                    let bytes = [1_u8; 1_000];
                    ready(()).await;
                    Ok(bytes.len())
                }
                [
                    size_of_val(&async { $krate::select! { x = large() => x, y = large() => y } }),
                    size_of_val(&async { $krate::join!(large(), large(), large()) }),
                    size_of_val(&async { $krate::try_join!(large(), large(), large()) }),
                    size_of_val(&async { $krate::join!(biased; large()) }),
                ]
            }

            pub(super) async fn both_streams() -> Vec<u32> {
                let (mut one, mut other) = (Numbers::new(0..5), Numbers::new(10..13));
                let mut numbers = Vec::new();
                loop {
                    $krate::select! {
                        Some(number) = one.next() => numbers.push(number),
                        Some(number) = other.next() => { numbers.push(number) }
                        else => break,
                    }
                }
                numbers.sort_unstable();
                numbers
            }

            pub(super) async fn biased_with_guards() -> Vec<u32> {
                let mut done = Vec::new();
                loop {
                    $krate::select! {
                        biased;

                        _ = async {}, if done.len() == 2 => {
                            done.push(2);
                            continue;
                        },
                        value = ready(0), if done.is_empty() => done.push(value),
                        Some(1 | 7) | None = ready(Some(1)), if done.len() < 2 => done.push(1),
                        else => return done,
                    }
                }
            }

            pub(super) async fn first_error() -> Result<u32, String> {
                let limit = async {
                    let (a, b) = $krate::try_join!(
                        async { "4".parse::<u32>().map_err(|error| error.to_string()) },
                        async { Ok(5) },
                    )?;
                    $krate::try_join!(biased; ready(Ok(a)), ready(Err::<u32, _>(b.to_string())))
                };
                $krate::pin!(limit);
                let (a, b) = $krate::select! {
                    sums = &mut limit => sums?,
                    () = pending() => (0, 0),
                };
                Ok(a + b)
            }

            pub(super) async fn poll_order() -> Vec<u32> {
                let (order, left) = (Cell::new(Vec::new()), Cell::new(12));
                let note = |number| {
                    let (order, left) = (&order, &left);
                    poll_fn(move |cx: &mut std::task::Context<'_>| {
                        let mut so_far = order.take();
                        so_far.push(number);
                        order.set(so_far);
                        left.set(left.get() - 1);
                        cx.waker().wake_by_ref();
                        if left.get() < 3 { Poll::Ready(()) } else { Poll::Pending }
                    })
                };
                $krate::join!(
                    async { note(0).await },
                    async { note(1).await },
                    async { note(2).await }
                );
                order.into_inner()
            }

            pub(super) async fn pinned_in_one_go() -> (u32, u32) {
                $krate::pin! {
                    let one = async { 1 };
                    let two = async { 2 };
                }
                let one = $krate::select! { biased; one = &mut one => one, two = &mut two => two };
                (one, two.await)
            }
        }
    };
}

programs!(tokio);
programs!(runtime);

/// Runs a program of each with the runtime of neither.
macro_rules! assert_same {
    ($($program:ident),*) => {
        $(assert_eq!(
            futures_lite::future::block_on(runtime::$program()),
            futures_lite::future::block_on(tokio::$program()),
        );)*
    };
}

#[test]
fn programs_written_for_tokio_do_the_same() {
    assert_same!(
        both_streams,
        biased_with_guards,
        first_error,
        poll_order,
        pinned_in_one_go
    );
    assert_eq!(output_of(runtime::first_error()), Err("5".to_owned()));
}

#[test]
fn futures_grow_no_larger_than_with_tokio() {
    let (ours, theirs) = (runtime::sizes(), tokio::sizes());
    assert!(
        ours.iter()
            .zip(&theirs)
            .all(|(ours, theirs)| ours <= theirs),
        "{ours:?} against {theirs:?}"
    );
}
