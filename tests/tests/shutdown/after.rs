//! What outlives a runtime: handles, wakers, timers. They answer, and do no harm.

use std::future::{Future, pending, poll_fn};
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;

use futures_lite::future;
use runtime::io::AsyncWriteExt;
use runtime::net::unix::pipe::pipe;
use runtime::net::{UdpSocket, UnixStream};
use runtime::runtime::{UnhandledPanic, is_rt_shutdown_err};
use runtime::time::{Duration, Instant, sleep};
use runtime_tests::count::Counter;
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::reported::panic_of;
use runtime_tests::wait::until_true;

#[test]
fn what_is_spawned_afterwards_is_dropped_at_once() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        drop(rt);
        let dropped = Counter::new();
        let (future, closure) = (dropped.on_drop(), dropped.on_drop());
        let task = handle.spawn(async move {
            let _future = future;
            pending::<()>().await;
        });
        assert_eq!(dropped.get(), 1, "on {flavor}");
        let blocking = handle.spawn_blocking(move || drop(closure));
        assert_eq!(dropped.get(), 2, "on {flavor}");
        assert!(handle.block_on(task).unwrap_err().is_cancelled());
        assert!(handle.block_on(blocking).unwrap_err().is_cancelled());
    });
}

#[test]
fn a_handle_still_answers_questions() {
    on_every_flavor(|flavor| {
        let rt = flavor.builder().name("ended").build().unwrap();
        let handle = rt.handle().clone();
        rt.spawn(pending::<()>());
        drop(rt);
        assert_eq!(handle.name(), Some("ended"));
        assert_eq!(handle.metrics().num_alive_tasks(), 0);
        assert_eq!(handle.metrics().num_blocking_threads(), 0);
        assert_eq!(handle.block_on(async { 7 }), 7);
    });
}

#[test]
fn operations_of_the_blocking_pool_say_that_the_runtime_has_shut_down() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let handle = rt.handle().clone();
        drop(rt);
        handle.block_on(async {
            let errors = [
                runtime::io::stdout().write_all(b"x").await.unwrap_err(),
                runtime::io::stderr().write_all(b"x").await.unwrap_err(),
                runtime::fs::read("/").await.unwrap_err(),
                runtime::net::lookup_host("localhost:1")
                    .await
                    .err()
                    .unwrap(),
            ];
            for error in errors {
                assert!(is_rt_shutdown_err(&error), "{error} on {flavor}");
            }
        });
    });
}

/// Nobody will poll it, though the runtime is still there.
#[test]
fn what_is_spawned_after_a_panic_that_shuts_down_is_dropped_at_once() {
    let rt = Flavor::CurrentThread
        .builder()
        .unhandled_panic(UnhandledPanic::ShutdownRuntime)
        .build()
        .unwrap();
    let dropped = Counter::new();
    let other = dropped.on_drop();
    let other = rt.spawn(async move {
        let _other = other;
        pending::<()>().await;
    });
    rt.spawn(async { panic!("unhandled") });
    let report = panic_of(|| rt.block_on(pending::<()>()));
    assert!(report.message.contains("shuts down"), "{report:?}");
    assert_eq!(dropped.get(), 1, "the other tasks end with the runtime");
    let late = rt.spawn(pending::<()>());
    for task in [other, late] {
        assert!(future::block_on(task).unwrap_err().is_cancelled());
    }
}

#[test]
fn wakers_that_outlive_the_runtime_do_nothing() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let wakers = Arc::new(Mutex::new(Vec::<Waker>::new()));
        let captured = Arc::new(());
        for _ in 0..50 {
            let (wakers, captured) = (wakers.clone(), captured.clone());
            rt.spawn(poll_fn(move |cx| {
                let _captured = &captured;
                wakers.lock().unwrap().push(cx.waker().clone());
                Poll::<()>::Pending
            }));
        }
        rt.block_on(until_true(|| wakers.lock().unwrap().len() == 50));
        drop(rt);
        assert_eq!(Arc::strong_count(&captured), 1, "on {flavor}");
        let wakers = std::mem::take(&mut *wakers.lock().unwrap());
        let use_up = move || {
            for waker in wakers {
                waker.wake_by_ref();
                drop(waker.clone());
                waker.wake();
            }
        };
        thread::spawn(use_up).join().unwrap();
    });
}

#[test]
fn a_timer_polled_afterwards_says_that_nothing_will_end_it() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (fresh, mut armed) = {
            let _entered = rt.enter();
            let hour = Duration::from_secs(3600);
            (sleep(hour), Box::pin(sleep(hour)))
        };
        let woken = Arc::new(Counter::new());
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        assert!(armed.as_mut().poll(&mut cx).is_pending());
        drop(rt);
        assert_eq!(woken.get(), 1, "the shutdown wakes whoever waits");
        let mut fresh = pin!(fresh);
        for timer in [armed.as_mut(), fresh.as_mut()] {
            let report = panic_of(|| timer.poll(&mut cx));
            assert!(report.message.contains("shut down"), "{report:?}");
        }
        armed
            .as_mut()
            .reset(Instant::now() + Duration::from_secs(1));
    });
}

#[test]
fn a_thread_that_awaits_a_task_is_told_when_the_runtime_ends() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (handle, task) = (rt.handle().clone(), rt.spawn(pending::<()>()));
        let waits = Counter::new();
        let says = waits.clone();
        let waiter = thread::spawn(move || {
            handle.block_on(async {
                says.raise();
                task.await
            })
        });
        runtime_tests::wait::until("the thread waits", || waits.get() == 1);
        drop(rt);
        assert!(waiter.join().unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn another_runtime_is_not_touched() {
    let survivor = Flavor::MultiThread(2).build();
    let task = survivor.spawn(async { sleep(Duration::from_millis(20)).await });
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let awaits = survivor.spawn(async { 7 });
        assert_eq!(rt.block_on(awaits).unwrap(), 7);
        drop(rt);
    });
    survivor.block_on(task).unwrap();
}

#[test]
fn sockets_can_be_tried_afterwards_and_waits_for_them_fail() {
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let (streams, (sender, receiver), socket) = {
            let _entered = rt.enter();
            let socket = rt.block_on(UdpSocket::bind("127.0.0.1:0")).unwrap();
            (UnixStream::pair().unwrap(), pipe().unwrap(), socket)
        };
        drop(rt);
        let (near, far) = &streams;
        assert_eq!(near.try_write(b"stream").unwrap(), 6);
        assert_eq!(far.try_read(&mut [0; 8]).unwrap(), 6);
        assert_eq!(sender.try_write(b"pipe").unwrap(), 4);
        assert_eq!(receiver.try_read(&mut [0; 8]).unwrap(), 4);
        let address = socket.local_addr().unwrap();
        assert_eq!(socket.try_send_to(b"datagram", address).unwrap(), 8);
        assert_eq!(socket.try_recv(&mut [0; 8]).unwrap(), 8);

        // What would block does not wait for an event that never comes.
        let other = Flavor::CurrentThread.build();
        for _ in 0..2 {
            let error = far.try_read(&mut [0; 8]).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::WouldBlock, "on {flavor}");
            let error = other.block_on(far.readable()).unwrap_err();
            assert!(is_rt_shutdown_err(&error), "on {flavor}: {error}");
        }
    });
}
