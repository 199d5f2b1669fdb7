//! Wake-ups that must not be lost: by other threads, by timers of other threads, by hooks.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use runtime::time::{Duration, Instant, Sleep, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait::{self, until_true};
use runtime_tests::watchdog::Watchdog;

const SOON: Duration = Duration::from_millis(10);
const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_timer_set_by_another_thread_shortens_the_sleep_of_the_workers() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        drop(rt.spawn(async { sleep(HOUR).await }));
        wait::until_workers_rest(&rt);
        rt.block_on(async { sleep(SOON).await });
    });
}

#[test]
fn a_timer_set_by_another_thread_shortens_the_sleep_of_the_thread_in_block_on() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        drop(rt.spawn(async { sleep(HOUR).await }));
        for _ in 0..20 {
            let handle = rt.handle().clone();
            let other = rt.spawn_blocking(move || handle.block_on(async { sleep(SOON).await }));
            rt.block_on(other).unwrap();
        }
    });
}

/// The thread that moves the deadline is not the one whose worker has the timer.
#[test]
fn a_deadline_moved_forward_by_another_thread_shortens_the_sleep() {
    on_multi_thread(|flavor| {
        let rt = flavor.build();
        let timer = Arc::new(Mutex::new(None::<Pin<Box<Sleep>>>));
        let armed = timer.clone();
        let task = rt.spawn(poll_fn(move |cx| {
            let mut timer = armed.lock().unwrap();
            let timer = timer.get_or_insert_with(|| Box::pin(sleep(HOUR)));
            timer.as_mut().poll(cx)
        }));
        wait::until("the timer is armed", || timer.lock().unwrap().is_some());
        wait::until_workers_rest(&rt);
        let mut timer = timer.lock().unwrap();
        timer
            .as_mut()
            .unwrap()
            .as_mut()
            .reset(Instant::now() + SOON);
        drop(timer);
        rt.block_on(task).unwrap();
    });
}

/// Waits for a timer of this worker's without ever giving the worker free.
fn wait_stuck_for_a_timer() {
    let woken = Arc::new(Counter::new());
    let waker = Waker::from(woken.clone());
    let mut timer = Box::pin(sleep(SOON));
    let polled = timer.as_mut().poll(&mut Context::from_waker(&waker));
    assert!(polled.is_pending());
    wait::until("another worker fires the timer", || woken.get() == 1);
}

/// A worker that blocks cannot fire its own timers: others do, though all of them sleep.
#[test]
fn the_timers_of_a_stuck_worker_fire() {
    on_multi_thread(|flavor| {
        if flavor != Flavor::MultiThread(1) {
            let rt = flavor.build();
            rt.block_on(rt.spawn(async { wait_stuck_for_a_timer() }))
                .unwrap();
        }
    });
}

/// Eight workers share a reactor and look after each other; the ninth is alone.
#[test]
fn the_timers_of_a_stuck_worker_fire_whichever_it_is() {
    const WORKERS: usize = 9;
    let _watchdog = Watchdog::start("waiting for the timers");
    let rt = Flavor::MultiThread(WORKERS).build();
    for stuck in 0..WORKERS {
        let meeting = Arc::new(Barrier::new(WORKERS));
        let meet = |_| {
            let meeting = meeting.clone();
            rt.spawn(async move {
                meeting.wait();
                if thread::current().name() == Some(&format!("rt-worker-{stuck}")) {
                    wait_stuck_for_a_timer();
                }
            })
        };
        let tasks: Vec<_> = (0..WORKERS).map(meet).collect();
        for task in tasks {
            rt.block_on(task).unwrap();
        }
    }
}

#[test]
fn what_a_park_hook_spawns_runs_before_the_worker_sleeps() {
    const TIMES: usize = 20;
    on_every_flavor(|flavor| {
        let (ran, root) = (Counter::new(), Arc::new(Mutex::new(None::<Waker>)));
        let (left, runs, wakes) = (AtomicUsize::new(TIMES), ran.clone(), root.clone());
        let spawn_one = move || {
            let take = |left: usize| left.checked_sub(1);
            if left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
                .is_err()
            {
                return;
            }
            let (runs, wakes) = (runs.clone(), wakes.clone());
            drop(runtime::spawn(async move {
                runs.raise();
                wakes.lock().unwrap().as_ref().map(Waker::wake_by_ref);
            }));
        };
        let rt = flavor.builder().on_thread_park(spawn_one).build().unwrap();
        rt.block_on(poll_fn(|cx| {
            *root.lock().unwrap() = Some(cx.waker().clone());
            match ran.get() {
                TIMES => Poll::Ready(()),
                _ => Poll::Pending,
            }
        }));
    });
}

