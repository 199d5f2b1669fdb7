//! Bytes on their way from one writer to one reader.
//!
//! A pipe is plain state: [`shared`](super::shared) puts a lock around it. A waker's clone, drop and wake are
//! user code, and no function here runs any: wakers come in cloned already, and go out to be woken or
//! dropped when the lock is free.
//!
//! | the pipe is | a reader | a writer |
//! |---|---|---|
//! | empty, open | waits | writes |
//! | in between, open | reads | writes |
//! | full, open | reads | waits |
//! | closed, with bytes left | reads | fails |
//! | closed, empty | is at the end | fails |
//!
//! Each side keeps the waker of its last poll. Closing cannot be undone, and either side may do it.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::task::Waker;

use crate::io::ReadBuf;

/// The books of one direction.
pub(super) struct Pipe {
    bytes: VecDeque<u8>,
    /// The most bytes that may wait here.
    limit: usize,
    closed: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// What `Debug` tells of a pipe.
#[derive(Debug)]
#[allow(dead_code, reason = "read by the derived `Debug`")]
pub(super) struct Description {
    len: usize,
    limit: usize,
    closed: bool,
}

/// Who waits.
#[derive(Clone, Copy, Debug)]
pub(super) enum Side {
    Reader,
    Writer,
}

/// What a step answers, whom it lets go on, and whose waker has become useless.
#[must_use = "somebody may have to be woken"]
pub(super) struct Step<T> {
    pub(super) answer: io::Result<T>,
    pub(super) woken: Option<Waker>,
    pub(super) useless: Option<Waker>,
}

impl<T> Step<T> {
    fn done(answer: io::Result<T>, woken: Option<Waker>) -> Step<T> {
        Step {
            answer,
            woken,
            useless: None,
        }
    }
}

impl Pipe {
    pub(super) fn new(limit: usize) -> Pipe {
        Pipe {
            bytes: VecDeque::new(),
            limit,
            closed: false,
            reader: None,
            writer: None,
        }
    }

    /// Fills `buf` as far as there are bytes; `None` if the reader has to wait.
    pub(super) fn take(&mut self, buf: &mut ReadBuf<'_>) -> Option<Step<()>> {
        let taken = buf.remaining().min(self.bytes.len());
        if taken == 0 && !self.closed {
            return None;
        }
        let (front, back) = self.bytes.as_slices();
        let from_front = taken.min(front.len());
        buf.put_slice(&front[..from_front]);
        buf.put_slice(&back[..taken - from_front]);
        self.bytes.drain(..taken);
        Some(Step::done(Ok(()), self.writer.take()))
    }

    /// Accepts as many bytes of `bufs` as there is room for; `None` if the writer has to wait.
    pub(super) fn put(&mut self, bufs: &[IoSlice<'_>]) -> Option<Step<usize>> {
        if self.closed {
            return Some(Step::done(Err(io::ErrorKind::BrokenPipe.into()), None));
        }
        let room = self.limit - self.bytes.len();
        if room == 0 && bufs.iter().any(|buf| !buf.is_empty()) {
            return None;
        }
        let mut left = room;
        for buf in bufs {
            let accepted = left.min(buf.len());
            self.bytes.extend(&buf[..accepted]);
            left -= accepted;
        }
        let woken = if left < room {
            self.reader.take()
        } else {
            None
        };
        Some(Step::done(Ok(room - left), woken))
    }

    /// Whether `side` waits with a waker that wakes the same task.
    pub(super) fn is_waited_for(&self, side: Side, waker: &Waker) -> bool {
        let place = match side {
            Side::Reader => &self.reader,
            Side::Writer => &self.writer,
        };
        place.as_ref().is_some_and(|kept| kept.will_wake(waker))
    }

    /// Returns the waker that was there before.
    #[must_use = "its drop is user code"]
    pub(super) fn wait(&mut self, side: Side, waker: Waker) -> Option<Waker> {
        let place = match side {
            Side::Reader => &mut self.reader,
            Side::Writer => &mut self.writer,
        };
        place.replace(waker)
    }

    /// Ends the stream: the reader gets what is left and then the end.
    pub(super) fn close(&mut self) -> Step<()> {
        self.closed = true;
        Step {
            answer: Ok(()),
            woken: self.reader.take(),
            useless: self.writer.take(),
        }
    }

    /// Nobody will read any more: throws away what is left, and the writer fails.
    pub(super) fn abandon(&mut self) -> Step<()> {
        self.closed = true;
        self.bytes = VecDeque::new();
        Step {
            answer: Ok(()),
            woken: self.writer.take(),
            useless: self.reader.take(),
        }
    }

    pub(super) fn describe(&self) -> Description {
        Description {
            len: self.bytes.len(),
            limit: self.limit,
            closed: self.closed,
        }
    }
}
