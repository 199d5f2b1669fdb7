//! What a shutdown drops: every future, once, before it returns.

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::task::Waker;

use runtime::runtime::{Handle, Runtime};
use runtime::task::JoinHandle;
use runtime::time::{Duration, sleep};
use runtime_tests::count::{Counter, CountsDrop, OnDrop};
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::wait::until_true;

const HOUR: Duration = Duration::from_secs(3600);

async fn hold<T>(_held: T, future: impl Future<Output = ()>) {
    future.await;
}

/// Spawns a task of each kind that a shutdown finds; returns how many.
fn spawn_one_of_each_kind(rt: &Runtime, token: impl Fn() -> CountsDrop) -> usize {
    let idle = rt.spawn(hold(token(), pending()));
    rt.spawn(hold(token(), sleep_in_task()));
    rt.spawn(hold(token(), async { assert!(idle.await.is_err()) }));
    rt.spawn(hold(token(), yield_for_ever()));
    let closure = token();
    rt.spawn(hold(token(), async move {
        let blocking = runtime::task::spawn_blocking(move || drop(closure));
        blocking.await.unwrap();
        pending().await
    }));
    let inner = token();
    rt.spawn(hold(token(), async move {
        let inner = runtime::spawn(hold(inner, pending()));
        hold(inner, pending()).await;
    }));
    8
}

async fn sleep_in_task() {
    sleep(HOUR).await;
}

async fn yield_for_ever() {
    loop {
        runtime::task::yield_now().await;
    }
}

#[test]
fn every_future_is_dropped_once_before_the_drop_returns() {
    on_every_flavor(|flavor| {
        for started in [false, true] {
            let rt = flavor.build();
            let dropped = Counter::new();
            let expected = spawn_one_of_each_kind(&rt, || dropped.on_drop());
            if started {
                rt.block_on(async { sleep(Duration::from_millis(5)).await });
            }
            drop(rt);
            assert_eq!(dropped.get(), expected, "on {flavor}, started: {started}");
        }
    });
}

#[test]
fn what_a_task_captured_dies_with_its_runtime() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let captured = Arc::new(());
        for _ in 0..20 {
            rt.spawn(hold(captured.clone(), pending()));
            rt.spawn(hold(captured.clone(), sleep_in_task()));
        }
        drop(rt);
        assert_eq!(Arc::strong_count(&captured), 1, "on {flavor}");
    });
}

#[test]
fn join_handles_that_outlive_the_runtime_say_cancelled() {
    on_every_flavor(|flavor| {
        let (rt, other) = (flavor.build(), Flavor::CurrentThread.build());
        let tasks = [rt.spawn(pending::<()>()), rt.spawn(sleep_in_task())];
        drop(rt);
        for task in tasks {
            assert!(task.is_finished());
            assert!(other.block_on(task).unwrap_err().is_cancelled());
        }
    });
}

#[test]
fn a_future_dropped_by_the_shutdown_may_spawn() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (dropped, outcome) = (Counter::new(), Arc::new(Mutex::new(None)));
        let (grandchild, store) = (dropped.clone(), outcome.clone());
        let spawns_on_drop = OnDrop(move || {
            let token = grandchild.on_drop();
            let spawns_too = OnDrop(move || {
                let _dropped_at_once = runtime::spawn(async {});
                let _keep = &token;
            });
            *store.lock().unwrap() = Some(runtime::spawn(hold(spawns_too, pending())));
        });
        rt.spawn(hold((dropped.on_drop(), spawns_on_drop), pending()));
        drop(rt);
        assert_eq!(dropped.get(), 2, "on {flavor}");
        let refused: JoinHandle<()> = outcome.lock().unwrap().take().unwrap();
        let other = Flavor::CurrentThread.build();
        assert!(other.block_on(refused).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_future_dropped_by_the_shutdown_may_wake_and_abort_the_others() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (dropped, wakers) = (Counter::new(), Arc::new(Mutex::new(Vec::<Waker>::new())));
        let tasks = Arc::new(Mutex::new(Vec::new()));
        for _ in 0..50 {
            let (wakers_of_all, all) = (wakers.clone(), tasks.clone());
            let disturbs = OnDrop(move || {
                let wakers = wakers_of_all.lock().unwrap().clone();
                wakers.iter().for_each(Waker::wake_by_ref);
                let aborts: Vec<_> = all.lock().unwrap().clone();
                aborts.iter().for_each(runtime::task::AbortHandle::abort);
            });
            let wakers = wakers.clone();
            let leave_waker = std::future::poll_fn(move |cx| {
                wakers.lock().unwrap().push(cx.waker().clone());
                std::task::Poll::<()>::Pending
            });
            let task = rt.spawn(hold((disturbs, dropped.on_drop()), leave_waker));
            tasks.lock().unwrap().push(task.abort_handle());
        }
        rt.block_on(until_true(|| wakers.lock().unwrap().len() >= 50));
        drop(rt);
        assert_eq!(dropped.get(), 50, "on {flavor}");
    });
}

#[test]
fn the_runtime_is_there_while_its_futures_are_dropped() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (id, seen) = (rt.handle().id(), Arc::new(Mutex::new(None)));
        let sees = seen.clone();
        let looks = OnDrop(move || {
            *sees.lock().unwrap() = Some(Handle::current().id());
        });
        rt.spawn(hold(looks, pending()));
        drop(rt);
        assert_eq!(*seen.lock().unwrap(), Some(id), "on {flavor}");
    });
}
