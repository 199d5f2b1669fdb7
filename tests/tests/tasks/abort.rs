//! Aborting a task: it takes effect, it polls nothing, and the future dies on the right thread.

use std::future::{pending, poll_fn};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};

use runtime_tests::count::{Counter, OnDrop};
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait::until_true;

#[test]
fn an_abort_takes_effect_though_the_handle_is_dropped_at_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let dropped = Counter::new();
        for _ in 0..100 {
            let future = dropped.on_drop();
            let handle = rt.spawn(async move {
                let _future = future;
                pending::<()>().await;
            });
            handle.abort();
            drop(handle);
        }
        rt.block_on(until_true(|| dropped.get() == 100));
    });
}

#[test]
fn an_aborted_task_is_dropped_without_another_poll() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let polls = Counter::new();
        let handle = rt.spawn({
            let polls = polls.clone();
            poll_fn(move |_cx| {
                polls.raise();
                Poll::<()>::Pending
            })
        });
        rt.block_on(async {
            until_true(|| polls.get() == 1).await;
            handle.abort();
            assert!(handle.await.unwrap_err().is_cancelled());
        });
        assert_eq!(polls.get(), 1, "on {flavor}");
    });
}

#[test]
fn a_task_aborted_before_its_first_poll_is_never_polled() {
    let rt = Flavor::CurrentThread.build();
    let polled = Counter::new();
    let raises = polled.clone();
    let handle = rt.spawn(async move { raises.raise() });
    handle.abort();
    assert!(rt.block_on(handle).unwrap_err().is_cancelled());
    assert_eq!(polled.get(), 0);
}

#[test]
fn a_thread_outside_the_runtime_aborts() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.spawn(pending::<()>());
        let abort = handle.abort_handle();
        let aborter = thread::spawn(move || abort.abort());
        assert!(rt.block_on(handle).unwrap_err().is_cancelled());
        aborter.join().unwrap();
    });
}

#[test]
fn the_future_is_dropped_on_a_thread_of_the_runtime() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (tell, told) = channel::<ThreadId>();
        let future = OnDrop(move || tell.send(thread::current().id()).unwrap());
        let started = Counter::new();
        let starts = started.clone();
        let handle = rt.spawn(async move {
            let _future = future;
            starts.raise();
            pending::<()>().await;
        });
        rt.block_on(until_true(|| started.get() == 1));
        let aborter = thread::spawn(move || {
            handle.abort();
            drop(handle);
            thread::current().id()
        });
        let aborter = aborter.join().unwrap();
        let dropped_on = rt.block_on(async {
            let mut dropped_on = None;
            until_true(|| {
                dropped_on = told.try_recv().ok();
                dropped_on.is_some()
            })
            .await;
            dropped_on.unwrap()
        });
        assert_ne!(dropped_on, aborter, "on {flavor}");
        if flavor == Flavor::CurrentThread {
            assert_eq!(dropped_on, thread::current().id());
        }
    });
}

#[test]
fn aborting_under_a_lock_that_the_future_takes_on_drop_does_not_deadlock() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let lock = Arc::new(Mutex::new(()));
        let takes = lock.clone();
        let future = OnDrop(move || drop(takes.lock().unwrap()));
        let handle = rt.spawn(async move {
            let _future = future;
            pending::<()>().await;
        });
        {
            let _held = lock.lock().unwrap();
            handle.abort();
        }
        assert!(rt.block_on(handle).unwrap_err().is_cancelled());
    });
}

#[test]
fn an_abort_during_a_poll_takes_effect_when_that_poll_ends() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let (start, started) = channel();
        let (proceed, may_proceed) = channel::<()>();
        let mut polls = 0;
        let handle = rt.spawn(poll_fn(move |cx| {
            polls += 1;
            assert_eq!(polls, 1, "an aborted task was polled again");
            start.send(()).unwrap();
            may_proceed.recv().unwrap();
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        }));
        started.recv().unwrap();
        handle.abort();
        assert!(!handle.is_finished(), "its poll is under way");
        proceed.send(()).unwrap();
        assert!(rt.block_on(handle).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_poll_that_ends_the_task_wins_against_an_abort() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let (start, started) = channel();
        let (proceed, may_proceed) = channel::<()>();
        let handle = rt.spawn(async move {
            start.send(()).unwrap();
            may_proceed.recv().unwrap();
            7
        });
        started.recv().unwrap();
        handle.abort();
        proceed.send(()).unwrap();
        assert_eq!(rt.block_on(handle).unwrap(), 7);
    });
}

#[test]
fn aborting_an_ended_task_changes_nothing() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.spawn(async { 7 });
        rt.block_on(until_true(|| handle.is_finished()));
        let abort = handle.abort_handle();
        abort.abort();
        handle.abort();
        assert_eq!(rt.block_on(handle).unwrap(), 7);
        abort.abort();
        assert!(abort.is_finished());
    });
}

#[test]
fn a_task_aborts_itself() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (give, given) = channel::<runtime::task::AbortHandle>();
        let handle = rt.spawn(async move {
            given.recv().unwrap().abort();
            runtime::task::yield_now().await;
            unreachable!("it was aborted");
        });
        give.send(handle.abort_handle()).unwrap();
        let outcome: Result<(), _> = rt.block_on(handle);
        assert!(outcome.unwrap_err().is_cancelled());
    });
}
