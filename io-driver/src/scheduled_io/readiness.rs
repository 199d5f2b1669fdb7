//! The future that waits on the list.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use super::ScheduledIo;
use super::waiters::{Key, Standing};
use super::word::Answer;
use crate::process::Process;
use crate::{Closed, Interest, Ready, ReadyEvent};

/// Waits until a registration is ready; made by
/// [`Registration::ready`](crate::Registration::ready).
///
/// Resolves to the event that ended the wait. Any number may wait on one registration at once; one
/// event tells all whom it concerns.
///
/// # Cancel safety
///
/// Nothing is lost when it is dropped: the readiness stays for whoever asks next.
///
/// # Examples
///
/// ```
/// use io_driver::{Driver, FdSource, Interest, Readiness};
/// use std::{future::Future, io::Write, pin::pin};
/// # use std::{os::unix::net::UnixStream, task::{Context, Waker}};
///
/// # fn main() -> std::io::Result<()> {
/// # let mut driver = Driver::new(16)?;
/// # let (ours, mut peer) = UnixStream::pair()?;
/// # ours.set_nonblocking(true)?;
/// # let mut ours = FdSource::new(ours);
/// # let registration = driver.handle().register(&mut ours, Interest::READABLE)?;
/// # let mut context = Context::from_waker(Waker::noop());
/// let ready: Readiness<'_> = registration.ready(Interest::READABLE);
/// let mut ready = pin!(ready);
/// assert!(ready.as_mut().poll(&mut context).is_pending());
/// peer.write_all(b"hello")?;
/// driver.turn(None, &mut Vec::new())?;
/// assert!(ready.poll(&mut context).is_ready());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a future does nothing unless it is polled"]
pub struct Readiness<'a> {
    io: &'a ScheduledIo,
    process: &'a Process,
    interest: Interest,
    /// An event that has led to nothing: the wait is for a later one.
    refused: Option<ReadyEvent>,
    /// Our place in the list, while we wait.
    key: Option<Key>,
}

impl<'a> Readiness<'a> {
    pub(crate) fn new(
        io: &'a ScheduledIo,
        process: &'a Process,
        interest: Interest,
    ) -> Readiness<'a> {
        Readiness {
            io,
            process,
            interest,
            refused: None,
            key: None,
        }
    }

    /// A wait for what was not told yet with `refused`.
    pub(crate) fn after(
        io: &'a ScheduledIo,
        process: &'a Process,
        interest: Interest,
        refused: Option<ReadyEvent>,
    ) -> Readiness<'a> {
        Readiness {
            refused,
            ..Readiness::new(io, process, interest)
        }
    }

    fn look(&self) -> Option<Answer> {
        let mask = Ready::that_satisfies(self.interest);
        self.io.word.look().news(mask, self.refused)
    }

    fn poll_first(&mut self, waker: &Waker) -> Poll<Answer> {
        if let Some(answer) = self.look() {
            return Poll::Ready(answer);
        }
        if self.process.is_forked() {
            return Poll::Ready(Err(Closed::FORKED));
        }
        let waker = waker.clone();
        self.key = Some(self.io.waiters.lock().join(self.interest, waker));
        // Look again: an event between the first look and the lock has found nobody to wake.
        match self.look() {
            Some(answer) => self.finish(answer),
            None => Poll::Pending,
        }
    }

    fn poll_again(&mut self, key: Key, waker: &Waker) -> Poll<Answer> {
        if self.process.is_forked() {
            return Poll::Ready(Err(Closed::FORKED));
        }
        let standing = self.io.waiters.lock().standing(key, waker);
        match standing {
            Standing::Notified(answer) => self.finish(answer),
            Standing::Waiting => Poll::Pending,
            Standing::WaitingWithAnotherWaker => self.wait_with(key, waker.clone()),
        }
    }

    fn wait_with(&mut self, key: Key, waker: Waker) -> Poll<Answer> {
        let (unneeded, answer) = self.io.waiters.lock().replace_waker(key, waker);
        drop(unneeded);
        match answer {
            Some(answer) => self.finish(answer),
            None => Poll::Pending,
        }
    }

    fn finish(&mut self, answer: Answer) -> Poll<Answer> {
        self.leave();
        Poll::Ready(answer)
    }

    fn leave(&mut self) {
        // In a fork the lock may be held by a thread that is not there: its copy of the waker is leaked.
        if let Some(key) = self.key.take().filter(|_| !self.process.is_forked()) {
            let unneeded = self.io.waiters.lock().leave(key);
            drop(unneeded);
        }
    }
}

impl Future for Readiness<'_> {
    type Output = io::Result<ReadyEvent>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<ReadyEvent>> {
        let me = self.get_mut();
        let answer = match me.key {
            None => me.poll_first(cx.waker()),
            Some(key) => me.poll_again(key, cx.waker()),
        };
        answer.map(|answer| answer.map_err(io::Error::from))
    }
}

impl Drop for Readiness<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}
