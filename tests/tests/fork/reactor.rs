//! A child that goes on with sockets of the parent's runtime, and asks for its figures, while threads of the parent
//! that it does not have were about to do the same.

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
            // A fresh stream is tried at once. From then on it waits.
            assert!(far.try_read(&mut [0]).is_err());
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

#[test]
fn a_child_asks_for_the_figures_of_the_parent_s_runtime() {
    alone::run(|| {
        on_every_flavor(|flavor| {
            let rt = flavor.build();
            let handle = rt.handle();
            let spawn_and_connect = || {
                handle.block_on(async {
                    runtime::spawn(async {}).await.unwrap();
                    runtime::task::spawn_blocking(|| ()).await.unwrap();
                    drop(runtime::net::UdpSocket::bind("127.0.0.1:0").await.unwrap());
                });
            };
            while_disturbed(&rt, spawn_and_connect, || {
                for _ in 0..FORKS {
                    let status = in_a_fork(|| {
                        let metrics = handle.metrics();
                        for worker in 0..metrics.num_workers() {
                            metrics.worker_poll_count(worker);
                            metrics.worker_local_queue_depth(worker);
                            metrics.worker_steal_count(worker);
                            metrics.worker_park_count(worker);
                            metrics.worker_park_unpark_count(worker);
                            metrics.worker_total_busy_duration(worker);
                        }
                        for reactor in 0..metrics.num_reactors() {
                            metrics.reactor_fd_count(reactor);
                        }
                        metrics.num_alive_tasks();
                        metrics.global_queue_depth();
                        metrics.budget_forced_yield_count();
                        metrics.stalls();
                        metrics.rescues();
                        metrics.longest_stall();
                        metrics.spares();
                        metrics.num_threads();
                        metrics.spares_refused();
                        metrics.stall_reports_dropped();
                        metrics.num_blocking_threads();
                        metrics.num_idle_blocking_threads();
                        metrics.blocking_queue_depth();
                        metrics.io_driver_fd_registered_count();
                        metrics.io_driver_fd_deregistered_count();
                        metrics.io_driver_ready_count();
                        let _ = format!("{metrics:?} {handle:?} {rt:?}");
                    });
                    assert_as_it_should(status);
                }
            });
        });
    });
}
