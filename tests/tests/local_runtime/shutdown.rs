//! How a local runtime ends, and what becomes of its tasks.

use std::sync::mpsc::{Sender, channel};

use runtime_tests::alone;
use runtime_tests::count::OnDrop;

use super::*;

/// A closure that has started, and goes on until the answer is dropped.
fn start_blocking_closure(rt: &LocalRuntime) -> Sender<()> {
    let (end, ended) = channel();
    let (start, started) = channel();
    drop(rt.spawn_blocking(move || {
        start.send(()).unwrap();
        ended.recv()
    }));
    started.recv().unwrap();
    end
}

#[test]
fn dropping_the_runtime_drops_its_futures_on_its_thread() {
    let records: Vec<Record> = (0..3).map(|_| Record::default()).collect();
    let rt = local();
    drop(settle(&rt, &records[0]));
    let woken = settle(&rt, &records[1]);
    records[1].waker().wake();
    drop(rt.spawn_local(Resident::new(&records[2])));
    drop(rt);
    for record in &records {
        record.assert_lived_at(here());
    }
    assert!(woken.is_finished());
}

#[test]
fn a_future_is_dropped_inside_its_runtime() {
    let rt = local();
    let id = rt.handle().id();
    let (send, receive) = channel();
    let on_drop = OnDrop(move || {
        let late = spawn_local(Resident::new(&Record::default()));
        let ids = (Handle::current().id(), late.is_finished());
        send.send(ids).unwrap();
    });
    drop(rt.spawn_local(async move {
        let _on_drop = on_drop;
        pending::<()>().await;
    }));
    drop(rt);
    assert_eq!(receive.recv().unwrap(), (id, true));
}

#[test]
fn a_spawn_after_the_shutdown_drops_the_future_at_once() {
    let rt = local();
    let handle = rt.handle().clone();
    rt.shutdown_background();
    let record = Record::default();
    let _guard = handle.enter();
    let task = spawn_local(Resident::new(&record));
    record.assert_lived_at(here());
    assert!(task.is_finished());
}

#[test]
fn inside_async_code_its_drop_waits_for_nothing() {
    let _watchdog = Watchdog::start("");
    let record = Record::default();
    let inner = local();
    drop(inner.spawn_local(Resident::new(&record)));
    let blocking = start_blocking_closure(&inner);
    local().block_on(async move { drop(inner) });
    record.assert_lived_at(here());
    drop(blocking);
}

#[test]
fn a_bounded_shutdown_does_not_wait_for_a_blocking_closure() {
    type Shutdown = fn(LocalRuntime);
    let shutdowns: [Shutdown; 2] = [LocalRuntime::shutdown_background, |rt| {
        rt.shutdown_timeout(Duration::from_millis(5));
    }];
    for shutdown in shutdowns {
        let _watchdog = Watchdog::start("");
        let record = Record::default();
        let rt = local();
        drop(settle(&rt, &record));
        let blocking = start_blocking_closure(&rt);
        shutdown(rt);
        record.assert_lived_at(here());
        drop(blocking);
    }
}

#[test]
fn in_a_thread_local_it_ends_with_its_thread() {
    thread_local! {
        static RUNTIME: RefCell<Option<LocalRuntime>> = const { RefCell::new(None) };
    }
    let record = Record::default();
    let in_thread = record.clone();
    let ended = thread::spawn(move || {
        RUNTIME.with_borrow_mut(|rt| {
            let rt = rt.insert(local());
            drop(settle(rt, &in_thread));
            drop(rt.spawn_blocking(|| {}));
        });
        here()
    });
    record.assert_lived_at(ended.join().unwrap());
}

/// The system runs destructors of thread-locals then, this runtime's among them.
#[test]
fn in_a_thread_local_it_may_end_the_process_amid_a_poll() {
    thread_local! {
        static RUNTIME: LocalRuntime = local();
    }
    let output = alone::run_disturbed(
        || {
            RUNTIME
                .with(|rt| {
                    let _waiting = settle(rt, &Record::default());
                    let exit = rt.spawn_local(async { std::process::exit(7) });
                    rt.block_on(exit)
                })
                .unwrap();
        },
        |_| {},
    );
    assert_eq!(output.status.code(), Some(7), "{}", alone::said(&output));
}

#[test]
fn nobody_inherits_the_tasks_of_one_that_was_leaked() {
    let record = Record::default();
    let in_thread = record.clone();
    let leaking = thread::spawn(move || {
        let rt = local();
        let task = settle(&rt, &in_thread);
        let handle = rt.handle().clone();
        std::mem::forget(rt);
        (handle, task)
    });
    let (handle, task) = leaking.join().unwrap();
    record.waker().wake();
    task.abort();
    let sent = handle.spawn(yield_now());
    handle.block_on(yield_now());
    drop((task, handle));
    drop(record.take_waker());
    assert!(!sent.is_finished());
    assert_eq!((record.polls(), record.is_dropped()), (1, false));
}
