//! What other threads may do to the tasks of a local runtime, and where the tasks are meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;

use super::*;

#[test]
fn a_wake_from_another_thread_leads_to_a_poll_at_home() {
    let _watchdog = Watchdog::start("");
    let record = Record::default();
    let rt = local();
    let _task = settle(&rt, &record);
    let waker = record.waker();
    rt.block_on(async {
        let waking = thread::spawn(move || waker.wake());
        until_polled(&record, 2).await;
        waking.join().unwrap();
    });
    drop(rt);
    record.assert_lived_at(here());
}

#[test]
fn a_wake_from_another_thread_ends_the_sleep_at_home() {
    let _watchdog = Watchdog::start("");
    let rt = local();
    let not_send = Rc::new(());
    let waiting = rt.spawn_local(async move {
        let _not_send = not_send;
        let (answer, mut asked) = (Arc::new(AtomicBool::new(false)), false);
        poll_fn(move |cx| {
            if !std::mem::replace(&mut asked, true) {
                let (answer, waker) = (answer.clone(), cx.waker().clone());
                thread::spawn(move || {
                    answer.store(true, Ordering::SeqCst);
                    waker.wake();
                });
            }
            match answer.load(Ordering::SeqCst) {
                true => Poll::Ready(here()),
                false => Poll::Pending,
            }
        })
        .await
    });
    assert_eq!(rt.block_on(waiting).unwrap(), here());
}

#[test]
fn an_abort_from_another_thread_drops_the_future_at_home() {
    let _watchdog = Watchdog::start("");
    let record = Record::default();
    let rt = local();
    let task = settle(&rt, &record);
    let abort = task.abort_handle();
    thread::spawn(move || abort.abort()).join().unwrap();
    assert!(!record.is_dropped(), "home has not run since");
    assert!(rt.block_on(task).unwrap_err().is_cancelled());
    record.assert_lived_at(here());
}

#[test]
fn a_handle_may_leave_if_its_output_may() {
    let _watchdog = Watchdog::start("");
    let rt = local();
    let record = Record::default();
    let resident = Resident::new(&record);
    let task = rt.spawn_local(async move {
        let _resident = resident;
        yield_now().await;
        here()
    });
    let handle = rt.handle().clone();
    let joining = thread::spawn(move || handle.block_on(task).unwrap());
    rt.block_on(async {
        while !joining.is_finished() {
            yield_now().await;
        }
    });
    assert_eq!(joining.join().unwrap(), here());
    record.assert_lived_at(here());
}

#[test]
fn an_output_that_left_unread_is_dropped_where_its_handle_is() {
    struct Output(Record);
    impl Drop for Output {
        fn drop(&mut self) {
            self.0.0.lock().unwrap().dropped_at.push(here());
        }
    }
    let (of_future, of_output) = (Record::default(), Record::default());
    let rt = local();
    let (resident, output) = (Resident::new(&of_future), Output(of_output.clone()));
    let task = rt.spawn_local(async move {
        let _resident = resident;
        output
    });
    rt.block_on(yield_now());
    assert!(task.is_finished());
    let elsewhere = thread::spawn(move || {
        drop(task);
        here()
    });
    of_output.assert_lived_at(elsewhere.join().unwrap());
    of_future.assert_lived_at(here());
}

#[test]
fn a_future_that_is_send_comes_in_through_a_handle() {
    let _watchdog = Watchdog::start("");
    let rt = local();
    let handle = rt.handle().clone();
    let (send, receive) = channel();
    let spawning = thread::spawn(move || {
        let direct = handle.spawn(async { here() });
        let _guard = handle.enter();
        send.send([direct, runtime::spawn(async { here() })])
            .unwrap();
    });
    for task in receive.recv().unwrap() {
        assert_eq!(rt.block_on(task).unwrap(), here());
    }
    spawning.join().unwrap();
}

#[test]
fn the_last_waker_frees_a_task_whose_future_was_dropped_at_home() {
    for wake in [true, false] {
        let record = Record::default();
        let rt = local();
        drop(settle(&rt, &record));
        let waker = record.take_waker().unwrap();
        drop(rt);
        record.assert_lived_at(here());
        let last = thread::spawn(move || match wake {
            true => waker.wake(),
            false => drop(waker),
        });
        last.join().unwrap();
        record.assert_lived_at(here());
    }
}

/// Other threads wake, abort and let go of tasks while home runs them, and while it shuts down.
#[test]
fn whatever_others_do_futures_are_polled_and_dropped_at_home() {
    const ROUNDS: usize = 200;
    const TASKS: usize = 8;
    let _watchdog = Watchdog::start("");
    for round in 0..ROUNDS {
        let records: Vec<Record> = (0..TASKS).map(|_| Record::default()).collect();
        let rt = local();
        let over = Arc::new(AtomicBool::new(false));
        let meddlers: Vec<_> = (0..2)
            .map(|part| {
                let tasks: Vec<_> = records
                    .iter()
                    .skip(part)
                    .step_by(2)
                    .map(|record| (rt.spawn_local(Resident::new(record)), record.clone()))
                    .collect();
                let (handle, over) = (rt.handle().clone(), over.clone());
                thread::spawn(move || meddle(tasks, &handle, &over))
            })
            .collect();
        rt.block_on(async {
            for _ in 0..round % 20 {
                yield_now().await;
            }
        });
        drop(rt);
        for record in &records {
            record.assert_lived_at(here());
        }
        over.store(true, Ordering::SeqCst);
        for meddler in meddlers {
            meddler.join().unwrap();
        }
        for record in &records {
            record.assert_lived_at(here());
        }
    }
}

/// Wakes each task in each of the ways, aborts every third, lets go of its handle in between.
fn meddle(tasks: Vec<(JoinHandle<()>, Record)>, handle: &Handle, over: &AtomicBool) {
    let mut tasks: Vec<_> = tasks
        .into_iter()
        .map(|(task, record)| (Some(task), record))
        .collect();
    for turn in 0.. {
        for (index, (task, record)) in tasks.iter_mut().enumerate() {
            match record.take_waker() {
                Some(waker) if (turn + index) % 2 == 0 => waker.wake(),
                Some(waker) => waker.wake_by_ref(),
                None => {}
            }
            if let Some(task) = task.take_if(|_| (turn + index) % 3 == 2) {
                task.abort();
            }
        }
        drop(handle.spawn(yield_now()));
        if over.load(Ordering::SeqCst) {
            return;
        }
    }
}
