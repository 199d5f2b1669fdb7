//! A child that goes on with sockets of the parent's runtime, while threads of the parent that it does not have were
//! about to do the same.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use futures_lite::AsyncRead;
use runtime::io::Interest;
use runtime::net::TcpStream;
use runtime_tests::alone;
use runtime_tests::flavor::on_every_flavor;

use crate::held_locks::{poll, while_disturbed};
use crate::{assert_as_it_should, connect, echo, in_a_fork};

/// For each of five flavors.
const FORKS: usize = 400;

fn poll_read(stream: &mut TcpStream) -> Poll<io::Result<usize>> {
    let cx = &mut Context::from_waker(Waker::noop());
    Pin::new(stream).poll_read(cx, &mut [0])
}

#[track_caller]
fn assert_is_told<T: std::fmt::Debug>(polled: Poll<io::Result<T>>) {
    match polled {
        Poll::Ready(Err(error)) => assert!(error.to_string().contains("a fork"), "{error}"),
        other => panic!("a fork may wait with the parent's runtime: {other:?}"),
    }
}

/// What others do with the same socket takes its lock.
async fn wait_in_every_way(stream: &TcpStream) {
    poll_fn(|cx| {
        let mut readable = Box::pin(stream.ready(Interest::READABLE));
        assert!(poll(readable.as_mut()).is_pending());
        assert!(stream.poll_read_ready(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

#[test]
fn a_child_polls_and_drops_waits_for_sockets_of_the_parent() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let (mut near, mut far) = rt.block_on(connect());
            let _entered = rt.enter();
            let waiting = || futures_lite::future::block_on(wait_in_every_way(&far));
            while_disturbed(&rt, waiting, || {
                for _ in 0..FORKS {
                    let mut pending = Some(Box::pin(far.readable()));
                    let mut polled = Box::pin(far.readable());
                    assert!(poll(pending.as_mut().unwrap().as_mut()).is_pending());
                    assert!(poll(polled.as_mut()).is_pending());
                    let status = in_a_fork(|| {
                        drop(pending.take());
                        assert_is_told(poll(polled.as_mut()));
                        assert_is_told(poll(Box::pin(far.readable()).as_mut()));
                        let cx = &mut Context::from_waker(Waker::noop());
                        assert_is_told(far.poll_read_ready(cx));
                        drop(polled);
                    });
                    assert_as_it_should(status);
                }
            });
            let status = in_a_fork(|| assert_is_told(poll_read(&mut near)));
            assert_as_it_should(status);
            rt.block_on(echo(&mut near, &mut far));
        });
    });
}
