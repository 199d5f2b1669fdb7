//! Operations that wait for readiness, and what clears it.
#![cfg(not(runtime_loom))]
#![allow(clippy::unwrap_used, reason = "a test")]

mod common;

use std::cell::Cell;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, UdpSocket};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use common::{BOTH, Counter, Socket, fixture, take_in};
use io_driver::{Direction, Driver, Evented, FdSource, Interest, Ready};

fn blocks<R>() -> io::Result<R> {
    Err(ErrorKind::WouldBlock.into())
}

/// Reads up to `len` bytes as a stream does, counting the calls that reach the operating system.
fn poll_read(
    socket: &Socket,
    cx: &mut Context<'_>,
    len: usize,
    calls: &Cell<usize>,
) -> Poll<io::Result<usize>> {
    socket
        .registration()
        .poll_transfer(cx, Direction::Read, len, || {
            calls.set(calls.get() + 1);
            (&***socket).read(&mut vec![0; len])
        })
}

#[test]
fn a_full_read_leaves_the_readiness_and_a_short_one_clears_it() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let calls = Cell::new(0);

    peer.write_all(b"four and some").unwrap();
    take_in(&mut driver);
    assert!(matches!(
        poll_read(&socket, &mut cx, 4, &calls),
        Poll::Ready(Ok(4))
    ));
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(9))
    ));
    assert_eq!(calls.get(), 2);
    assert!(poll_read(&socket, &mut cx, 100, &calls).is_pending());
    assert_eq!(calls.get(), 2, "no call that only finds out that it blocks");

    peer.write_all(b"more").unwrap();
    take_in(&mut driver);
    assert_eq!(counter.wakes(), 1);
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(4))
    ));
}

#[test]
fn data_and_end_in_one_event_are_both_read() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (_, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let calls = Cell::new(0);

    peer.write_all(b"bye").unwrap();
    peer.shutdown(Shutdown::Write).unwrap();
    assert_eq!(take_in(&mut driver), 1, "one event tells of both");
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(3))
    ));
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(0))
    ));
}

#[test]
fn an_end_that_comes_after_the_short_read_is_told() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let calls = Cell::new(0);

    peer.write_all(b"bye").unwrap();
    take_in(&mut driver);
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(3))
    ));
    assert!(poll_read(&socket, &mut cx, 100, &calls).is_pending());
    drop(peer);
    take_in(&mut driver);
    assert_eq!(counter.wakes(), 1);
    assert!(matches!(
        poll_read(&socket, &mut cx, 100, &calls),
        Poll::Ready(Ok(0))
    ));
}

#[test]
fn a_blocked_operation_runs_again_after_the_next_event() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let mut read = pin!(
        socket
            .registration()
            .async_io(Interest::READABLE, || (&**socket).read(&mut [0; 8]))
    );
    assert!(read.as_mut().poll(&mut cx).is_pending());
    peer.write_all(b"hello").unwrap();
    take_in(&mut driver);
    assert_eq!(counter.wakes(), 1);
    assert!(matches!(read.poll(&mut cx), Poll::Ready(Ok(5))));
}

#[test]
fn try_io_that_blocks_clears_the_readiness() {
    let (mut driver, socket, _peer) = fixture(BOTH);
    take_in(&mut driver);
    let registration = socket.registration();
    assert_eq!(
        registration.try_io(Interest::WRITABLE, || Ok(7)).unwrap(),
        7
    );
    assert_eq!(
        registration
            .try_io(Interest::WRITABLE, blocks::<()>)
            .unwrap_err()
            .kind(),
        ErrorKind::WouldBlock
    );
    let never = || -> io::Result<()> { panic!("nothing told that it is writable") };
    let error = registration.try_io(Interest::WRITABLE, never).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
}

#[test]
fn an_error_of_the_operation_passes_and_clears_nothing() {
    let (mut driver, socket, _peer) = fixture(BOTH);
    take_in(&mut driver);
    let broken = || Err::<(), _>(ErrorKind::BrokenPipe.into());
    for _ in 0..2 {
        let error = socket
            .registration()
            .try_io(Interest::WRITABLE, broken)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    }
}

