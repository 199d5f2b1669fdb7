//! The operations on a file, one after another: start one, wait for it, keep what it leaves.

use std::future::poll_fn;
use std::io::{self, IoSlice, SeekFrom};
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::shared::SharedFile;
use crate::coop;
use crate::fs::hop;
use crate::primitive::sync::Arc;
use crate::raw_task::JoinHandle;
use crate::scheduler::AtShutdown;
use crate::sync::oneshot;

/// The operation under way, and what earlier ones have left.
#[derive(Debug, Default)]
pub(super) struct Operations {
    under_way: Option<JoinHandle<Completed>>,
    /// Of a write that was accepted; the next write or flush answers with it.
    write_error: Option<io::Error>,
    /// Where the last seek has led.
    position: u64,
    /// The memory of the last write, for the next.
    storage: Vec<u8>,
}

#[derive(Debug)]
enum Completed {
    /// What was read is in the buffer.
    Read(io::Result<()>),
    Write(io::Result<()>, Vec<u8>),
    Seek(SeekFrom, io::Result<u64>),
    /// The answer went another way.
    Call,
}

/// What an operation that has ended says to the one who asked for it, if they are still there.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "futures-io"),
    allow(dead_code, reason = "its seek alone asks where to")
)]
enum Answer {
    Read(io::Result<()>),
    Seek(SeekFrom, io::Result<u64>),
}

impl Operations {
    /// Shows `take` what there is to read, which answers how much of it was taken. If there is
    /// nothing, reads first. `wanted` is the most that `take` takes.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Arc<SharedFile>,
        (wanted, limit): (usize, usize),
        take: impl FnOnce(&[u8]) -> usize,
    ) -> Poll<io::Result<usize>> {
        if wanted == 0 {
            return Poll::Ready(Ok(0));
        }
        loop {
            let has_read = match ready!(self.poll_answer(cx))? {
                Some(Answer::Read(result)) => result.map(|()| true)?,
                _ => false,
            };
            if has_read || shared.has_unread() {
                ready!(coop::poll_proceed(cx)).made_progress();
                return Poll::Ready(Ok(shared.take_unread(take)));
            }
            self.start(shared, move |shared| {
                Completed::Read(shared.read(wanted, limit))
            })?;
        }
    }

    /// Accepts bytes to be written, as soon as the operation before is over.
    pub(super) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Arc<SharedFile>,
        limit: usize,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_flush(cx))?;
        let mut bytes = mem::take(&mut self.storage);
        copy(slices, limit, &mut bytes);
        let n = bytes.len();
        if n > 0 {
            self.start(shared, move |shared| {
                Completed::Write(shared.write(&bytes), bytes)
            })?;
        }
        Poll::Ready(Ok(n))
    }

    /// Waits for the operation under way, and answers with the error of a write.
    pub(super) fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_answer(cx))?;
        Poll::Ready(self.take_write_error())
    }

    #[cfg(feature = "futures-io")]
    pub(super) fn poll_seek(
        &mut self,
        cx: &mut Context<'_>,
        shared: &Arc<SharedFile>,
        to: SeekFrom,
    ) -> Poll<io::Result<u64>> {
        loop {
            match ready!(self.poll_answer(cx))? {
                // If it is that of an earlier seek which was dropped: that one was never made then.
                Some(Answer::Seek(target, position)) if target == to => {
                    return Poll::Ready(position);
                }
                _ => {}
            }
            self.start_seek(shared, to)?;
            if self.under_way.is_none() {
                return Poll::Ready(Ok(self.position));
            }
        }
    }

    /// Starts to seek, or does it at once. No operation may be under way.
    pub(super) fn start_seek(&mut self, shared: &Arc<SharedFile>, to: SeekFrom) -> io::Result<()> {
        if self.under_way.is_some() {
            return Err(io::Error::other(
                "an operation on this file is under way: call `poll_complete` before `start_seek`",
            ));
        }
        match shared.try_seek_here(to) {
            Some(position) => self.position = position?,
            None => self.start(shared, move |shared| Completed::Seek(to, shared.seek(to)))?,
        }
        Ok(())
    }

    /// Waits for the seek under way, and answers where the last one has led.
    pub(super) fn poll_sought(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<u64>> {
        Poll::Ready(match ready!(self.poll_answer(cx))? {
            Some(Answer::Seek(_, position)) => position,
            _ => Ok(self.position),
        })
    }

    /// Waits until nothing is under way. What fails is left to the next write or flush.
    pub(super) async fn settle(&mut self) {
        if let Err(lost) = poll_fn(|cx| self.poll_answer(cx)).await {
            self.write_error.get_or_insert(lost);
        }
    }

    pub(super) fn take_write_error(&mut self) -> io::Result<()> {
        self.write_error.take().map_or(Ok(()), Err)
    }

    /// Makes a call when nothing else is under way, and waits for its answer.
    pub(super) async fn call<R: Send + 'static>(
        &mut self,
        shared: &Arc<SharedFile>,
        call: impl FnOnce(&SharedFile) -> io::Result<R> + Send + 'static,
    ) -> io::Result<R> {
        self.settle().await;
        let (question, mut answer) = oneshot::channel();
        self.start(shared, move |shared| {
            let _ = question.send(call(shared));
            Completed::Call
        })?;
        poll_fn(|cx| self.poll_answer(cx)).await?;
        answer.try_recv().expect("the call was made")
    }

    /// Once accepted, an operation is made, also by a runtime that shuts down: its user may have
    /// been told that the bytes are written.
    fn start(
        &mut self,
        shared: &Arc<SharedFile>,
        operation: impl FnOnce(&SharedFile) -> Completed + Send + 'static,
    ) -> io::Result<()> {
        debug_assert!(self.under_way.is_none());
        let shared = shared.clone();
        self.under_way = Some(hop::start(move || operation(&shared), AtShutdown::Run)?);
        Ok(())
    }

    /// Waits until nothing is under way, and keeps what concerns the file. Fails if the
    /// operation was accepted and could not be made.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<Option<Answer>>> {
        let Some(under_way) = &mut self.under_way else {
            return Poll::Ready(Ok(None));
        };
        let joined = ready!(Pin::new(under_way).poll(cx));
        self.under_way = None;
        Poll::Ready(hop::landed(joined).map(|outcome| self.keep(outcome)))
    }

    fn keep(&mut self, outcome: Completed) -> Option<Answer> {
        match outcome {
            Completed::Read(result) => return Some(Answer::Read(result)),
            Completed::Write(result, storage) => {
                self.storage = storage;
                self.write_error = result.err();
            }
            Completed::Seek(to, result) => {
                if let Ok(position) = result {
                    self.position = position;
                }
                return Some(Answer::Seek(to, result));
            }
            Completed::Call => {}
        }
        None
    }
}

/// Copies as many bytes as `limit` allows.
fn copy(slices: &[IoSlice<'_>], limit: usize, bytes: &mut Vec<u8>) {
    bytes.clear();
    for slice in slices {
        let n = slice.len().min(limit - bytes.len());
        bytes.extend_from_slice(&slice[..n]);
    }
}
