//! A socket in the reactor of its runtime.

use std::fmt;
use std::io;
use std::task::{Context, Poll};

use io_driver::{Direction, Source};

use super::cooperative::{self, poll_with_budget};
use super::{Interest, Ready};
use crate::scheduler::context;

/// A source that is registered for as long as it lives, and whose operations take
/// part in the poll budget.
///
/// Waiting through the `poll_` methods keeps one waker a direction, that of the last call. The
/// `async` methods may be waited for by any number of tasks.
pub(crate) struct Evented<S: Source>(io_driver::Evented<S>);

impl<S: Source> Evented<S> {
    /// Registers `source` with the reactor of the current runtime.
    #[track_caller]
    pub(crate) fn new(source: S, interest: Interest) -> io::Result<Evented<S>> {
        io_driver::Evented::new(&context::io_handle(), source, interest).map(Evented)
    }

    /// Lets the first operation try without waiting for an event. If the source is not ready, that
    /// attempt finds out.
    pub(crate) fn assume_ready(&self, ready: Ready) {
        self.0.registration().assume_ready(ready);
    }

    pub(crate) fn get_ref(&self) -> &S {
        &self.0
    }

    pub(crate) fn into_inner(self) -> io::Result<S> {
        self.0.into_inner()
    }

    pub(crate) async fn ready(&self, interest: Interest) -> io::Result<Ready> {
        let event = cooperative::ready(self.0.registration(), interest).await?;
        Ok(event.ready())
    }

    pub(crate) fn poll_ready(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
    ) -> Poll<io::Result<Ready>> {
        let event = cooperative::poll_ready(self.0.registration(), cx, direction);
        event.map_ok(|event| event.ready())
    }

    /// What the last events have told and no operation has used up.
    pub(crate) fn readiness(&self) -> Ready {
        self.0.registration().readiness()
    }

    pub(crate) fn try_io<R>(
        &self,
        interest: Interest,
        f: impl FnOnce() -> io::Result<R>,
    ) -> io::Result<R> {
        self.0.registration().try_io(interest, f)
    }

    pub(crate) async fn async_io<R>(
        &self,
        interest: Interest,
        f: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        cooperative::async_io(self.0.registration(), interest, f).await
    }

    pub(crate) fn poll_io<R>(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        f: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let registration = self.0.registration();
        poll_with_budget(cx, |cx| registration.poll_io(cx, direction, f))
    }

    /// Waits until a datagram can be received, or an error alone is to be told.
    pub(crate) async fn async_receive<R>(
        &self,
        receive: impl FnMut() -> io::Result<R>,
    ) -> io::Result<R> {
        self.async_io(Interest::READABLE | Interest::ERROR, receive)
            .await
    }

    /// As [`async_receive`](Self::async_receive), with the reader's waker.
    pub(crate) fn poll_receive<R>(
        &self,
        cx: &mut Context<'_>,
        receive: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        let registration = self.0.registration();
        poll_with_budget(cx, |cx| registration.poll_receive(cx, receive))
    }

    /// Waits until there is room to send a datagram.
    pub(crate) async fn async_send<R>(&self, send: impl FnMut() -> io::Result<R>) -> io::Result<R> {
        self.async_io(Interest::WRITABLE, send).await
    }

    /// As [`async_send`](Self::async_send), with the writer's waker.
    pub(crate) fn poll_send<R>(
        &self,
        cx: &mut Context<'_>,
        send: impl FnMut() -> io::Result<R>,
    ) -> Poll<io::Result<R>> {
        self.poll_io(cx, Direction::Write, send)
    }

    /// As [`poll_io`](Self::poll_io) for a transfer of up to `wanted` bytes of a stream.
    ///
    /// One that moves less uses the readiness up. One of no bytes is over at once.
    pub(crate) fn poll_transfer(
        &self,
        cx: &mut Context<'_>,
        direction: Direction,
        wanted: usize,
        transfer: impl FnMut() -> io::Result<usize>,
    ) -> Poll<io::Result<usize>> {
        if wanted == 0 {
            return Poll::Ready(Ok(0));
        }
        let registration = self.0.registration();
        poll_with_budget(cx, |cx| {
            registration.poll_transfer(cx, direction, wanted, transfer)
        })
    }
}

impl<S: Source + fmt::Debug> fmt::Debug for Evented<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get_ref().fmt(f)
    }
}
