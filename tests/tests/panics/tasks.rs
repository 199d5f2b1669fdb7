//! Panics in a task: in its poll, and in the drops of its future, its output and its payload.

use std::future::{Future, pending};
use std::panic::panic_any;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::thread;

use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::{PanicsOnDrop, panic_of, text};
use runtime_tests::wait::until_true;

use super::assert_all_workers_live;

/// How deep payloads of payloads go that panic when dropped.
const DEPTH: u32 = 3;

#[test]
fn a_panic_in_a_poll_goes_to_whoever_awaits_the_task() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let task = rt.spawn(async { panic!("the poll panics") });
            let id = task.id();
            let error = rt.block_on(task).unwrap_err();
            assert!(error.is_panic() && !error.is_cancelled());
            assert_eq!(error.id(), id);
            assert!(error.to_string().contains("the poll panics"), "{error}");
            assert_eq!(text(&*error.into_panic()), "the poll panics");
        }
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_future_that_panics_is_dropped_at_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        let future = dropped.on_drop();
        let task = rt.spawn(async move {
            let _future = future;
            panic!("the poll panics");
        });
        let _error = rt.block_on(task).unwrap_err();
        assert_eq!(dropped.get(), 1, "on {flavor}");
    });
}

/// As a guard of a standard lock, which poisons it then.
#[test]
fn what_a_future_owns_is_dropped_while_its_panic_unwinds() {
    struct Owner(Arc<AtomicBool>);

    impl Drop for Owner {
        fn drop(&mut self) {
            self.0.store(thread::panicking(), Ordering::SeqCst);
        }
    }

    impl Future for Owner {
        type Output = ();

        fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
            panic!("the poll panics");
        }
    }

    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let unwound = Arc::new(AtomicBool::new(false));
        let error = rt.block_on(rt.spawn(Owner(unwound.clone()))).unwrap_err();
        assert_eq!(text(&*error.into_panic()), "the poll panics");
        assert!(unwound.load(Ordering::SeqCst), "on {flavor}");
    });
}

/// Panics when it is polled, and again when it is dropped by that.
struct PanicsTwice(#[allow(dead_code, reason = "held to be dropped")] PanicsOnDrop);

impl Future for PanicsTwice {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<()> {
        panic!("the poll panics");
    }
}

#[test]
fn a_second_panic_while_the_first_unwinds_ends_nothing() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let error = rt
            .block_on(rt.spawn(PanicsTwice(PanicsOnDrop(DEPTH))))
            .unwrap_err();
        assert_eq!(text(&*error.into_panic()), "the poll panics");
        assert_all_workers_live(&rt, flavor);
    });
}

/// Ready at once; its own drop panics.
struct ReadyThenPanics(#[allow(dead_code, reason = "held to be dropped")] PanicsOnDrop);

impl Future for ReadyThenPanics {
    type Output = u32;

    fn poll(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(7)
    }
}

#[test]
fn a_future_whose_drop_panics_has_given_its_output() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let task = rt.spawn(ReadyThenPanics(PanicsOnDrop(DEPTH)));
            assert_eq!(rt.block_on(task).unwrap(), 7, "on {flavor}");
        }
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn an_aborted_future_whose_drop_panics_says_so_to_whoever_awaits_it() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let future = PanicsOnDrop(1);
            let task = rt.spawn(async move {
                let _future = future;
                pending::<()>().await;
            });
            task.abort();
            assert!(rt.block_on(task).unwrap_err().is_panic(), "on {flavor}");
        }
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn an_output_that_nobody_awaits_panics_alone() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            drop(rt.spawn(async { PanicsOnDrop(DEPTH) }));
        }
        rt.block_on(until_true(|| rt.metrics().num_alive_tasks() == 0));
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn an_output_dropped_with_its_handle_panics_alone() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(async { PanicsOnDrop(DEPTH) });
        rt.block_on(until_true(|| task.is_finished()));
        drop(task);
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_payload_that_panics_on_drop_panics_alone() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            drop(rt.spawn(async { panic_any(PanicsOnDrop(DEPTH)) }));
        }
        rt.block_on(until_true(|| rt.metrics().num_alive_tasks() == 0));
        let task = rt.spawn(async { panic_any(PanicsOnDrop(DEPTH)) });
        rt.block_on(until_true(|| task.is_finished()));
        drop(task);
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_shutdown_drops_all_futures_though_some_panic() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        for _ in 0..50 {
            let (panics, counts) = (PanicsOnDrop(DEPTH), dropped.on_drop());
            rt.spawn(async move {
                let _future = (panics, counts);
                pending::<()>().await;
            });
        }
        drop(rt);
        assert_eq!(dropped.get(), 50, "on {flavor}");
    });
}

#[test]
fn a_panic_in_block_on_leaves_the_runtime_as_it_was() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..3 {
            let report = panic_of(|| rt.block_on(async { panic!("the root panics") }));
            assert_eq!(report.message, "the root panics");
            assert_eq!(report.file, file!());
        }
        assert_all_workers_live(&rt, flavor);
        assert!(runtime::runtime::Handle::try_current().is_err());
    });
}
