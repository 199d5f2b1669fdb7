//! The I/O traits of a file, of both families.

use std::io::{IoSlice, IoSliceMut, Result, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::File;

impl File {
    fn poll_read_with(
        &mut self,
        cx: &mut Context<'_>,
        wanted: usize,
        take: impl FnOnce(&[u8]) -> usize,
    ) -> Poll<Result<usize>> {
        let sizes = (wanted, self.max_buf_size);
        let operations = self.operations.get_mut();
        operations.poll_read(cx, &self.shared, sizes, take)
    }

    fn poll_write_slices(
        &mut self,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        let operations = self.operations.get_mut();
        operations.poll_write(cx, &self.shared, self.max_buf_size, slices)
    }

    fn poll_flush_writes(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.operations.get_mut().poll_flush(cx)
    }
}

impl futures_io::AsyncRead for File {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<Result<usize>> {
        self.poll_read_vectored(cx, &mut [IoSliceMut::new(buf)])
    }

    fn poll_read_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
    ) -> Poll<Result<usize>> {
        let wanted = bufs.iter().map(|buf| buf.len()).sum();
        let take = |unread: &[u8]| scatter(unread, bufs);
        self.get_mut().poll_read_with(cx, wanted, take)
    }
}

/// Copies as much as there is room for.
fn scatter(mut bytes: &[u8], bufs: &mut [IoSliceMut<'_>]) -> usize {
    let there = bytes.len();
    for buf in bufs {
        let (now, later) = bytes.split_at(bytes.len().min(buf.len()));
        buf[..now.len()].copy_from_slice(now);
        bytes = later;
    }
    there - bytes.len()
}

/// Closing flushes; the descriptor is closed when the file is dropped.
impl futures_io::AsyncWrite for File {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.get_mut().poll_write_slices(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.get_mut().poll_write_slices(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_flush_writes(cx)
    }

    fn poll_close(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_flush_writes(cx)
    }
}

impl futures_io::AsyncSeek for File {
    fn poll_seek(self: Pin<&mut Self>, cx: &mut Context<'_>, to: SeekFrom) -> Poll<Result<u64>> {
        let this = self.get_mut();
        this.operations.get_mut().poll_seek(cx, &this.shared, to)
    }
}

#[cfg(feature = "tokio-io")]
impl tokio::io::AsyncRead for File {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut tokio::io::ReadBuf<'_>,
    ) -> Poll<Result<()>> {
        let wanted = buf.remaining();
        let take = |unread: &[u8]| {
            let n = unread.len().min(wanted);
            buf.put_slice(&unread[..n]);
            n
        };
        let read = self.get_mut().poll_read_with(cx, wanted, take);
        read.map_ok(|_| ())
    }
}

/// Shutting down flushes; the descriptor is closed when the file is dropped.
#[cfg(feature = "tokio-io")]
impl tokio::io::AsyncWrite for File {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        self.get_mut().poll_write_slices(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<Result<usize>> {
        self.get_mut().poll_write_slices(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_flush_writes(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        self.get_mut().poll_flush_writes(cx)
    }
}

#[cfg(feature = "tokio-io")]
impl tokio::io::AsyncSeek for File {
    fn start_seek(self: Pin<&mut Self>, to: SeekFrom) -> Result<()> {
        let this = self.get_mut();
        this.operations.get_mut().start_seek(&this.shared, to)
    }

    fn poll_complete(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<u64>> {
        self.get_mut().operations.get_mut().poll_sought(cx)
    }
}
