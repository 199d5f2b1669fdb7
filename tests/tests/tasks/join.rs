//! Join handles: dropped or awaited while the task ends, on any thread.

use std::future::Future;
use std::hint;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::thread;

use runtime_tests::count::Counter;
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::reported::panic_of;
use runtime_tests::wait::{self, until_true};

/// Lets two threads meet at different moments from round to round.
fn dawdle(round: usize) {
    for _ in 0..round % 97 {
        hint::spin_loop();
    }
}

#[test]
fn a_handle_dropped_while_the_task_ends_drops_the_output_once() {
    const ROUNDS: usize = 5_000;
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        for round in 0..ROUNDS {
            let output = dropped.on_drop();
            let handle = rt.spawn(async move { output });
            dawdle(round);
            drop(handle);
        }
        wait::until("each output is dropped", || dropped.get() == ROUNDS);
        drop(rt);
        assert_eq!(dropped.get(), ROUNDS, "on {flavor}");
    });
}

#[test]
fn a_handle_polled_with_changing_wakers_while_the_task_ends_wakes_the_last() {
    const ROUNDS: usize = 3_000;
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        for round in 0..ROUNDS {
            let mut handle = pin!(rt.spawn(async {}));
            let mut last = None;
            for polls in 0..=round % 3 {
                let woken = Arc::new(Counter::new());
                let waker = Waker::from(woken.clone());
                if handle
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_ready()
                {
                    last = None;
                    break;
                }
                last = Some(woken);
                dawdle(round + polls);
            }
            if let Some(woken) = last {
                wait::until("the last waker is woken", || woken.get() == 1);
            }
        }
    });
}

#[test]
fn no_waker_is_leaked_or_dropped_twice_when_a_polled_handle_is_dropped() {
    const ROUNDS: usize = 3_000;
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let woken = Arc::new(Counter::new());
        for round in 0..ROUNDS {
            let waker = Waker::from(woken.clone());
            let mut handle = rt.spawn(async {});
            let _ = pin!(&mut handle).poll(&mut Context::from_waker(&waker));
            dawdle(round);
            drop(handle);
        }
        drop(rt);
        assert_eq!(Arc::strong_count(&woken), 1, "on {flavor}");
    });
}

#[test]
fn a_handle_is_awaited_on_another_runtime() {
    on_every_flavor(|flavor| {
        let (here, there) = (flavor.build(), flavor.build());
        let (tell, told) = channel();
        let handle = here.spawn(async move { told.recv().unwrap() });
        let second = there.spawn(async move { handle.await.unwrap() + 1 });
        tell.send(1).unwrap();
        here.block_on(runtime::task::yield_now());
        assert_eq!(there.block_on(second).unwrap(), 2);
    });
}

#[test]
fn what_a_task_wrote_is_seen_by_whoever_awaits_it() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            for round in 0..2_000 {
                let written = rt.spawn(async move { vec![round; 3] }).await.unwrap();
                assert_eq!(written, [round; 3]);
            }
        });
    });
}

#[test]
fn a_handle_polled_after_its_output_panics_where_it_is_polled() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mut handle = rt.spawn(async {});
        rt.block_on(&mut handle).unwrap();
        let report = panic_of(|| rt.block_on(&mut handle));
        assert!(
            report.message.contains("after it had given its output"),
            "{report:?}"
        );
    });
}

#[test]
fn the_payload_of_a_cancelled_task_is_refused_where_it_is_asked_for() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.spawn(std::future::pending::<()>());
        handle.abort();
        let error = rt.block_on(handle).unwrap_err();
        assert!(error.is_cancelled() && !error.is_panic());
        let line = line!() + 1;
        let report = panic_of(|| error.into_panic());
        assert_eq!((report.file.as_str(), report.line), (file!(), line));
    });
}

#[test]
fn a_handle_moved_to_a_thread_outside_is_awaited_there() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.spawn(async { 7 });
        let (tell, told) = channel();
        let waits = rt.handle().clone();
        let waiter = thread::spawn(move || tell.send(waits.block_on(handle)).unwrap());
        rt.block_on(async {
            let mut outcome = None;
            until_true(|| {
                outcome = told.try_recv().ok();
                outcome.is_some()
            })
            .await;
            assert_eq!(outcome.unwrap().unwrap(), 7);
        });
        waiter.join().unwrap();
    });
}

#[test]
fn a_poll_of_an_unfinished_handle_is_pending() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let mut handle = pin!(rt.spawn(std::future::pending::<()>()));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(matches!(handle.as_mut().poll(&mut cx), Poll::Pending));
        assert!(!handle.is_finished());
    });
}
