//! Wakers are user code: they may panic, or come back to the registration that
//! wakes, clones or drops them.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::cell::RefCell;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::ptr;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Wake, Waker};
use std::thread;

use common::{Counter, Socket, fixture, live, take_in, without_deadlock};
use io_driver::{Direction, FdSource, Interest};

fn panics<R>(f: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(f)).is_err()
}

fn poll_with(socket: &Socket, waker: &Waker) -> bool {
    socket
        .registration()
        .poll_ready(&mut Context::from_waker(waker), Direction::Read)
        .is_ready()
}

/// A waiter that came after the hostile one is served as ever.
fn assert_healthy(driver: &mut io_driver::Driver, socket: &Socket, peer: &mut impl Write) {
    let (counter, waker) = Counter::new();
    assert!(!poll_with(socket, &waker));
    peer.write_all(b"x").unwrap();
    take_in(driver);
    assert_eq!(counter.wakes(), 1);
    assert!(poll_with(socket, &waker));
}

fn clone_panics() -> Waker {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(|_| panic!("no clone"), |_| {}, |_| {}, |_| {});
    // SAFETY: the vtable uses no data, so any pointer will do, on any thread.
    unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &VTABLE)) }
}

struct PanicsOnWake;

impl Wake for PanicsOnWake {
    fn wake(self: Arc<Self>) {
        panic!("no wake")
    }
}

struct PanicsOnDrop;

impl Wake for PanicsOnDrop {
    fn wake(self: Arc<Self>) {}
}

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("no drop")
        }
    }
}

#[test]
fn a_clone_that_panics_leaves_the_registration_well() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    assert!(panics(|| poll_with(&socket, &clone_panics())));
    let waker = clone_panics();
    let mut future = pin!(socket.registration().ready(Interest::READABLE));
    assert!(panics(|| future
        .as_mut()
        .poll(&mut Context::from_waker(&waker))
        .is_ready()));
    assert_healthy(&mut driver, &socket, &mut peer);
}

#[test]
fn a_drop_that_panics_leaves_the_registration_well() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let hostile = Waker::from(Arc::new(PanicsOnDrop));
    assert!(!poll_with(&socket, &hostile));
    drop(hostile);
    // The slot holds the last reference; another waker displaces it.
    assert!(panics(|| poll_with(&socket, Waker::noop())));
    assert_healthy(&mut driver, &socket, &mut peer);
}

#[test]
fn a_drop_that_panics_does_not_keep_the_place() {
    let (driver, socket, _peer) = fixture(Interest::READABLE);
    for direction in [Direction::Read, Direction::Write] {
        let hostile = Waker::from(Arc::new(PanicsOnDrop));
        let _ = socket
            .registration()
            .poll_ready(&mut Context::from_waker(&hostile), direction);
    }
    assert!(panics(|| drop(socket)));
    assert_eq!(live(&driver), 0);
}

#[test]
fn a_wake_that_panics_at_deregistration_spares_the_others() {
    let (driver, socket, _peer) = fixture(Interest::READABLE);
    let mut source = FdSource::new(socket.try_clone().unwrap());
    let registration = driver
        .handle()
        .register(&mut source, Interest::READABLE)
        .unwrap();
    let hostile = Waker::from(Arc::new(PanicsOnWake));
    let (counter, waker) = Counter::new();
    let mut first = pin!(registration.ready(Interest::READABLE));
    let mut second = pin!(registration.ready(Interest::READABLE));
    assert!(
        first
            .as_mut()
            .poll(&mut Context::from_waker(&hostile))
            .is_pending()
    );
    assert!(
        second
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_pending()
    );
    assert!(panics(|| registration.deregister(&mut source)));
    assert_eq!(counter.wakes(), 1);
    assert_eq!(live(&driver), 1, "only the other registration is left");
}

thread_local! {
    static COMES_BACK_TO: RefCell<Weak<Socket>> = RefCell::default();
}

/// Does to its registration all that can be done, whenever it is cloned, woken or dropped.
fn comes_back() -> Waker {
    const VTABLE: RawWakerVTable = RawWakerVTable::new(
        |_| {
            come_back();
            RawWaker::new(ptr::null(), &VTABLE)
        },
        |_| come_back(),
        |_| come_back(),
        |_| come_back(),
    );
    // SAFETY: the vtable uses no data, so any pointer will do, on any thread.
    unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &VTABLE)) }
}

fn come_back() {
    let Some(socket) = COMES_BACK_TO.with_borrow(Weak::upgrade) else {
        return;
    };
    let registration = socket.registration();
    let mut cx = Context::from_waker(Waker::noop());
    for direction in [Direction::Read, Direction::Write] {
        if let Poll::Ready(Ok(event)) = registration.poll_ready(&mut cx, direction) {
            registration.clear_readiness(event);
        }
    }
    let _ = pin!(registration.ready(Interest::READABLE)).poll(&mut cx);
    let mut source = FdSource::new(socket.try_clone().unwrap());
    if let Ok(other) = registration
        .handle()
        .register(&mut source, Interest::READABLE)
    {
        other.deregister(&mut source).unwrap();
    }
    registration.handle().metrics();
}

#[test]
fn a_waker_that_comes_back_to_its_registration_does_not_deadlock() {
    without_deadlock(|| {
        let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
        let socket = Arc::new(socket);
        COMES_BACK_TO.set(Arc::downgrade(&socket));

        let mut waiting = Box::pin(socket.registration().ready(Interest::READABLE));
        for waker in [Waker::noop(), &comes_back(), Waker::noop(), &comes_back()] {
            poll_with(&socket, waker);
            assert!(
                waiting
                    .as_mut()
                    .poll(&mut Context::from_waker(waker))
                    .is_pending()
            );
        }
        let mut dropped_waiting = Box::pin(socket.registration().ready(Interest::READABLE));
        let _ = dropped_waiting
            .as_mut()
            .poll(&mut Context::from_waker(&comes_back()));
        drop(dropped_waiting);

        peer.write_all(b"x").unwrap();
        take_in(&mut driver);
        drop(waiting);
        poll_with(&socket, &comes_back());

        let mut woken = Vec::new();
        driver.handle().shutdown(&mut woken);
        woken.into_iter().for_each(Waker::wake);
        drop(driver);
        drop(socket);
    });
}
