//! A stream for tests that answers as it was told, and notes what it was asked.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Ends when it is read, and takes everything, once it has given its answers.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) reads: VecDeque<Answer<&'static [u8]>>,
    pub(super) writes: VecDeque<Answer<usize>>,
    pub(super) is_write_vectored: bool,
    pub(super) asked: Vec<String>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Answer<T> {
    Ready(T),
    Pending,
    Error(io::ErrorKind),
}

impl Script {
    pub(super) fn reading(reads: &[Answer<&'static [u8]>]) -> Script {
        Script {
            reads: reads.iter().copied().collect(),
            ..Script::default()
        }
    }

    pub(super) fn writing(writes: &[Answer<usize>]) -> Script {
        Script {
            writes: writes.iter().copied().collect(),
            ..Script::default()
        }
    }

    fn write(&mut self, name: &str, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let text = String::from_utf8_lossy(bytes);
        self.asked.push(format!("{name} {text}"));
        let answer = self.writes.pop_front();
        answer.unwrap_or(Answer::Ready(bytes.len())).into()
    }
}

impl<T> From<Answer<T>> for Poll<io::Result<T>> {
    fn from(answer: Answer<T>) -> Poll<io::Result<T>> {
        match answer {
            Answer::Ready(value) => Poll::Ready(Ok(value)),
            Answer::Pending => Poll::Pending,
            Answer::Error(kind) => Poll::Ready(Err(kind.into())),
        }
    }
}

impl AsyncRead for Script {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let answer = self.reads.pop_front().unwrap_or(Answer::Ready(b""));
        let answer: Poll<io::Result<&[u8]>> = answer.into();
        answer.map_ok(|bytes| buf.put_slice(bytes))
    }
}

impl AsyncWrite for Script {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write("write", buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let bytes: Vec<_> = bufs.iter().flat_map(|buf| buf.iter().copied()).collect();
        self.write("write vectored", &bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.is_write_vectored
    }

    fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.asked.push("flush".into());
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.asked.push("shutdown".into());
        Poll::Ready(Ok(()))
    }
}
