//! Timers at the edges: endless, never early, cancelled as they fire, fired by other threads.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::task::{Context, Poll, Waker};
use std::thread;

use runtime::time::{
    Duration, Instant, Interval, interval, interval_at, sleep, sleep_until, timeout, timeout_at,
};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{on_every_flavor, on_multi_thread};
use runtime_tests::wait;

const ENDLESS: [Duration; 6] = [
    Duration::MAX,
    Duration::new(u64::MAX, 0),
    Duration::from_nanos(u64::MAX),
    Duration::from_millis(u64::MAX),
    Duration::from_secs(i64::MAX as u64),
    Duration::from_secs(584 * 366 * 86_400),
];

fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_wait_beyond_all_clocks_is_pending() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            for endless in ENDLESS {
                let mut waits = Box::pin(sleep(endless));
                assert!(poll_once(&mut waits).is_pending(), "{endless:?}");
                assert!(waits.deadline() > Instant::now());
                assert!(timeout(endless, async { 7 }).await.is_ok());
                let mut waits = Box::pin(timeout(endless, pending::<()>()));
                assert!(poll_once(&mut waits).is_pending(), "{endless:?}");
                // The system is asked to wait that long, too.
                sleep(Duration::from_micros(50)).await;
            }
        });
    });
}

#[test]
fn an_interval_beyond_all_clocks_ticks_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            for endless in ENDLESS {
                let mut ticks: Interval = interval(endless);
                ticks.tick().await;
                let mut second = Box::pin(ticks.tick());
                assert!(poll_once(&mut second).is_pending(), "{endless:?}");
                drop(second);
                ticks.reset();
                ticks.reset_after(endless);
                let mut second = Box::pin(ticks.tick());
                assert!(poll_once(&mut second).is_pending(), "{endless:?}");
            }
        });
    });
}

#[test]
fn a_moment_long_past_is_ready_at_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let past = Instant::now();
            thread::sleep(Duration::from_millis(1));
            sleep_until(past).await;
            sleep(Duration::ZERO).await;
            assert!(timeout_at(past, pending::<()>()).await.is_err());
            assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
            assert_eq!(timeout(Duration::ZERO, async { 7 }).await, Ok(7));
            assert_eq!(interval_at(past, Duration::from_secs(1)).tick().await, past);
        });
    });
}

#[test]
fn no_wait_ends_early() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let waits = |n: u64| {
            rt.spawn(async move {
                // Around the borders of milliseconds, and of the wheel's slots of 64 ms.
                let duration = Duration::from_nanos(n * 317_771);
                let (std, ours) = (std::time::Instant::now(), Instant::now());
                sleep(duration).await;
                assert!(std.elapsed() >= duration && ours.elapsed() >= duration);
                let limit = Duration::from_micros(n % 3_000);
                let before = std::time::Instant::now();
                assert!(timeout(limit, pending::<()>()).await.is_err());
                assert!(before.elapsed() >= limit);
            })
        };
        let tasks: Vec<_> = (0..400).map(waits).collect();
        rt.block_on(async {
            for task in tasks {
                task.await.unwrap();
            }
        });
    });
}

/// A timer that is dropped, moved or given another waker as it fires.
#[test]
fn a_cancel_that_races_the_firing_does_no_harm() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let _entered = rt.enter();
        for round in 0..2_000_u32 {
            let woken = Arc::new(Counter::new());
            let waker = Waker::from(woken.clone());
            let mut timer = Box::pin(sleep(Duration::from_micros(u64::from(round % 50))));
            let armed = timer.as_mut().poll(&mut Context::from_waker(&waker));
            for _ in 0..round % 211 {
                std::hint::spin_loop();
            }
            match round % 3 {
                0 => drop(timer),
                1 if armed.is_pending() => {
                    timer
                        .as_mut()
                        .reset(Instant::now() + Duration::from_secs(3600));
                    let polled = timer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                    assert!(polled.is_pending(), "it was moved by an hour");
                }
                _ => {
                    let other = Arc::new(Counter::new());
                    let another = Waker::from(other.clone());
                    if timer
                        .as_mut()
                        .poll(&mut Context::from_waker(&another))
                        .is_pending()
                    {
                        wait::until("the last waker is woken", || other.get() == 1);
                    }
                }
            }
            assert!(woken.get() <= 1, "woken twice");
        }
    });
}

/// Armed on one thread, polled on another, dropped on a third.
#[test]
fn a_timer_goes_from_thread_to_thread() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        for _ in 0..20 {
            let mut timer = {
                let _entered = rt.enter();
                Box::pin(sleep(Duration::from_millis(2)))
            };
            let _ = timer.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            let task = rt.spawn(async move {
                let mut timer = timer;
                timer.as_mut().await;
                assert!(timer.is_elapsed());
                thread::spawn(move || drop(timer))
            });
            rt.block_on(task).unwrap().join().unwrap();
        }
    });
}

#[test]
fn timers_of_one_runtime_are_awaited_on_another() {
    on_every_flavor(|flavor| {
        let (home, other) = (flavor.build(), flavor.build());
        let (end, ended) = channel::<()>();
        // A current-thread runtime fires its timers only while somebody is in it.
        let handle = home.handle().clone();
        let drives = thread::spawn(move || {
            home.block_on(async { wait::until_true(|| ended.try_recv().is_ok()).await });
            home
        });
        let timer = {
            let _entered = handle.enter();
            sleep(Duration::from_millis(5))
        };
        other.block_on(timer);
        end.send(()).unwrap();
        drop(drives.join().unwrap());
    });
}
