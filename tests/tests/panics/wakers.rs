//! Wakers whose clone, wake or drop panics, held by timers, join handles and tasks.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Poll, Waker};

use runtime::net::TcpListener;
use runtime::time::{Duration, Sleep, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::hostile::{Act, poll_with, waker};
use runtime_tests::wait::until_true;

use super::assert_all_workers_live;

const SOON: Duration = Duration::from_millis(5);

fn timer(panics: Act, used: &Counter) -> Pin<Box<Sleep>> {
    let mut timer = Box::pin(sleep(SOON));
    assert!(poll_with(timer.as_mut(), waker(panics, used)).is_pending());
    timer
}

/// Tokio 1.54.1 lost both of its workers to this, without a word.
#[test]
fn timers_whose_wake_panics_leave_the_workers_as_they_were() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let woken = Counter::new();
        let spawn_one = |_| {
            let woken = woken.clone();
            rt.spawn(async move {
                let timer = timer(Act::Wake, &woken);
                sleep(4 * SOON).await;
                assert!(timer.is_elapsed());
            })
        };
        let tasks: Vec<_> = (0..20).map(spawn_one).collect();
        rt.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
        assert_eq!(woken.get(), 20, "on {flavor}");
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn timers_set_outside_whose_wake_panics_keep_no_other_timer_from_firing() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let _entered = rt.enter();
        let (panicked, woken) = (Counter::new(), Counter::new());
        let _bad: Vec<_> = (0..10).map(|_| timer(Act::Wake, &panicked)).collect();
        let good = Waker::from(Arc::new(woken.clone()));
        let mut after = pin!(sleep(SOON));
        assert!(poll_with(after.as_mut(), good).is_pending());
        runtime_tests::wait::until("the other timer fires", || woken.get() == 1);
        runtime_tests::wait::until("the bad timers fire", || panicked.get() == 10);
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_timer_whose_waker_panics_on_drop_or_clone_panics_in_its_owner_alone() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for panics in [Act::Drop, Act::Clone] {
            let used = Counter::new();
            let task = rt.spawn(async move { drop(timer(panics, &used)) });
            assert!(rt.block_on(task).unwrap_err().is_panic(), "{panics:?}");
        }
        rt.block_on(async { sleep(SOON).await });
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_task_is_complete_though_its_joiners_waker_panics() {
    on_every_flavor(|flavor| {
        for panics in [Act::Wake, Act::Drop] {
            let rt = flavor.build();
            let (used, open) = (Counter::new(), Counter::new());
            let gate = open.clone();
            let mut task = rt.spawn(async move {
                until_true(|| gate.get() == 1).await;
                7
            });
            assert!(poll_with(pin!(&mut task), waker(panics, &used)).is_pending());
            open.raise();
            rt.block_on(until_true(|| task.is_finished()));
            assert_eq!(rt.block_on(task).unwrap(), 7, "on {flavor}, {panics:?}");
            assert_all_workers_live(&rt, flavor);
        }
    });
}

#[test]
fn a_handle_is_dropped_though_its_waker_panics_on_drop() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let used = Counter::new();
        let mut task = rt.spawn(std::future::pending::<()>());
        assert!(poll_with(pin!(&mut task), waker(Act::Drop, &used)).is_pending());
        drop(task);
        assert_all_workers_live(&rt, flavor);
    });
}

#[test]
fn a_shutdown_wakes_every_timer_though_some_wakers_panic() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (bad, good) = (Counter::new(), Counter::new());
        let timers: Vec<_> = {
            let _entered = rt.enter();
            let arm = |n| {
                let mut timer = Box::pin(sleep(Duration::from_secs(3600)));
                let waker = match n % 2 {
                    0 => waker(Act::Wake, &bad),
                    _ => Waker::from(Arc::new(good.clone())),
                };
                assert!(poll_with(timer.as_mut(), waker).is_pending());
                timer
            };
            (0..20).map(arm).collect()
        };
        drop(rt);
        assert_eq!((bad.get(), good.get()), (10, 10), "on {flavor}");
        drop(timers);
    });
}

#[test]
fn a_shutdown_wakes_a_timer_though_the_waker_of_a_socket_panics() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (bad, good) = (Counter::new(), Counter::new());
        let listener = rt.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let mut timer = {
            let _entered = rt.enter();
            Box::pin(sleep(Duration::from_secs(3600)))
        };
        let told = Waker::from(Arc::new(good.clone()));
        assert!(poll_with(timer.as_mut(), told).is_pending());
        let mut accept = pin!(listener.accept());
        assert!(poll_with(accept.as_mut(), waker(Act::Wake, &bad)).is_pending());
        drop(rt);
        assert!(
            bad.get() > 0,
            "the socket's waker was not woken on {flavor}"
        );
        assert_eq!(good.get(), 1, "on {flavor}");
    });
}

#[test]
fn a_poll_that_panics_after_it_has_woken_itself_ends_the_task() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let task = rt.spawn(poll_fn(|cx| -> Poll<()> {
            cx.waker().wake_by_ref();
            panic!("after a wake");
        }));
        assert!(rt.block_on(task).unwrap_err().is_panic());
        assert_all_workers_live(&rt, flavor);
    });
}
