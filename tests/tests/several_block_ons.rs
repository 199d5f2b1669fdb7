//! Several threads in `block_on` of one current-thread runtime: one drives, and
//! whoever leaves calls the next.
//!
//! A future whose thread does not drive is polled for the first time after its thread has queued
//! up: by that the tests know who stands where.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::task::Poll;
use std::thread::{self, JoinHandle};

use runtime::runtime::Runtime;
use runtime_tests::event::Event;
use runtime_tests::flavor::Flavor;
use runtime_tests::wait;
use runtime_tests::watchdog::Watchdog;

fn block_on<F: Future<Output = ()> + Send + 'static>(
    rt: &Arc<Runtime>,
    future: F,
) -> JoinHandle<()> {
    let rt = rt.clone();
    thread::spawn(move || rt.block_on(future))
}

/// Blocks on an event in a thread of its own, which drives or has queued up when this returns.
fn await_event(rt: &Arc<Runtime>, event: &Event) -> JoinHandle<()> {
    let thread = block_on(rt, event.clone());
    event.until_awaited();
    thread
}

/// Queues up a thread that is in the first poll of `then` until the sender is used or dropped.
fn await_in_slow_poll<F>(rt: &Arc<Runtime>, then: F) -> (JoinHandle<()>, Sender<()>)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (tell, told) = channel();
    let (release, released) = channel();
    let thread = block_on(rt, async move {
        tell.send(()).unwrap();
        let _ = released.recv();
        then.await;
    });
    told.recv().unwrap();
    (thread, release)
}

/// Shows that one of the threads in `block_on` drives.
#[track_caller]
fn assert_driven(rt: &Runtime) {
    let task = rt.spawn(async {});
    wait::until("somebody drives", || task.is_finished());
}

/// Ready at the second poll: before that, its thread has looked for the core again.
fn yield_once() -> impl Future<Output = ()> {
    let mut polled = false;
    poll_fn(move |cx| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
}

#[test]
fn a_thread_that_finds_the_core_free_is_no_more_among_those_that_wait() {
    let _watchdog = Watchdog::start("handing over");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (first, slow) = (Event::new(), Event::new());
    let drives = await_event(&rt, &first);
    let queued_again = slow.clone();
    let (waits, release) = await_in_slow_poll(&rt, async move {
        yield_once().await;
        queued_again.await;
    });
    let (second, third) = (Event::new(), Event::new());
    let takes = {
        let (second, third) = (second.clone(), third.clone());
        block_on(&rt, async move {
            second.await;
            third.await;
        })
    };
    second.until_awaited();

    // The call goes to the one in its slow poll, and another takes the core meanwhile.
    first.set();
    drives.join().unwrap();
    second.set();
    third.until_awaited();
    // That one queues up again, behind nobody.
    drop(release);
    slow.until_awaited();
    third.set();
    takes.join().unwrap();
    assert_driven(&rt);
    slow.set();
    waits.join().unwrap();
}

#[test]
fn a_waiting_thread_whose_future_panics_passes_the_call_on() {
    let _watchdog = Watchdog::start("handing over");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (first, last) = (Event::new(), Event::new());
    let drives = await_event(&rt, &first);
    let (panics, release) = await_in_slow_poll(&rt, async { panic!("after the call") });
    let waits = await_event(&rt, &last);

    first.set();
    drives.join().unwrap();
    drop(release);
    assert!(panics.join().is_err());
    assert_driven(&rt);
    last.set();
    waits.join().unwrap();
}

#[test]
fn a_waiting_thread_whose_future_panics_is_not_called_later() {
    let _watchdog = Watchdog::start("handing over");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (first, last) = (Event::new(), Event::new());
    let drives = await_event(&rt, &first);
    let (panics, release) = await_in_slow_poll(&rt, async { panic!("before the call") });
    let waits = await_event(&rt, &last);

    drop(release);
    assert!(panics.join().is_err());
    first.set();
    drives.join().unwrap();
    assert_driven(&rt);
    last.set();
    waits.join().unwrap();
}

#[test]
fn a_waiting_thread_whose_future_ends_passes_the_call_on() {
    let _watchdog = Watchdog::start("handing over");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (first, last) = (Event::new(), Event::new());
    let drives = await_event(&rt, &first);
    let (ends, release) = await_in_slow_poll(&rt, async {});
    let waits = await_event(&rt, &last);

    first.set();
    drives.join().unwrap();
    drop(release);
    ends.join().unwrap();
    assert_driven(&rt);
    last.set();
    waits.join().unwrap();
}

#[test]
fn a_driving_thread_whose_future_panics_calls_the_next() {
    let _watchdog = Watchdog::start("handing over");
    let rt = Arc::new(Flavor::CurrentThread.build());
    let (first, last) = (Event::new(), Event::new());
    let bad = first.clone();
    let drives = block_on(&rt, async move {
        bad.await;
        panic!("while it drives");
    });
    first.until_awaited();
    let waits = await_event(&rt, &last);

    first.set();
    assert!(drives.join().is_err());
    assert_driven(&rt);
    last.set();
    waits.join().unwrap();
}
