//! Wakers that use the other end while this one deals with them.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use futures_lite::future::block_on;
use runtime::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, simplex};
use runtime_tests::hostile::{Act, waker_that, waker_that_owns};
use runtime_tests::watchdog::Watchdog;

/// Polls a new future once.
fn poll<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).as_mut().poll(&mut Context::from_waker(waker))
}

/// Writes to an end as `act` is done with the waker, once.
fn waker_that_writes(act: Act, end: DuplexStream) -> Waker {
    let end = Arc::new(Mutex::new(Some(end)));
    waker_that(move |done| {
        if done != act {
            return;
        }
        let end = end.lock().unwrap().take();
        if let Some(mut end) = end {
            let _ = poll(end.write(b"x"), Waker::noop());
        }
    })
}

#[test]
fn a_displaced_waker_may_own_the_other_end() {
    let _watchdog = Watchdog::start("as a waker goes");
    let (mut near, far) = duplex(1);
    let owner = waker_that_owns(far);
    assert!(poll(near.read(&mut [0]), &owner).is_pending());
    drop(owner);
    assert!(poll(near.read(&mut [0]), Waker::noop()).is_pending());
    // The other end went with its waker.
    assert_eq!(block_on(near.read(&mut [0])).unwrap(), 0);
}

#[test]
fn the_waker_of_a_writer_may_own_the_other_end() {
    let _watchdog = Watchdog::start("as a writer's waker goes");
    let (mut near, far) = duplex(1);
    let owner = waker_that_owns(far);
    assert!(poll(near.write(b"x"), &owner).is_ready());
    assert!(poll(near.write(b"y"), &owner).is_pending());
    drop(owner);
    block_on(near.shutdown()).unwrap();
    assert_eq!(block_on(near.read(&mut [0])).unwrap(), 0);
}

#[test]
fn an_end_may_go_with_a_waker_that_owns_the_other() {
    let _watchdog = Watchdog::start("as an end goes");
    for writes in [true, false] {
        let (mut near, far) = duplex(1);
        let owner = waker_that_owns(far);
        if writes {
            assert!(poll(near.write(b"x"), &owner).is_ready());
            assert!(poll(near.write(b"y"), &owner).is_pending());
        }
        assert!(poll(near.read(&mut [0]), &owner).is_pending());
        drop(owner);
        drop(near);
    }
}

#[test]
fn a_waker_may_write_as_it_is_cloned() {
    let _watchdog = Watchdog::start("as a waker is cloned");
    let (mut near, far) = duplex(1);
    let writer = waker_that_writes(Act::Clone, far);
    let mut byte = [0];
    // What came while the waker was cloned is not missed.
    assert!(poll(near.read(&mut byte), &writer).is_ready());
    assert_eq!(&byte, b"x");
}

#[test]
fn a_waker_may_write_as_it_is_dropped_or_woken() {
    let _watchdog = Watchdog::start("as a waker is used up");
    for act in [Act::Drop, Act::Wake] {
        let (mut near, far) = duplex(1);
        let (mut other, mut other_far) = duplex(1);
        let writer = waker_that_writes(act, far);
        assert!(poll(other.read(&mut [0]), &writer).is_pending());
        block_on(other_far.write_all(b"y")).unwrap();
        drop(writer);
        let mut byte = [0];
        assert!(poll(near.read(&mut byte), Waker::noop()).is_ready());
        assert_eq!(&byte, b"x");
    }
}

#[test]
fn a_waker_that_writes_as_it_goes_is_heard() {
    let _watchdog = Watchdog::start("as a waker is displaced");
    let (mut near, far) = duplex(1);
    let writer = waker_that_writes(Act::Drop, far);
    let mut byte = [0];
    assert!(poll(near.read(&mut byte), &writer).is_pending());
    std::mem::forget(writer);
    assert!(poll(near.read(&mut byte), Waker::noop()).is_pending());
    assert!(poll(near.read(&mut byte), Waker::noop()).is_ready());
    assert_eq!(&byte, b"x");
}

/// A sink for text that writes to an end of a stream.
struct Log(DuplexStream);

impl std::fmt::Write for Log {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let _ = poll(self.0.write(text.as_bytes()), Waker::noop());
        Ok(())
    }
}

#[test]
fn a_sink_of_text_may_be_the_stream_that_it_is_told_of() {
    let _watchdog = Watchdog::start("as a stream is described");
    let (mut near, far) = duplex(1024);
    let mut log = Log(far);
    std::fmt::Write::write_fmt(&mut log, format_args!("{near:?}")).unwrap();
    let mut name = [0; 12];
    block_on(near.read_exact(&mut name)).unwrap();
    assert_eq!(&name, b"DuplexStream");
}

/// Neither half keeps the other's thread waiting while its stream is polled.
#[test]
fn a_waker_may_use_or_own_the_other_half_of_a_simplex() {
    let _watchdog = Watchdog::start("as a half is polled");
    for when in [Act::Clone, Act::Drop, Act::Wake] {
        let (reader, mut writer) = simplex(1);
        let reader = Mutex::new(reader);
        let reads = waker_that(move |act| {
            if act == when
                && let Ok(mut reader) = reader.try_lock()
            {
                let _ = poll(reader.read(&mut [0]), Waker::noop());
            }
        });
        assert!(poll(writer.write(b"x"), &reads).is_ready());
        let _ = poll(writer.write(b"y"), &reads);
        drop(reads);
        let _ = poll(writer.write(b"z"), Waker::noop());
        block_on(writer.shutdown()).unwrap();
    }
    let (reader, mut writer) = simplex(1);
    let owner = waker_that_owns(reader);
    assert!(poll(writer.write(b"x"), &owner).is_ready());
    assert!(poll(writer.write(b"y"), &owner).is_pending());
    drop(owner);
    // The reader goes with the displaced waker.
    let _ = poll(writer.write(b"y"), Waker::noop());
}