#[test]
fn clearing_a_part_leaves_the_rest() {
    let (mut driver, socket, mut peer) = fixture(BOTH);
    peer.write_all(b"x").unwrap();
    take_in(&mut driver);
    let (_, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let Poll::Ready(Ok(event)) = pin!(socket.registration().ready(BOTH)).poll(&mut cx) else {
        panic!("both directions are ready")
    };
    socket
        .registration()
        .clear_readiness(event.only(Ready::READABLE));
    assert!(
        socket
            .registration()
            .poll_ready(&mut cx, Direction::Read)
            .is_pending()
    );
    assert!(
        socket
            .registration()
            .poll_ready(&mut cx, Direction::Write)
            .is_ready()
    );
}

/// As on a named pipe whose writers have left and come back: the end was told, and
/// reading would block.
#[test]
fn an_operation_that_blocks_behind_an_end_waits() {
    let (mut driver, socket, peer) = fixture(BOTH);
    drop(peer);
    take_in(&mut driver);
    let registration = socket.registration();
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);

    let mut waiting = pin!(registration.async_io(Interest::READABLE, blocks::<()>));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    assert!(!registration.readiness().is_read_closed());
    for direction in [Direction::Read, Direction::Write] {
        let blocked = registration.poll_io(&mut cx, direction, blocks::<()>);
        assert!(blocked.is_pending());
    }
    assert!(registration.readiness().is_empty());
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    assert_eq!(counter.wakes(), 0, "nobody comes back by himself");
}

/// Which of the two directions has blocked is not known, so both ends are believed still.
#[test]
fn an_operation_of_both_directions_that_blocks_behind_an_end_waits() {
    let (mut driver, socket, peer) = fixture(BOTH);
    drop(peer);
    take_in(&mut driver);
    let registration = socket.registration();
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let mut waiting = pin!(registration.async_io(BOTH, blocks::<()>));
    for _ in 0..2 {
        assert!(waiting.as_mut().poll(&mut cx).is_pending());
    }
    assert_eq!(counter.wakes(), 0, "it waits for the next event");
    let readiness = registration.readiness();
    assert!(readiness.is_read_closed() && readiness.is_write_closed());
}

#[test]
fn an_end_behind_a_short_read_outlives_a_clearing() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let mut cx = Context::from_waker(Waker::noop());
    peer.write_all(b"bye").unwrap();
    peer.shutdown(Shutdown::Write).unwrap();
    take_in(&mut driver);
    let registration = socket.registration();
    let mut ready = || match registration.poll_ready(&mut cx, Direction::Read) {
        Poll::Ready(event) => event.unwrap(),
        Poll::Pending => panic!("the end was told"),
    };
    // Not refused, only drained, as who works on the descriptor may say.
    registration.clear_readiness(ready());
    assert!(ready().ready().is_read_closed());
}

/// A connected socket that has sent a datagram to a port where nobody listens.
fn refused_socket(driver: &mut Driver) -> Evented<FdSource<UdpSocket>> {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let nobody = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(nobody.local_addr().unwrap()).unwrap();
    drop(nobody);
    socket.set_nonblocking(true).unwrap();
    let socket = Evented::new(driver.handle(), FdSource::new(socket), BOTH).unwrap();
    take_in(driver);
    socket.send(b"anybody?").unwrap();
    socket
}

fn take_in_the_error(driver: &mut Driver, socket: &Evented<FdSource<UdpSocket>>) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while !socket.registration().readiness().is_error() && Instant::now() < deadline {
        let mut woken = Vec::new();
        driver
            .turn(Some(Duration::from_secs(1)), &mut woken)
            .unwrap();
        woken.into_iter().for_each(Waker::wake);
    }
    assert!(socket.registration().readiness().is_error());
}

