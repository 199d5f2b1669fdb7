//! Nobody starves: tasks that are always ready against tasks, timers, sockets and the outside.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, poll_fn};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};

use futures_lite::{AsyncReadExt, AsyncWriteExt};
use runtime::net::{TcpListener, TcpStream};
use runtime::runtime::Runtime;
use runtime::task::{JoinHandle, consume_budget, yield_now};
use runtime::time::{Duration, sleep, timeout};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor, on_multi_thread};
use runtime_tests::wait;

/// Tasks that are always ready, in some way, until the runtime is dropped.
type Busy = fn(&Runtime);

const BUSY: [(&str, Busy); 4] = [
    ("tasks that yield", |rt| {
        for _ in 0..3 {
            drop(rt.spawn(async {
                loop {
                    yield_now().await;
                }
            }));
        }
    }),
    ("tasks that spend their budget", |rt| {
        for _ in 0..3 {
            drop(rt.spawn(async {
                loop {
                    consume_budget().await;
                }
            }));
        }
    }),
    ("pairs that wake each other", |rt| {
        for _ in 0..2 {
            spawn_ping_pong(rt);
        }
    }),
    ("tasks that spawn their like", |rt| {
        fn respawn(handle: runtime::runtime::Handle) {
            let next = handle.clone();
            drop(handle.spawn(async move { respawn(next) }));
        }
        for _ in 0..3 {
            respawn(rt.handle().clone());
        }
    }),
];

/// Two tasks of which each wakes the other and sleeps: with a slot for the task woken last they
/// could keep a worker to themselves.
fn spawn_ping_pong(rt: &Runtime) {
    let wakers = Arc::new(Mutex::new([None::<Waker>, None]));
    for side in 0..2 {
        let wakers = wakers.clone();
        drop(rt.spawn(poll_fn(move |cx| {
            let mut wakers = wakers.lock().unwrap();
            wakers[side] = Some(cx.waker().clone());
            if let Some(other) = &wakers[1 - side] {
                other.wake_by_ref();
            }
            Poll::<()>::Pending
        })));
    }
}

/// Runs `victim` against each kind of busy tasks, more of them than workers.
fn on_busy_runtimes<F: Future<Output = ()> + Send + 'static>(victim: fn() -> F) {
    on_every_flavor(|flavor| {
        for (_kind, start) in BUSY {
            let rt = flavor.build();
            for _ in 0..3 {
                start(&rt);
            }
            rt.block_on(rt.spawn(victim())).unwrap();
        }
    });
}

#[test]
fn busy_tasks_do_not_starve_a_task() {
    on_busy_runtimes(|| async {
        for _ in 0..50 {
            yield_now().await;
            runtime::spawn(async {}).await.unwrap();
        }
    });
}

#[test]
fn busy_tasks_do_not_starve_a_timer() {
    on_busy_runtimes(|| async {
        for _ in 0..5 {
            sleep(Duration::from_millis(1)).await;
        }
    });
}

#[test]
fn busy_tasks_do_not_starve_a_socket() {
    on_busy_runtimes(|| async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (ours, accepted) =
            futures_lite::future::zip(TcpStream::connect(address), listener.accept()).await;
        let (mut ours, mut theirs) = (ours.unwrap(), accepted.unwrap().0);
        let echo = runtime::spawn(async move {
            let mut byte = [0];
            while theirs.read_exact(&mut byte).await.is_ok() {
                theirs.write_all(&byte).await.unwrap();
            }
        });
        for n in 0..10 {
            ours.write_all(&[n]).await.unwrap();
            let mut byte = [0];
            ours.read_exact(&mut byte).await.unwrap();
            assert_eq!(byte, [n]);
        }
        drop(ours);
        echo.await.unwrap();
    });
}

#[test]
fn busy_tasks_do_not_starve_what_comes_from_outside() {
    on_multi_thread(|flavor| {
        for (_kind, start) in BUSY {
            let rt = flavor.build();
            (0..3).for_each(|_| start(&rt));
            for n in 0..20 {
                assert_eq!(rt.block_on(rt.spawn(async move { n })).unwrap(), n);
                let closure = rt.spawn_blocking(move || n);
                assert_eq!(rt.block_on(closure).unwrap(), n);
            }
        }
    });
}

#[test]
fn a_root_that_is_always_ready_starves_no_task_and_is_starved_by_none() {
    on_every_flavor(|flavor| {
        for (_kind, start) in BUSY {
            let rt = flavor.build();
            start(&rt);
            let task = rt.spawn(async { sleep(Duration::from_millis(2)).await });
            rt.block_on(async {
                while !task.is_finished() {
                    yield_now().await;
                }
            });
        }
    });
}