/// A wake of a task that is woken already must not be dropped with what was written before it.
#[test]
fn the_last_of_many_wakes_publishes_what_was_written_before() {
    const LAST: usize = 20_000;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let written = Arc::new(AtomicUsize::new(0));
        let (give, given) = channel();
        let reads = written.clone();
        let task = rt.spawn(poll_fn(move |cx| {
            let _ = give.send(cx.waker().clone());
            match reads.load(Ordering::Relaxed) {
                LAST => Poll::Ready(()),
                _ => Poll::Pending,
            }
        }));
        let writer = thread::spawn(move || {
            let waker = given.recv().unwrap();
            for value in 1..=LAST {
                written.store(value, Ordering::Relaxed);
                waker.wake_by_ref();
            }
        });
        rt.block_on(task).unwrap();
        writer.join().unwrap();
    });
}

/// Each wake-up of the task is the only one: if one is lost, both sides wait for ever.
#[test]
fn a_task_and_a_thread_that_wake_each_other_never_stop() {
    const ROUNDS: usize = 5_000;
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (ping, pings) = channel::<Waker>();
        let mut rounds = 0;
        let answered = Arc::new(AtomicUsize::new(0));
        let sees = answered.clone();
        let task = rt.spawn(poll_fn(move |cx| {
            while rounds < ROUNDS {
                if sees.load(Ordering::Acquire) < rounds {
                    return Poll::Pending;
                }
                rounds += 1;
                ping.send(cx.waker().clone()).unwrap();
            }
            Poll::Ready(())
        }));
        let thread = thread::spawn(move || {
            for waker in pings {
                answered.fetch_add(1, Ordering::Release);
                waker.wake();
            }
        });
        rt.block_on(task).unwrap();
        thread.join().unwrap();
    });
}

/// On a current-thread runtime one of them drives, and hands over when its own future is ready.
#[test]
fn many_threads_block_on_one_runtime_at_once() {
    on_every_flavor(|flavor| {
        let rt = Arc::new(flavor.build());
        let run = |n: u64| {
            let rt = rt.clone();
            thread::spawn(move || {
                for round in 0..50 {
                    let answer = rt.block_on(async move {
                        sleep(Duration::from_micros((n * 37 + round) % 300)).await;
                        runtime::spawn(async move { n }).await.unwrap()
                    });
                    assert_eq!(answer, n);
                }
            })
        };
        let threads: Vec<_> = (0..6).map(run).collect();
        for thread in threads {
            thread.join().unwrap();
        }
    });
}

#[test]
fn a_thread_that_leaves_block_on_wakes_the_next_to_drive() {
    let _watchdog = Watchdog::start("handing over");
    for _ in 0..50 {
        let rt = Arc::new(Flavor::CurrentThread.build());
        let waits = rt.clone();
        let waiter = thread::spawn(move || {
            waits.block_on(async {
                runtime::task::yield_now().await;
                runtime::spawn(async { sleep(Duration::from_millis(1)).await })
                    .await
                    .unwrap();
            });
        });
        rt.block_on(async { sleep(Duration::from_micros(500)).await });
        waiter.join().unwrap();
    }
}

/// A thread that waited to drive, was woken for its own future and found that nobody drives must be
/// off the list of those who wait: or the next hand-over goes to a thread that has left.
#[test]
fn the_drive_is_handed_to_a_thread_that_still_waits() {
    const THREADS: usize = 4;
    let _watchdog = Watchdog::start("handing over");
    let rt = Flavor::CurrentThread.build();
    for round in 0..3_000 {
        let start = Barrier::new(THREADS);
        thread::scope(|scope| {
            for n in 0..THREADS {
                let (rt, start) = (&rt, &start);
                scope.spawn(move || {
                    start.wait();
                    rt.block_on(async move {
                        sleep(Duration::from_micros((n as u64 * 37 + round) % 100)).await;
                        runtime::spawn(async {}).await.unwrap();
                    });
                });
            }
        });
    }
}

#[test]
fn a_root_future_is_woken_by_its_own_tasks_and_by_threads() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            for _ in 0..200 {
                let done = Counter::new();
                let says = done.clone();
                drop(runtime::spawn(async move { says.raise() }));
                until_true(|| done.get() == 1).await;
                runtime::task::spawn_blocking(|| {}).await.unwrap();
                runtime::spawn(async {}).await.unwrap();
            }
        });
        drop(rt.spawn(pending::<()>()));
    });
}
