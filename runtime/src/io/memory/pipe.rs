//! Bytes on their way from one writer to one reader.
//!
//! A pipe is plain state: who shares it puts a lock around it. A step never wakes anybody, as wakers are
//! user code; it says whom to wake when the lock is free.
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
use std::fmt;
use std::io::{self, IoSlice};
use std::task::{Context, Poll, Waker};

use crate::io::copied::Put;
use crate::util::panic::contain;

/// The books of one direction.
pub(super) struct Pipe {
    bytes: VecDeque<u8>,
    /// The most bytes that may wait here.
    limit: usize,
    closed: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// What a step answers, and whom it lets go on.
#[must_use = "somebody may have to be woken"]
pub(super) struct Step<T> {
    answer: Poll<io::Result<T>>,
    woken: Option<Waker>,
}

impl<T> Step<T> {
    fn done(answer: io::Result<T>, woken: Option<Waker>) -> Step<T> {
        Step {
            answer: Poll::Ready(answer),
            woken,
        }
    }

    fn waiting(place: &mut Option<Waker>, cx: &Context<'_>) -> Step<T> {
        match place {
            Some(waker) => waker.clone_from(cx.waker()),
            None => *place = Some(cx.waker().clone()),
        }
        Step {
            answer: Poll::Pending,
            woken: None,
        }
    }

    /// Wakes whom the step concerns. Not to be called under a lock.
    pub(super) fn finish(self) -> Poll<io::Result<T>> {
        if let Some(waker) = self.woken {
            contain(|| waker.wake());
        }
        self.answer
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

    /// Passes up to `wanted` bytes to `put`.
    pub(super) fn take(&mut self, cx: &Context<'_>, wanted: usize, put: Put<'_>) -> Step<()> {
        let taken = wanted.min(self.bytes.len());
        if taken == 0 && !self.closed {
            return Step::waiting(&mut self.reader, cx);
        }
        let (front, back) = self.bytes.as_slices();
        let from_front = taken.min(front.len());
        put(&front[..from_front]);
        put(&back[..taken - from_front]);
        self.bytes.drain(..taken);
        Step::done(Ok(()), self.writer.take())
    }

    /// Accepts as many bytes of `bufs` as there is room for.
    pub(super) fn put(&mut self, cx: &Context<'_>, bufs: &[IoSlice<'_>]) -> Step<usize> {
        if self.closed {
            return Step::done(Err(io::ErrorKind::BrokenPipe.into()), None);
        }
        let room = self.limit - self.bytes.len();
        if room == 0 {
            return Step::waiting(&mut self.writer, cx);
        }
        let mut left = room;
        for buf in bufs {
            let accepted = left.min(buf.len());
            self.bytes.extend(&buf[..accepted]);
            left -= accepted;
        }
        Step::done(Ok(room - left), self.reader.take())
    }

    /// Ends the stream: the reader gets what is left and then the end.
    pub(super) fn close(&mut self) -> Step<()> {
        self.closed = true;
        self.writer = None;
        Step::done(Ok(()), self.reader.take())
    }

    /// Nobody will read any more: throws away what is left, and the writer fails.
    pub(super) fn abandon(&mut self) -> Step<()> {
        self.closed = true;
        self.bytes = VecDeque::new();
        self.reader = None;
        Step::done(Ok(()), self.writer.take())
    }
}

impl fmt::Debug for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipe")
            .field("len", &self.bytes.len())
            .field("limit", &self.limit)
            .field("closed", &self.closed)
            .finish()
    }
}