/// The pair alone, on one worker: the third task is in the queue behind the slot.
#[test]
fn a_pair_that_wakes_each_other_does_not_keep_the_slot() {
    on_every_flavor(|flavor| {
        for lifo in [true, false] {
            let mut builder = flavor.builder();
            if !lifo {
                builder.disable_lifo_slot();
            }
            let rt = builder.build().unwrap();
            spawn_ping_pong(&rt);
            let third = rt.spawn(async {
                for _ in 0..100 {
                    yield_now().await;
                }
            });
            rt.block_on(third).unwrap();
        }
    });
}

/// A task that awaits what is ready must let the others have their turn in between.
#[test]
fn a_task_that_awaits_many_ended_tasks_yields() {
    const HANDLES: usize = 10_000;
    for flavor in [Flavor::CurrentThread, Flavor::MultiThread(1)] {
        let _watchdog = runtime_tests::watchdog::Watchdog::start(format!("on {flavor}"));
        let rt = flavor.build();
        let ended: Vec<JoinHandle<()>> = (0..HANDLES).map(|_| rt.spawn(async {})).collect();
        rt.block_on(wait::until_true(|| {
            ended.iter().all(JoinHandle::is_finished)
        }));
        let awaited = Arc::new(AtomicUsize::new(0));
        let (counts, looks) = (awaited.clone(), awaited);
        let first_look = rt.block_on(rt.spawn(async move {
            let awaits = runtime::spawn(async move {
                for handle in ended {
                    handle.await.unwrap();
                    counts.fetch_add(1, Ordering::Relaxed);
                }
            });
            while looks.load(Ordering::Relaxed) == 0 {
                yield_now().await;
            }
            let first_look = looks.load(Ordering::Relaxed);
            awaits.await.unwrap();
            first_look
        }));
        let first_look = first_look.unwrap();
        assert!(first_look < HANDLES, "it never yielded, on {flavor}");
    }
}

#[test]
fn a_time_limit_ends_what_is_always_ready() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        rt.block_on(async {
            let limit = Duration::from_millis(5);
            let spends = timeout(limit, async {
                loop {
                    consume_budget().await;
                }
            });
            assert!(spends.await.is_err());
            let yields = timeout(limit, async {
                loop {
                    yield_now().await;
                }
            });
            assert!(yields.await.is_err());
        });
    });
}

/// Spawns ten tasks and blocks the worker until nine have run: the one in the slot is this worker's own.
fn wait_for_the_others() -> usize {
    let (tell, told) = channel();
    for n in 0..10 {
        let tell = tell.clone();
        drop(runtime::spawn(async move { tell.send(n).unwrap() }));
    }
    let mut came: Vec<i32> = (0..9).map(|_| told.recv().unwrap()).collect();
    came.sort_unstable();
    came.dedup();
    came.len()
}

/// What a worker has woken and queued before it got stuck is taken by the others.
#[test]
fn tasks_behind_a_slow_poll_are_run_by_other_workers() {
    on_multi_thread(|flavor| {
        if flavor == Flavor::MultiThread(1) {
            return;
        }
        let rt = flavor.build();
        for _ in 0..50 {
            let task = rt.spawn(async { wait_for_the_others() });
            assert_eq!(rt.block_on(task).unwrap(), 9);
        }
    });
}

/// A worker whose polls are short calls nobody for what it queues. The monitor does if one of them
/// turns out slow, and without a monitor the worker must. (Polls are short enough in a release build.)
#[test]
fn a_slow_poll_after_many_short_ones_keeps_nobody_waiting() {
    let mut without_rescue = Flavor::MultiThread(2).builder();
    without_rescue.disable_rescue();
    for rt in [
        Flavor::MultiThread(2).build(),
        without_rescue.build().unwrap(),
    ] {
        let task = rt.spawn(async {
            for _ in 0..20_000 {
                yield_now().await;
            }
            wait_for_the_others()
        });
        assert_eq!(rt.block_on(task).unwrap(), 9);
    }
}

#[test]
fn unconstrained_tasks_still_let_others_run_when_they_yield() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (ended, sees) = (Arc::new(AtomicBool::new(false)), Counter::new());
        let (ends, says) = (ended.clone(), sees.clone());
        let busy = rt.spawn(runtime::task::unconstrained(async move {
            while !ends.load(Ordering::Relaxed) {
                yield_now().await;
            }
        }));
        drop(rt.spawn(async move {
            says.raise();
            ended.store(true, Ordering::Relaxed);
        }));
        rt.block_on(busy).unwrap();
        assert_eq!(sees.get(), 1);
    });
}
