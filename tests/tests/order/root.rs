//! The future in `block_on` against the tasks that its thread runs.

use std::cell::Cell;
use std::rc::Rc;

use runtime::runtime::Builder;
use runtime::sync::{mpsc, oneshot};
use runtime::task::{consume_budget, yield_now};
use runtime::time::{Duration, sleep};
use runtime_tests::count::Counter;
use runtime_tests::watchdog::Watchdog;

use crate::threads::{on_one_thread, on_one_thread_of};

#[test]
fn tasks_that_are_ready_run_before_a_root_that_yields() {
    for tasks in [1, 10, 1_000] {
        on_one_thread(move || {
            Box::pin(async move {
                let ran = Counter::new();
                for _ in 0..tasks {
                    let ran = ran.clone();
                    drop(runtime::spawn(async move { ran.raise() }));
                }
                yield_now().await;
                assert_eq!(ran.get(), tasks);
            })
        });
    }
}

#[runtime::test]
async fn in_a_test_the_tasks_that_are_ready_run_before_it_goes_on() {
    let ran = Counter::new();
    for _ in 0..10 {
        let ran = ran.clone();
        drop(runtime::spawn(async move { ran.raise() }));
    }
    yield_now().await;
    assert_eq!(ran.get(), 10);
}

#[test]
fn a_root_without_budget_lets_the_others_go_first() {
    on_one_thread(|| {
        Box::pin(async {
            let ran = Counter::new();
            for _ in 0..10 {
                let ran = ran.clone();
                drop(runtime::spawn(async move { ran.raise() }));
            }
            while ran.get() == 0 {
                consume_budget().await;
            }
            assert_eq!(ran.get(), 10);
        })
    });
}

/// The task that answers has more to do, and so has whom it wakes: a connection goes back to its pool
/// before the root asks for the next one.
#[test]
fn what_a_message_to_the_root_sets_going_comes_to_rest_first() {
    on_one_thread(|| {
        Box::pin(async {
            let (tell_root, told_root) = oneshot::channel();
            let (start, mut last) = oneshot::channel();
            let ran = Counter::new();
            for _ in 0..5 {
                let (wake_next, next) = oneshot::channel();
                let (previous, ran) = (std::mem::replace(&mut last, next), ran.clone());
                drop(runtime::spawn(async move {
                    previous.await.unwrap();
                    ran.raise();
                    wake_next.send(()).unwrap();
                }));
            }
            yield_now().await;
            drop(runtime::spawn(async move {
                tell_root.send(()).unwrap();
                start.send(()).unwrap();
            }));
            told_root.await.unwrap();
            assert_eq!(ran.get(), 5);
            drop(last);
        })
    });
}

#[test]
fn no_more_tasks_than_an_event_interval_run_before_a_root_that_was_woken() {
    let rt = Builder::new_current_thread()
        .event_interval(7)
        .build()
        .unwrap();
    let _watchdog = Watchdog::start("with tasks that always yield");
    rt.block_on(async {
        let polls = Counter::new();
        for _ in 0..100 {
            let polls = polls.clone();
            drop(runtime::spawn(async move {
                loop {
                    polls.raise();
                    yield_now().await;
                }
            }));
        }
        let (tx, mut rx) = mpsc::unbounded_channel();
        let says = polls.clone();
        drop(runtime::spawn(async move {
            loop {
                tx.send(says.get()).unwrap();
                yield_now().await;
            }
        }));
        for _ in 0..20 {
            let sent_at = rx.recv().await.unwrap();
            while rx.try_recv().is_ok() {}
            assert!(polls.get() - sent_at <= 7);
        }
    });
}

#[test]
fn a_root_that_is_always_ready_starves_neither_tasks_nor_timers() {
    on_one_thread(|| {
        Box::pin(async {
            let over = Rc::new(Cell::new(false));
            let (tell, told) = oneshot::channel();
            drop(runtime::spawn(async move {
                for _ in 0..100 {
                    yield_now().await;
                }
                sleep(Duration::from_millis(1)).await;
                tell.send(()).unwrap();
            }));
            let waits = async {
                told.await.unwrap();
                over.set(true);
            };
            let spins = async {
                while !over.get() {
                    yield_now().await;
                }
            };
            futures_lite::future::zip(waits, spins).await;
        })
    });
}

#[test]
fn tasks_that_are_always_ready_do_not_starve_a_root() {
    on_one_thread_of(3, || {
        Box::pin(async {
            for _ in 0..20 {
                drop(runtime::spawn(async {
                    loop {
                        yield_now().await;
                    }
                }));
            }
            for _ in 0..50 {
                yield_now().await;
                sleep(Duration::from_micros(10)).await;
                runtime::spawn(async {}).await.unwrap();
            }
        })
    });
}
