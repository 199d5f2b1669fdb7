//! What is left of a registration when its driver is gone.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::io;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use common::{BOTH, Counter, fixture, live};
use io_driver::{Closed, Direction, FdSource, Interest};

fn is_shutdown(error: &io::Error) -> bool {
    Closed::of(error).is_some_and(|closed| closed.is_shutdown())
}

#[test]
fn shutdown_hands_out_every_waiter_and_each_gets_an_error() {
    let (driver, socket, _peer) = fixture(BOTH);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let mut future = pin!(socket.registration().ready(Interest::READABLE));
    assert!(future.as_mut().poll(&mut cx).is_pending());
    for direction in [Direction::Read, Direction::Write] {
        assert!(
            socket
                .registration()
                .poll_ready(&mut cx, direction)
                .is_pending()
        );
    }

    let mut woken = Vec::new();
    driver.handle().shutdown(&mut woken);
    assert!(driver.handle().is_shutdown());
    assert_eq!(woken.len(), 3);
    assert_eq!(counter.wakes(), 0, "waking is the caller's part");
    woken.into_iter().for_each(Waker::wake);
    assert_eq!(counter.wakes(), 3);

    let Poll::Ready(Err(error)) = future.poll(&mut cx) else {
        panic!("the future still waits")
    };
    assert!(is_shutdown(&error), "{error}");
    for direction in [Direction::Read, Direction::Write] {
        let Poll::Ready(Err(error)) = socket.registration().poll_ready(&mut cx, direction) else {
            panic!("it waits")
        };
        assert!(is_shutdown(&error));
        let text = error.to_string();
        assert!(
            text.contains("the runtime that drove this source is gone"),
            "{text}"
        );
    }
    // No event comes any more, but the system can still be asked.
    let asked = socket.registration().try_io(Interest::READABLE, || Ok(7));
    assert_eq!(asked.unwrap(), 7);
}

#[test]
fn a_driver_that_was_shut_down_takes_no_more_sources() {
    let (driver, socket, _peer) = fixture(BOTH);
    let mut woken = Vec::new();
    driver.handle().shutdown(&mut woken);
    driver.handle().shutdown(&mut woken);
    let (another, _its_peer) = UnixStream::pair().unwrap();
    let error = driver
        .handle()
        .register(&mut FdSource::new(another), BOTH)
        .unwrap_err();
    assert!(is_shutdown(&error));
    assert_eq!(live(&driver), 0);
    drop(socket);
    assert_eq!(live(&driver), 0, "the survivors are not counted twice");
}

#[test]
fn a_dropped_driver_wakes_who_waits() {
    let (driver, socket, _peer) = fixture(BOTH);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    assert!(
        socket
            .registration()
            .poll_ready(&mut cx, Direction::Read)
            .is_pending()
    );
    drop(driver);
    assert_eq!(counter.wakes(), 1);
    assert!(
        socket
            .registration()
            .poll_ready(&mut cx, Direction::Read)
            .is_ready()
    );
    socket
        .into_inner()
        .expect("the poll is still there to deregister from");
}

#[test]
fn a_driver_that_was_shut_down_still_turns() {
    let (mut driver, _socket, _peer) = fixture(BOTH);
    driver.handle().shutdown(&mut Vec::new());
    driver.handle().unpark();
    let turn = driver.turn(None, &mut Vec::new()).unwrap();
    assert_eq!((turn.events, turn.unparked), (0, true));
}
