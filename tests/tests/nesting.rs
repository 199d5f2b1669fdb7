//! Runtimes inside runtimes: what is allowed, and what is said where it is not.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_lite::future::zip;
use runtime::runtime::Runtime;
use runtime::task::{JoinHandle, block_in_place};
use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::event::Event;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::reported::{Report, panic_of};
use runtime_tests::wait::until_true;

#[track_caller]
fn assert_blames(report: &Report, line: u32) {
    assert_eq!((report.file.as_str(), report.line), (file!(), line));
    for part in ["already runs async code", ".await", "spawn_blocking"] {
        assert!(report.message.contains(part), "{report:?}");
    }
}

#[test]
fn block_on_inside_block_on_blames_the_caller() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), flavor.build());
        rt.block_on(async {
            let line = line!();
            assert_blames(&panic_of(|| rt.block_on(async {})), line + 1);
            assert_blames(&panic_of(|| other.block_on(async {})), line + 2);
            assert_blames(&panic_of(|| rt.handle().block_on(async {})), line + 3);
            assert_blames(&panic_of(|| other.handle().block_on(async {})), line + 4);
        });
        rt.block_on(async {});
    });
}

#[test]
fn block_on_inside_a_task_blames_the_caller() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        let task = rt.spawn(async move {
            let line = line!();
            assert_blames(&panic_of(|| handle.block_on(async {})), line + 1);
            handle.spawn(async { 7 }).await.unwrap()
        });
        assert_eq!(rt.block_on(task).unwrap(), 7);
    });
}

#[test]
fn a_blocking_thread_may_block_on_any_runtime() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), flavor.build());
        let task = rt.spawn_blocking(move || {
            let own = runtime::runtime::Handle::current();
            let here = own.block_on(async { runtime::spawn(async { 1 }).await.unwrap() });
            let there = other.block_on(async { runtime::spawn(async { 2 }).await.unwrap() });
            here + there
        });
        assert_eq!(rt.block_on(task).unwrap(), 3);
    });
}

#[test]
fn a_thread_that_has_entered_a_runtime_may_block_on_another() {
    on_every_flavor(|flavor| {
        let (entered, other) = (flavor.build(), flavor.build());
        let _guard = entered.enter();
        let id = || runtime::runtime::Handle::current().id();
        assert_eq!(other.block_on(async { id() }), other.handle().id());
        assert_eq!(id(), entered.handle().id());
    });
}

/// Spawns a task that has ended, with an outcome that nobody has read.
/// The inner `block_on` sleeps on the same thread, and must leave the outer one its wake-up.
#[test]
fn a_future_woken_during_an_inner_block_on_is_polled_after_it() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let (outer, inner) = (Event::new(), Event::new());
        let (sets_outer, sets_inner) = (outer.clone(), inner.clone());
        let sets = std::thread::spawn(move || {
            sets_inner.until_awaited();
            sets_outer.set();
            // Time for the inner loop to swallow what is not for it.
            std::thread::sleep(Duration::from_millis(2));
            sets_inner.set();
        });
        rt.block_on(zip(outer, async {
            block_in_place(|| rt.handle().block_on(inner));
        }));
        sets.join().unwrap();
    });
}

fn spawn_unread<T: Send + 'static>(rt: &Runtime, outcome: T) -> JoinHandle<T> {
    let task = rt.spawn(async move { outcome });
    rt.block_on(until_true(|| task.is_finished()));
    task
}

/// Outcomes that are dropped inside the drop of an outcome are put off until that ends. A `block_on`
/// in there may wait for what they let go of.
#[test]
fn a_block_on_inside_the_drop_of_an_outcome_drops_others_at_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (dropped, dropped_inside) = (Counter::new(), Arc::new(Mutex::new(None)));
        let mut put_off = Some(spawn_unread(&rt, dropped.on_drop()));
        let (other, tells) = (flavor.build(), dropped_inside.clone());
        let outcome = OnDrop(move || {
            drop(put_off.take());
            let inside = Counter::new();
            let unread = spawn_unread(&other, inside.on_drop());
            other.block_on(async { drop(unread) });
            *tells.lock().unwrap() = Some(inside.get());
        });
        drop(spawn_unread(&rt, outcome));
        assert_eq!(*dropped_inside.lock().unwrap(), Some(1), "on {flavor}");
        assert_eq!(dropped.get(), 1, "put off, not forgotten, on {flavor}");
    });
}

#[test]
fn guards_dropped_in_the_wrong_order_panic() {
    on_every_flavor(|flavor| {
        let (outer, inner) = (flavor.build(), flavor.build());
        let outer_guard = outer.enter();
        let inner_guard = inner.enter();
        let report = panic_of(|| drop(outer_guard));
        assert!(report.message.contains("reverse order"), "{report:?}");
        drop(inner_guard);
    });
}

/// A second panic would abort the process.
#[test]
fn guards_dropped_in_the_wrong_order_by_a_panic_say_nothing() {
    let rt = Flavor::CurrentThread.build();
    let report = panic_of(|| {
        let first = rt.enter();
        let _second = rt.enter();
        let _dropped_before_the_second = first;
        panic!("the one to be reported");
    });
    assert_eq!(report.message, "the one to be reported");
}

#[test]
fn settings_that_make_no_sense_blame_the_caller() {
    let mut builder = runtime::runtime::Builder::new_multi_thread();
    let line = line!();
    let report = panic_of(|| builder.worker_threads(0).build());
    assert_eq!((report.file.as_str(), report.line), (file!(), line + 1));
    assert!(report.message.contains("new_current_thread"), "{report:?}");
    let report = panic_of(|| builder.max_blocking_threads(0).build());
    assert_eq!((report.file.as_str(), report.line), (file!(), line + 4));
    let report = panic_of(|| builder.name(" ").build());
    assert_eq!((report.file.as_str(), report.line), (file!(), line + 6));
}
