//! What synchronises tasks: each primitive by its public interface, inside runtimes and outside.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod barrier;
mod broadcast;
mod cancellation_token;
mod like_tokio;
mod mpsc;
mod mutex;
mod notify;
mod once_cell;
mod oneshot;
mod reentrant;
mod rwlock;
mod semaphore;
mod set_once;
mod watch;

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Waker};
use std::time::Duration;

use runtime::time::timeout;
use runtime_tests::flavor::on_every_flavor;
use runtime_tests::reported::Report;

/// Asserts that `busy`, which never ends though it is always ready, spends its budget: a time limit
/// ends it.
#[track_caller]
fn assert_spends_its_budget<F>(busy: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    on_every_flavor(|flavor| {
        let rt = flavor.build();
        let busy = busy();
        let limited = async { timeout(Duration::from_millis(3), busy).await };
        assert!(rt.block_on(rt.spawn(limited)).unwrap().is_err());
    });
}

/// Asserts that a `blocking_*` method refused to block async code, blamed its caller, and named
/// what to do `instead`.
#[track_caller]
fn assert_refused_to_block(report: &Report, file: &str, line: u32, instead: &str) {
    assert_eq!((report.file.as_str(), report.line), (file, line));
    for part in ["already runs async code", "spawn_blocking", instead] {
        assert!(report.message.contains(part), "{report:?}");
    }
}

/// Polls once, with a waker that does nothing.
fn is_ready<F: Future + ?Sized>(future: Pin<&mut F>) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    future.poll(&mut cx).is_ready()
}
