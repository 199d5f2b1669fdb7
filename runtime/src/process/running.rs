//! A child that is not reaped, and what becomes of it if nobody waits.

use std::io;
use std::process::{Child, ExitStatus};
use std::task::{Context, Poll};

use io_driver::Closed;

use super::end::Teller;
use super::orphans::{self, Orphan};
use crate::current::Origin;
use crate::scheduler::context;

/// A child of this process. When dropped it is killed, if so wished, and reaped sooner or later.
#[derive(Debug)]
pub(super) struct Running {
    /// `None` only while it is dropped.
    child: Option<Child>,
    teller: Teller,
    origin: Origin,
    pub(super) kill_on_drop: bool,
}

impl Running {
    pub(super) fn new(child: Child, teller: Teller, kill_on_drop: bool) -> Self {
        Running {
            child: Some(child),
            teller,
            origin: Origin::here(),
            kill_on_drop,
        }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.as_ref().expect(IN_THERE).id()
    }

    pub(super) fn kill(&mut self) -> io::Result<()> {
        if !self.origin.is_here() {
            return Err(io::Error::other(
                "this process is a fork, and the child is its parent's to kill",
            ));
        }
        self.teller.kill(self.child.as_mut().expect(IN_THERE))
    }

    /// Reaps the child if it has ended. Do not ask again after `Some`.
    pub(super) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.as_mut().expect(IN_THERE).try_wait()
    }

    /// Waits for the end, and reaps the child. Do not poll again after `Ok`.
    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<ExitStatus>> {
        let child = self.child.as_mut().expect(IN_THERE);
        match self.teller.poll_end(child, cx) {
            // The teller may be gone with its runtime; the end is there to be seen all the same.
            Poll::Ready(Err(error)) => match child.try_wait() {
                Ok(Some(status)) => Poll::Ready(Ok(status)),
                // Who waits is in another runtime, which can tell as well.
                Ok(None)
                    if is_of_a_runtime_that_is_gone(&error) && context::try_current().is_some() =>
                {
                    self.teller = Teller::of(child);
                    self.teller.poll_end(child, cx)
                }
                _ => Poll::Ready(Err(error)),
            },
            polled => polled,
        }
    }
}

fn is_of_a_runtime_that_is_gone(error: &io::Error) -> bool {
    Closed::of(error).is_some_and(|closed| closed.is_shutdown())
}

const IN_THERE: &str = "the child is in there until it is dropped";

impl Drop for Running {
    fn drop(&mut self) {
        // A fork has a copy of this value, and the child is its sibling.
        if !self.origin.is_here() {
            return;
        }
        // An error: somebody else has reaped it, and the id may be another's.
        if !matches!(self.try_wait(), Ok(None)) {
            return orphans::try_again();
        }
        if self.kill_on_drop {
            // An error: it runs as another user now. It is reaped if it ends.
            let _ = self.kill();
        }
        orphans::take_in(Orphan::new(self.child.take().expect(IN_THERE)));
    }
}
