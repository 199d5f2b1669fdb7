//! The forms that block a thread, or end at a time; and outside a runtime.

use std::thread;
use std::time::Duration;

use runtime::sync::mpsc::error::SendTimeoutError;
use runtime::sync::mpsc::{channel, unbounded_channel};
use runtime::task::spawn_blocking;
use runtime::time::{Instant, sleep};
use runtime_tests::flavor::{Flavor, on_every_flavor};
use runtime_tests::reported::panic_of;
use runtime_tests::wait::until_workers_rest;

use crate::{assert_refused_to_block, assert_spends_its_budget};

#[test]
fn threads_talk_without_a_runtime() {
    let (tx, mut rx) = channel(2);
    let sender = thread::spawn(move || (0..1_000).for_each(|n| tx.blocking_send(n).unwrap()));
    for number in 0..500 {
        assert_eq!(rx.blocking_recv(), Some(number));
    }
    let mut rest = Vec::new();
    while rx.blocking_recv_many(&mut rest, 7) > 0 {}
    assert!(rest.into_iter().eq(500..1_000));
    sender.join().unwrap();

    let (tx, mut rx) = unbounded_channel();
    let sender = thread::spawn(move || (0..1_000).for_each(|n| tx.send(n).unwrap()));
    assert_eq!(rx.blocking_recv(), Some(0));
    let mut rest = Vec::new();
    while rx.blocking_recv_many(&mut rest, 7) > 0 {}
    assert!(rest.into_iter().eq(1..1_000));
    sender.join().unwrap();
}

#[test]
fn a_blocking_thread_talks_to_tasks() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (tx, mut requests) = channel(1);
            let (answers, mut rx) = channel(1);
            let thread = spawn_blocking(move || {
                while let Some(number) = requests.blocking_recv() {
                    answers.blocking_send(2 * number).unwrap();
                }
            });
            for number in 0..100 {
                tx.send(number).await.unwrap();
                assert_eq!(rx.recv().await, Some(2 * number));
            }
            drop(tx);
            thread.await.unwrap();
            assert_eq!(rx.recv().await, None);
        });
    });
}

#[test]
fn blocking_async_code_is_refused() {
    on_every_flavor(|flavor| {
        flavor.build().block_on(async {
            let (tx, mut rx) = channel(1);
            let (_utx, mut urx) = unbounded_channel::<u8>();
            let mut buffer = Vec::new();
            let refused = |report, line, instead| {
                assert_refused_to_block(&report, file!(), line, instead);
            };
            refused(panic_of(|| tx.blocking_send(1)), line!(), "`send().await`");
            refused(panic_of(|| rx.blocking_recv()), line!(), "`recv().await`");
            refused(panic_of(|| urx.blocking_recv()), line!(), "`recv().await`");
            let report = panic_of(|| rx.blocking_recv_many(&mut buffer, 1));
            refused(report, line!() - 1, "`recv_many().await`");
            let report = panic_of(|| urx.blocking_recv_many(&mut buffer, 1));
            refused(report, line!() - 1, "`recv_many().await`");
            assert!(rx.try_recv().is_err(), "nothing was sent");
        });
    });
}

#[test]
fn send_timeout_ends_in_time() {
    let mut builder = Flavor::CurrentThread.builder();
    builder.start_paused(true).build().unwrap().block_on(async {
        let (tx, mut rx) = channel(1);
        tx.send_timeout(1, Duration::ZERO).await.unwrap();
        let start = Instant::now();
        let sent = tx.send_timeout(2, Duration::from_secs(3)).await;
        assert_eq!(sent, Err(SendTimeoutError::Timeout(2)));
        assert_eq!(sent.unwrap_err().into_inner(), 2);
        assert_eq!(start.elapsed().as_secs(), 3);
        let receiver = runtime::spawn(async move {
            sleep(Duration::from_secs(1)).await;
            assert_eq!(rx.recv().await, Some(1));
            rx
        });
        tx.send_timeout(3, Duration::from_secs(3)).await.unwrap();
        drop(receiver.await.unwrap());
        let sent = tx.send_timeout(4, Duration::from_secs(3)).await;
        assert_eq!(sent, Err(SendTimeoutError::Closed(4)));
    });
}

#[test]
fn channels_spend_the_budget() {
    assert_spends_its_budget(|| async {
        let (tx, mut rx) = channel(200);
        loop {
            tx.try_send(()).unwrap();
            rx.recv().await.unwrap();
        }
    });
    assert_spends_its_budget(|| async {
        let (tx, mut rx) = channel(200);
        loop {
            tx.send(()).await.unwrap();
            rx.try_recv().unwrap();
        }
    });
    assert_spends_its_budget(|| async {
        let (tx, mut rx) = unbounded_channel();
        let mut buffer = Vec::new();
        loop {
            tx.send(()).unwrap();
            rx.recv_many(&mut buffer, 3).await;
            buffer.clear();
        }
    });
    assert_spends_its_budget(|| async {
        let (tx, _) = channel(200);
        loop {
            assert!(tx.send(()).await.is_err());
            tx.closed().await;
        }
    });
    assert_spends_its_budget(|| async {
        let (_, mut rx) = unbounded_channel::<u8>();
        while rx.recv().await.is_none() {}
    });
}

#[test]
fn who_has_to_wait_needs_no_budget_for_it() {
    // As many as a task may send in one poll: what comes next is to wait, not to be sent through
    // the scheduler's queue first.
    let rt = Flavor::MultiThread(1).build();
    let (tx, mut rx) = channel(128);
    let sender = rt.spawn(async move {
        for number in 0..1_270 {
            tx.send(number).await.unwrap();
        }
    });
    let receiver = rt.spawn(async move { while rx.recv().await.is_some() {} });
    rt.block_on(async {
        sender.await.unwrap();
        receiver.await.unwrap();
    });
    until_workers_rest(&rt);
    assert_eq!(rt.metrics().budget_forced_yield_count(), 0);
}
