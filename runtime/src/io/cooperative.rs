//! The reactor's operations, as part of the task's poll budget.
//!
//! The reactor knows nothing of tasks. Here each operation takes one unit of the budget before it
//! starts and gives it back if it finds nothing, so that a source which is always ready cannot keep
//! its worker from the others.

use std::io;
use std::task::{Context, Poll, ready};

use io_driver::{Direction, ReadyEvent, Registration, Source};

use super::Interest;
use crate::coop;
use crate::scheduler::context;

/// Registers `source` with the reactor of the current runtime.
#[track_caller]
pub(super) fn register<S>(source: &mut S, interest: Interest) -> io::Result<Registration>
where
    S: Source + ?Sized,
{
    context::io_handle().register(source, interest)
}

pub(super) async fn ready(
    registration: &Registration,
    interest: Interest,
) -> io::Result<ReadyEvent> {
    coop::cooperative(registration.ready(interest)).await
}

pub(super) async fn async_io<R>(
    registration: &Registration,
    interest: Interest,
    f: impl FnMut() -> io::Result<R>,
) -> io::Result<R> {
    coop::cooperative(registration.async_io(interest, f)).await
}

pub(super) fn poll_ready(
    registration: &Registration,
    cx: &mut Context<'_>,
    direction: Direction,
) -> Poll<io::Result<ReadyEvent>> {
    poll_with_budget(cx, |cx| registration.poll_ready(cx, direction))
}

/// Comes before each further round of a loop over a stream of others, which may know nothing of the budget.
#[cfg(feature = "io-util")]
pub(super) fn poll_another_round(cx: &mut Context<'_>) -> Poll<()> {
    ready!(coop::poll_proceed(cx)).made_progress();
    Poll::Ready(())
}

/// Polls one operation on the budget of the current task.
pub(super) fn poll_with_budget<R>(
    cx: &mut Context<'_>,
    operation: impl FnOnce(&mut Context<'_>) -> Poll<R>,
) -> Poll<R> {
    let coop = ready!(coop::poll_proceed(cx));
    let result = ready!(operation(cx));
    coop.made_progress();
    Poll::Ready(result)
}
