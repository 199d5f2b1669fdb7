//! A pipe behind a lock, under which no waker is cloned, woken or dropped.
//!
//! A waker may own the other end of the pipe, or write to it as it is woken. Under the lock that would be a
//! wait for oneself.

use std::fmt;
use std::io::{self, IoSlice};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::{Context, Poll};

use super::pipe::{Pipe, Side, Step};
use crate::io::ReadBuf;
use crate::io::cooperative::poll_with_budget;
use crate::primitive::sync::Mutex;
use crate::util::panic::contain;

pub(super) struct SharedPipe(Mutex<Pipe>);

// No user code runs under the lock, so no panic leaves the pipe half changed.
impl UnwindSafe for SharedPipe {}
impl RefUnwindSafe for SharedPipe {}

impl SharedPipe {
    #[track_caller]
    pub(super) fn new(limit: usize) -> SharedPipe {
        assert!(limit > 0, "`max_buf_size` must be greater than 0");
        SharedPipe(Mutex::new(Pipe::new(limit)))
    }

    pub(super) fn poll_read(
        &self,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        poll_with_budget(cx, |cx| self.poll(cx, Side::Reader, |pipe| pipe.take(buf)))
    }

    pub(super) fn poll_write(
        &self,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        poll_with_budget(cx, |cx| self.poll(cx, Side::Writer, |pipe| pipe.put(bufs)))
    }

    pub(super) fn close(&self) -> io::Result<()> {
        let step = self.0.lock().close();
        finish(step)
    }

    pub(super) fn abandon(&self) -> io::Result<()> {
        let step = self.0.lock().abandon();
        finish(step)
    }

    /// Takes a step, or waits until it can be taken.
    fn poll<T>(
        &self,
        cx: &Context<'_>,
        side: Side,
        mut step: impl FnMut(&mut Pipe) -> Option<Step<T>>,
    ) -> Poll<io::Result<T>> {
        let mut pipe = self.0.lock();
        if let Some(step) = step(&mut pipe) {
            drop(pipe);
            return Poll::Ready(finish(step));
        }
        if pipe.is_waited_for(side, cx.waker()) {
            return Poll::Pending;
        }
        drop(pipe);
        let waker = cx.waker().clone();
        let mut pipe = self.0.lock();
        // Once more: the other end may have gone on while the lock was free.
        if let Some(step) = step(&mut pipe) {
            drop(pipe);
            return Poll::Ready(finish(step));
        }
        let displaced = pipe.wait(side, waker);
        drop(pipe);
        drop(displaced);
        Poll::Pending
    }
}

impl fmt::Debug for SharedPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The sink is user code: not under the lock.
        let described = self.0.lock().describe();
        described.fmt(f)
    }
}

/// Wakes whom the step concerns. Not to be called under a lock.
fn finish<T>(step: Step<T>) -> io::Result<T> {
    if let Some(waker) = step.woken {
        contain(|| waker.wake());
    }
    contain(|| drop(step.useless));
    step.answer
}