/// epoll reports the error without saying that there is something to read.
#[test]
fn an_error_alone_is_told_to_who_receives_and_to_no_reader() {
    let mut driver = Driver::new(16).unwrap();
    let socket = refused_socket(&mut driver);
    let registration = socket.registration();
    let receive = || socket.recv(&mut [0; 8]);
    let [(reader, reads), (receiver, receives), (watcher, watches)] =
        std::array::from_fn(|_| Counter::new());
    let mut reads = Context::from_waker(&reads);
    let mut receives = Context::from_waker(&receives);
    let mut watches = Context::from_waker(&watches);
    let mut readable = pin!(registration.ready(Interest::READABLE));
    let mut with_errors = pin!(registration.ready(Interest::READABLE | Interest::ERROR));
    let mut errors = pin!(registration.ready(Interest::ERROR));
    assert!(readable.as_mut().poll(&mut reads).is_pending());
    assert!(with_errors.as_mut().poll(&mut watches).is_pending());
    assert!(errors.as_mut().poll(&mut watches).is_pending());
    assert!(
        registration
            .poll_receive(&mut receives, blocks::<()>)
            .is_pending()
    );

    take_in_the_error(&mut driver, &socket);
    assert_eq!(
        (reader.wakes(), receiver.wakes(), watcher.wakes()),
        (0, 1, 2)
    );
    assert!(readable.poll(&mut reads).is_pending());
    assert!(
        registration
            .poll_ready(&mut reads, Direction::Read)
            .is_pending()
    );
    assert!(with_errors.poll(&mut watches).is_ready());
    assert!(errors.poll(&mut watches).is_ready());
    let Poll::Ready(Err(error)) = registration.poll_receive(&mut receives, receive) else {
        panic!("the receiver must hear of the error")
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    // It has been fetched; its flag stays for who waits for errors, and keeps no receiver busy.
    assert!(
        registration
            .poll_receive(&mut receives, receive)
            .is_pending()
    );
    let mut receiving = pin!(registration.async_io(Interest::READABLE | Interest::ERROR, receive));
    assert!(receiving.as_mut().poll(&mut receives).is_pending());
    assert_eq!(receiver.wakes(), 1);
}

#[test]
fn an_error_that_passed_leaves_a_writer_that_waits() {
    let mut driver = Driver::new(16).unwrap();
    let socket = refused_socket(&mut driver);
    take_in_the_error(&mut driver, &socket);
    assert!(socket.registration().readiness().is_write_closed());
    let (counter, waker) = Counter::new();
    let mut cx = Context::from_waker(&waker);
    let registration = socket.registration();
    assert!(
        registration
            .poll_io(&mut cx, Direction::Write, blocks::<()>)
            .is_pending()
    );
    assert!(!registration.readiness().is_write_closed());
    assert_eq!(counter.wakes(), 0);
}

#[test]
fn a_transfer_disproves_that_the_write_half_is_closed() {
    let mut driver = Driver::new(16).unwrap();
    let socket = refused_socket(&mut driver);
    take_in_the_error(&mut driver, &socket);
    let mut cx = Context::from_waker(Waker::noop());
    let registration = socket.registration();
    let all_of_it = || Ok(8);
    assert!(
        registration
            .poll_transfer(&mut cx, Direction::Write, 8, all_of_it)
            .is_ready()
    );
    assert_eq!(
        registration.readiness(),
        Ready::WRITABLE | Ready::ERROR,
        "a writer goes on at once"
    );
}

#[test]
fn the_last_waker_of_a_direction_wins() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (first, first_waker) = Counter::new();
    let (last, last_waker) = Counter::new();
    for waker in [&first_waker, &last_waker, &last_waker] {
        let mut cx = Context::from_waker(waker);
        assert!(
            socket
                .registration()
                .poll_ready(&mut cx, Direction::Read)
                .is_pending()
        );
    }
    peer.write_all(b"x").unwrap();
    take_in(&mut driver);
    assert_eq!((first.wakes(), last.wakes()), (0, 1));
}

#[test]
fn a_future_polled_with_another_waker_wakes_that_one() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let (first, first_waker) = Counter::new();
    let (last, last_waker) = Counter::new();
    let mut waiting = pin!(socket.registration().ready(Interest::READABLE));
    for waker in [&first_waker, &last_waker] {
        assert!(
            waiting
                .as_mut()
                .poll(&mut Context::from_waker(waker))
                .is_pending()
        );
    }
    peer.write_all(b"x").unwrap();
    take_in(&mut driver);
    assert_eq!((first.wakes(), last.wakes()), (0, 1));
    assert!(
        waiting
            .poll(&mut Context::from_waker(&last_waker))
            .is_ready()
    );
}

#[test]
fn the_flags_can_be_looked_at_without_waiting() {
    let (mut driver, socket, mut peer) = fixture(Interest::READABLE);
    let readiness = || socket.registration().readiness();
    assert!(readiness().is_empty());
    peer.write_all(b"x").unwrap();
    take_in(&mut driver);
    assert!(readiness().is_readable() && !readiness().is_read_closed());
    assert!(
        socket
            .registration()
            .try_io(Interest::READABLE, blocks::<()>)
            .is_err()
    );
    assert!(!readiness().is_readable());
    peer.shutdown(Shutdown::Write).unwrap();
    take_in(&mut driver);
    assert!(readiness().is_read_closed());
    driver.handle().shutdown(&mut Vec::new());
    assert!(readiness().is_empty());
}
