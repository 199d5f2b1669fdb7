//! Coming, going, and who an event belongs to.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use common::{BOTH, Counter, fixture, live, take_in};
use io_driver::{Closed, Driver, Evented, FdSource, Interest};

#[test]
fn deregistering_frees_the_place() {
    let (driver, socket, _peer) = fixture(Interest::READABLE);
    assert_eq!(live(&driver), 1);
    let mut source = FdSource::new(socket.try_clone().unwrap());
    let registration = driver
        .handle()
        .register(&mut source, Interest::READABLE)
        .unwrap();
    assert_eq!(live(&driver), 2);
    registration.deregister(&mut source).unwrap();
    assert_eq!(live(&driver), 1);
    drop(registration);
    assert_eq!(live(&driver), 1, "it is counted once");
    drop(socket);
    assert_eq!(live(&driver), 0);
}

#[test]
fn a_deregistered_source_can_be_registered_again() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let source = socket.into_inner().unwrap();
    let socket = Evented::new(driver.handle(), source, BOTH).unwrap();
    peer.write_all(b"x").unwrap();
    assert!(take_in(&mut driver) > 0);
    socket
        .registration()
        .try_io(Interest::READABLE, || (&**socket).read(&mut [0; 1]))
        .unwrap();
}

#[test]
fn a_thousand_registrations_leave_nothing_behind() {
    let mut driver = Driver::new(64).unwrap();
    for _ in 0..10 {
        let pairs: Vec<_> = (0..100).map(|_| UnixStream::pair().unwrap()).collect();
        let sockets: Vec<_> = pairs
            .into_iter()
            .map(|(ours, peer)| {
                (
                    Evented::new(driver.handle(), FdSource::new(ours), BOTH).unwrap(),
                    peer,
                )
            })
            .collect();
        assert_eq!(live(&driver), 100);
        assert!(take_in(&mut driver) >= 100);
        drop(sockets);
    }
    assert_eq!(driver.handle().metrics().registered, 1000);
    assert_eq!(live(&driver), 0);
}

/// The kernel watches an open file as long as any duplicate of its descriptor is open, so a
/// registration that was dropped without deregistering still gets events, and by then its place
/// may have another tenant.
#[test]
fn an_event_for_an_earlier_tenant_is_ignored() {
    let mut driver = Driver::new(64).unwrap();
    let (first, mut first_peer) = UnixStream::pair().unwrap();
    let duplicate = first.try_clone().unwrap();
    drop(
        driver
            .handle()
            .register(&mut FdSource::new(first), Interest::READABLE)
            .unwrap(),
    );

    // The descriptor's number and the place in the table are free, and taken again.
    let (second, _second_peer) = UnixStream::pair().unwrap();
    second.set_nonblocking(true).unwrap();
    let second = Evented::new(driver.handle(), FdSource::new(second), Interest::READABLE).unwrap();
    first_peer.write_all(b"for the first").unwrap();
    assert_eq!(take_in(&mut driver), 0);
    assert_eq!(driver.handle().metrics().ready_events, 0);
    let mut asked = false;
    let answer = second.registration().try_io(Interest::READABLE, || {
        asked = true;
        (&**second).read(&mut [0; 1])
    });
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(!asked, "nothing told that it was ready");
    drop(duplicate);
}

#[test]
fn a_refused_source_takes_no_place_and_comes_back() {
    let driver = Driver::new(16).unwrap();
    let (ours, _peer) = UnixStream::pair().unwrap();
    let ours = Arc::new(ours);
    let _first = Evented::new(driver.handle(), FdSource::new(ours.clone()), BOTH).unwrap();
    let (source, error) = Evented::try_new(driver.handle(), FdSource::new(ours), BOTH).unwrap_err();
    assert!(source.peer_addr().is_ok());
    if cfg!(target_os = "linux") {
        assert_eq!(error.kind(), ErrorKind::AlreadyExists);
    }
    assert_eq!(live(&driver), 1);
}

#[test]
#[cfg(target_os = "linux")]
fn a_regular_file_is_refused() {
    let driver = Driver::new(16).unwrap();
    let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
    let error = driver
        .handle()
        .register(&mut FdSource::new(file), Interest::READABLE)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(live(&driver), 0);
}

#[test]
fn deregistering_ends_the_waits_of_others() {
    let (driver, socket, _peer) = fixture(Interest::READABLE);
    let mut source = FdSource::new(socket.try_clone().unwrap());
    let registration = driver
        .handle()
        .register(&mut source, Interest::READABLE)
        .unwrap();
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let mut waiting = pin!(registration.ready(Interest::READABLE));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());

    registration.deregister(&mut source).unwrap();
    assert_eq!(counter.wakes(), 1);
    let Poll::Ready(Err(error)) = waiting.poll(&mut cx) else {
        panic!("it is still waiting")
    };
    assert!(Closed::of(&error).unwrap().is_deregistered());
}
