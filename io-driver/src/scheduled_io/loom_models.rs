//! The races of one registration, each explored by loom. Ticks have two bits here, and start at the
//! last one before the wrap.

use std::pin::Pin;
use std::task::{Context, Waker};

use loom::future::block_on;
use loom::thread;

use super::*;
use crate::Interest;
use crate::primitive::Arc;
use crate::process::Process;

const READ: Ready = Slot::Reader.mask();

fn shared() -> Arc<ScheduledIo> {
    let io = Arc::new(ScheduledIo::default());
    for _ in 0..3 {
        happens(&io, Ready::EMPTY);
    }
    io
}

fn happens(io: &ScheduledIo, ready: Ready) {
    let mut woken = Vec::new();
    io.set_readiness(ready, &mut woken);
    wake_all(woken);
}

fn wake_all(woken: Vec<Waker>) {
    woken.into_iter().for_each(Waker::wake);
}

async fn polled_ready(io: &ScheduledIo) -> Answer {
    std::future::poll_fn(|cx| io.poll_ready(cx.waker(), Slot::Reader)).await
}

#[test]
fn clearing_against_an_event_never_loses_the_event() {
    loom::model(|| {
        let io = shared();
        happens(&io, Ready::READABLE);
        let seen = io.answer(READ).unwrap().unwrap();

        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::READABLE)
        });
        io.clear_readiness(seen, seen.refuted());
        driver.join().unwrap();
        assert!(io.answer(READ).is_some());
    });
}

#[test]
fn an_operation_that_blocks_against_an_event_tries_again() {
    // The source: how many bytes are there. The event follows the byte, and the reader may take
    // the byte before the event.
    loom::model(|| {
        let io = shared();
        let bytes = Arc::new(loom::sync::atomic::AtomicUsize::new(0));
        io.assume_ready(Ready::READABLE);

        let driver = thread::spawn({
            let (io, bytes) = (io.clone(), bytes.clone());
            move || {
                bytes.fetch_add(1, std::sync::atomic::Ordering::AcqRel);
                happens(&io, Ready::READABLE);
            }
        });
        block_on(async {
            loop {
                let event = polled_ready(&io).await.unwrap();
                if bytes.swap(0, std::sync::atomic::Ordering::AcqRel) > 0 {
                    break;
                }
                io.clear_readiness(event, event.refuted());
            }
        });
        driver.join().unwrap();
    });
}

#[test]
fn clearing_a_stale_end_against_the_true_one_never_loses_it() {
    // An end was told that was none. The true one comes while the reader finds that out, and no
    // event will come after it.
    loom::model(|| {
        let io = shared();
        happens(&io, Ready::READ_CLOSED);
        let ended = Arc::new(loom::sync::atomic::AtomicBool::new(false));

        let driver = thread::spawn({
            let (io, ended) = (io.clone(), ended.clone());
            move || {
                ended.store(true, std::sync::atomic::Ordering::Release);
                happens(&io, Ready::READ_CLOSED);
            }
        });
        block_on(async {
            loop {
                let event = polled_ready(&io).await.unwrap();
                if ended.load(std::sync::atomic::Ordering::Acquire) {
                    break;
                }
                io.clear_readiness(event, event.refuted());
            }
        });
        driver.join().unwrap();
    });
}

#[test]
fn waiting_for_news_against_an_event_of_the_same_kind_is_woken() {
    // The flag that was refused stays set: only the tick tells that it was told again.
    loom::model(|| {
        let io = shared();
        happens(&io, Ready::ERROR);
        let refused = Some(io.answer(Ready::ERROR).unwrap().unwrap());
        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::ERROR)
        });
        let listed = thread::spawn({
            let io = io.clone();
            move || {
                block_on(Readiness::after(
                    &io,
                    &Process::ONLY,
                    Interest::ERROR,
                    refused,
                ))
                .is_ok()
            }
        });
        let receiving =
            std::future::poll_fn(|cx| io.poll_news(cx.waker(), Slot::Receiver, refused));
        assert!(block_on(receiving).is_ok());
        assert!(listed.join().unwrap());
        driver.join().unwrap();
    });
}

#[test]
fn poll_ready_against_an_event_is_woken() {
    loom::model(|| {
        let io = shared();
        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::READABLE)
        });
        assert!(block_on(polled_ready(&io)).is_ok());
        driver.join().unwrap();
    });
}

#[test]
fn two_waiting_futures_against_one_event_both_end() {
    loom::model(|| {
        let io = shared();
        let waiter = thread::spawn({
            let io = io.clone();
            move || {
                block_on(Readiness::new(&io, &Process::ONLY, Interest::READABLE))
                    .unwrap()
                    .ready()
            }
        });
        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::READABLE)
        });
        let mine = block_on(Readiness::new(&io, &Process::ONLY, Interest::READABLE)).unwrap();
        assert!(mine.ready().is_readable());
        assert!(waiter.join().unwrap().is_readable());
        driver.join().unwrap();
        assert_eq!(io.waiters.lock().count(), 0);
    });
}

#[test]
fn dropping_a_waiting_future_against_an_event_spares_the_other_waiter() {
    loom::model(|| {
        let io = shared();
        let dropper = thread::spawn({
            let io = io.clone();
            move || {
                let mut future = Readiness::new(&io, &Process::ONLY, Interest::READABLE);
                let mut cx = Context::from_waker(Waker::noop());
                let _ = Pin::new(&mut future).poll(&mut cx);
            }
        });
        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::READABLE)
        });
        assert!(block_on(Readiness::new(&io, &Process::ONLY, Interest::READABLE)).is_ok());
        dropper.join().unwrap();
        driver.join().unwrap();
        assert_eq!(io.waiters.lock().count(), 0);
    });
}

#[test]
fn shutdown_against_a_coming_waiter_tells_it() {
    loom::model(|| {
        let io = shared();
        let shutdown = thread::spawn({
            let io = io.clone();
            move || {
                let mut woken = Vec::new();
                io.close(Closed::SHUTDOWN, &mut woken);
                wake_all(woken);
            }
        });
        assert_eq!(block_on(polled_ready(&io)), Err(Closed::SHUTDOWN));
        shutdown.join().unwrap();
    });
}

#[test]
fn shutdown_against_a_coming_future_tells_it() {
    loom::model(|| {
        let io = shared();
        let shutdown = thread::spawn({
            let io = io.clone();
            move || {
                let mut woken = Vec::new();
                io.close(Closed::SHUTDOWN, &mut woken);
                wake_all(woken);
            }
        });
        let error = block_on(Readiness::new(&io, &Process::ONLY, Interest::WRITABLE)).unwrap_err();
        assert_eq!(Closed::of(&error), Some(Closed::SHUTDOWN));
        shutdown.join().unwrap();
    });
}

#[test]
fn changing_the_waker_against_an_event_wakes_the_last_one() {
    loom::model(|| {
        let io = shared();
        assert!(io.poll_ready(Waker::noop(), Slot::Reader).is_pending());
        let driver = thread::spawn({
            let io = io.clone();
            move || happens(&io, Ready::READABLE)
        });
        assert!(block_on(polled_ready(&io)).is_ok());
        driver.join().unwrap();
    });
}
