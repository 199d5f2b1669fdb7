//! Workers that block in a poll: nothing that others could do waits behind them.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use runtime::runtime::Runtime;
use runtime::time::{Duration, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_multi_thread};
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

const SOON: Duration = Duration::from_millis(10);

/// Whichever worker fires the first timer is stuck until the second has fired, and with it whatever
/// it has kept others from: the poll, the wheel.
#[test]
fn timers_fire_behind_one_whose_task_blocks_until_then() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        for round in 0..10 {
            wait::until_workers_rest(&rt);
            let second = Counter::new();
            let waits = second.clone();
            let first = rt.spawn(async move {
                sleep(SOON).await;
                wait::until("the second timer fires", || waits.get() == 1);
            });
            let later = SOON + Duration::from_millis(round);
            drop(rt.spawn(async move {
                sleep(later).await;
                second.raise();
            }));
            rt.block_on(first).unwrap();
        }
    });
}

/// While a spare slept in the poll, the workers lay down outside: none of them must stay there.
#[test]
fn somebody_takes_the_poll_from_a_spare_that_leaves() {
    on_multi_thread(|flavor| {
        let Flavor::MultiThread(workers) = flavor else {
            unreachable!("it has workers");
        };
        let rt = flavor.build();
        for _ in 0..3 {
            let meeting = Arc::new(Barrier::new(workers + 1));
            let block = |_| {
                let meeting = meeting.clone();
                rt.spawn(async move { meeting.wait().is_leader() })
            };
            let stuck: Vec<_> = (0..workers).map(block).collect();
            rt.block_on(rt.spawn(async { sleep(SOON).await })).unwrap();
            // Nothing is left to do for the spares: let one lie down.
            thread::sleep(SOON);
            meeting.wait();
            for task in stuck {
                rt.block_on(task).unwrap();
            }
            wait::until("the spares leave", || rt.metrics().spares() == 0);
            rt.block_on(async { sleep(SOON).await });
        }
    });
}

/// Tasks that one event wakes, on a worker whose polls were too fast to be worth a second worker.
#[test]
fn tasks_woken_together_meet_though_each_blocks_for_the_others() {
    for flavor in [Flavor::MultiThread(2), Flavor::MultiThread(4)] {
        for rescue in [true, false] {
            let _watchdog = Watchdog::start(format!("on {flavor}, rescue: {rescue}"));
            let mut builder = flavor.builder();
            if !rescue {
                builder.disable_rescue();
            }
            let rt = builder.build().unwrap();
            for _ in 0..5 {
                warm_up(&rt);
                wait::until_workers_rest(&rt);
                meet_at_once(&rt);
            }
        }
    }
}

/// Has all workers make fast polls.
fn warm_up(rt: &Runtime) {
    let yields = |_| {
        rt.spawn(async {
            for _ in 0..5_000 {
                runtime::task::yield_now().await;
            }
        })
    };
    let tasks: Vec<_> = (0..8).map(yields).collect();
    rt.block_on(async {
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// Wakes all tasks whose wakers it holds.
#[derive(Default)]
struct WakesAll(Mutex<Vec<Waker>>);

impl Wake for WakesAll {
    fn wake(self: Arc<Self>) {
        self.0.lock().unwrap().drain(..).for_each(Waker::wake);
    }
}

/// Two tasks, which the waker of one timer wakes, wait for each other without yielding.
fn meet_at_once(rt: &Runtime) {
    let (wakers, meeting) = (Arc::new(WakesAll::default()), Arc::new(Barrier::new(2)));
    let spawn_one = |_| {
        let (wakers, meeting) = (wakers.clone(), meeting.clone());
        let mut is_listed = false;
        rt.spawn(poll_fn(move |cx| {
            if std::mem::replace(&mut is_listed, true) {
                return Poll::Ready(meeting.wait().is_leader());
            }
            wakers.0.lock().unwrap().push(cx.waker().clone());
            Poll::Pending
        }))
    };
    let tasks: Vec<_> = (0..2).map(spawn_one).collect();
    wait::until("both wait", || wakers.0.lock().unwrap().len() == 2);
    wait::until_workers_rest(rt);
    let _entered = rt.enter();
    let mut timer = pin!(sleep(Duration::from_millis(1)));
    let waker = Waker::from(wakers.clone());
    let armed = timer.as_mut().poll(&mut Context::from_waker(&waker));
    if armed.is_ready() {
        waker.wake();
    }
    for task in tasks {
        rt.block_on(task).unwrap();
    }
}
