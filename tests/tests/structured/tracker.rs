//! The tracker of tasks.

use std::future::{pending, ready};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Waker};

use futures_lite::future::block_on;
use runtime::LocalRuntime;
use runtime::sync::CancellationToken;
use runtime::task::{LocalSet, TaskTracker};
use runtime_tests::cancel::in_every_order;
use runtime_tests::count::Counter;
use runtime_tests::flavor::on_every_flavor;

fn has_ended(tracker: &TaskTracker) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    pin!(tracker.wait()).poll(&mut cx).is_ready()
}

#[test]
fn it_ends_when_it_is_closed_and_empty() {
    let tracker = TaskTracker::new();
    assert!(!has_ended(&tracker), "it is open");
    let token = tracker.token();
    assert!(tracker.close());
    assert!(!tracker.close());
    assert!(!has_ended(&tracker), "it is not empty");
    drop(token);
    assert!(has_ended(&tracker));
    assert!(tracker.reopen());
    assert!(!tracker.reopen());
    assert!(!has_ended(&tracker));
}

#[test]
fn it_counts_tokens_and_futures() {
    let tracker = TaskTracker::default();
    let (token, future) = (tracker.token(), tracker.track_future(ready(1)));
    let another = token.clone();
    assert!(TaskTracker::ptr_eq(another.task_tracker(), &tracker));
    assert!(!TaskTracker::ptr_eq(&TaskTracker::new(), &tracker));
    assert_eq!((tracker.len(), tracker.is_empty()), (3, false));
    assert_eq!(block_on(future), 1);
    assert_eq!(tracker.clone().len(), 2);
    tracker.close();
    assert!(tracker.is_closed());
    let shown = format!("{tracker:?}");
    assert!(shown.contains("len: 2, is_closed: true"), "{shown}");
    drop((token, another));
    assert!(tracker.is_empty());
}

#[test]
fn a_future_is_tracked_until_it_is_dropped() {
    let tracker = TaskTracker::new();
    let mut future = Box::pin(tracker.track_future(ready(())));
    let mut cx = Context::from_waker(Waker::noop());
    assert!(future.as_mut().poll(&mut cx).is_ready());
    assert_eq!(tracker.len(), 1);
    drop(future);
    assert_eq!(tracker.len(), 0);
}

#[test]
fn a_moment_that_has_passed_is_not_missed() {
    let tracker = TaskTracker::new();
    let mut waiting = pin!(tracker.wait());
    tracker.close();
    tracker.reopen();
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..2 {
        assert!(waiting.as_mut().poll(&mut cx).is_ready());
    }
    assert!(!has_ended(&tracker));
}

#[test]
fn dropping_one_who_waits_takes_nothing_from_another() {
    in_every_order(|order| {
        let tracker = TaskTracker::new();
        let end = || {
            let token = tracker.token();
            tracker.close();
            drop(token);
        };
        let ended = order.run(tracker.wait(), tracker.wait(), &[&end]);
        assert!(ended.rival.is_some());
    });
}

#[test]
fn when_it_ends_every_future_is_gone() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (tracker, stop, drops) = (TaskTracker::new(), CancellationToken::new(), Counter::new());
        let mut aborted = Vec::new();
        for index in 0..50 {
            let (stop, dropped) = (stop.clone(), drops.on_drop());
            let task = async move {
                let _dropped = dropped;
                stop.cancelled().await;
                assert!(index % 3 != 0, "a task that panics is gone, too");
            };
            let handle = match index % 2 {
                0 => tracker.spawn_on(task, rt.handle()),
                _ => {
                    let _inside = rt.enter();
                    tracker.spawn(task)
                }
            };
            aborted.extend((index % 5 == 0).then_some(handle));
        }
        assert_eq!(tracker.len(), 50);
        tracker.close();
        for handle in aborted {
            handle.abort();
        }
        let stopping = rt.spawn(async move { stop.cancel() });
        rt.block_on(tracker.wait());
        assert_eq!((tracker.len(), drops.get()), (0, 50));
        rt.block_on(stopping).unwrap();
    });
}

#[test]
fn blocking_closures_are_tracked_whether_they_run_or_not() {
    on_every_flavor(|flavor| {
        let rt = flavor.builder().max_blocking_threads(1).build().unwrap();
        let tracker = TaskTracker::new();
        let (go, wait) = mpsc::channel::<()>();
        let running = tracker.spawn_blocking_on(move || wait.recv().is_err(), rt.handle());
        let queued = {
            let _inside = rt.enter();
            tracker.spawn_blocking(|| panic!("it is aborted"))
        };
        assert_eq!(tracker.len(), 2);
        tracker.close();
        queued.abort();
        drop(go);
        rt.block_on(tracker.wait());
        assert!(rt.block_on(running).unwrap());
        assert!(rt.block_on(queued).is_err());
    });
}

#[test]
fn local_tasks_are_tracked() {
    let rt = LocalRuntime::new().unwrap();
    let tracker = TaskTracker::new();
    let task = {
        let _inside = rt.enter();
        tracker.spawn_local(pending::<std::rc::Rc<()>>())
    };
    tracker.close();
    assert_eq!(tracker.len(), 1);
    task.abort();
    rt.block_on(tracker.wait());
    let set = LocalSet::new();
    tracker.spawn_local_on(pending::<std::rc::Rc<()>>(), &set);
    assert_eq!(tracker.len(), 1);
    drop(set);
    assert!(has_ended(&tracker));
}
