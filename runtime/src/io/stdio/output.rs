//! Writes to a standard stream through the blocking pool, one at a time.

use std::io::{self, IoSlice};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use super::target::Target;
use crate::io::cooperative::poll_with_budget;
use crate::raw_task::{JoinHandle, Meta};
use crate::scheduler::{AtShutdown, context, shutting_down};

/// The most bytes that one write accepts.
const MOST_BYTES: usize = 64 * 1024;

/// A target, and the write to it that is under way.
///
/// A write is accepted as soon as the one before is done, and is under way from then on. How it ended is
/// told to the next one, or to a flush.
pub(super) struct Output {
    target: Target,
    under_way: Option<JoinHandle<(Vec<u8>, io::Result<()>)>>,
    /// The buffer of the last write, to be used again.
    spare: Vec<u8>,
}

impl Output {
    pub(super) fn to(target: Target) -> Output {
        Output {
            target,
            under_way: None,
            spare: Vec::new(),
        }
    }

    /// Waits until no write is under way, and answers how the last one ended.
    pub(super) fn poll_idle(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(write) = &mut self.under_way else {
            return Poll::Ready(Ok(()));
        };
        let ended = ready!(Pin::new(write).poll(cx));
        self.under_way = None;
        Poll::Ready(match ended {
            Ok((buffer, result)) => {
                self.spare = buffer;
                result
            }
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            // The runtime ended, and had no thread to make the write.
            Err(_) => Err(shutting_down()),
        })
    }

    #[track_caller]
    fn start(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut bytes = std::mem::take(&mut self.spare);
        bytes.clear();
        for buf in bufs {
            let room = MOST_BYTES - bytes.len();
            bytes.extend_from_slice(&buf[..room.min(buf.len())]);
        }
        let accepted = bytes.len();
        let target = self.target;
        let write = move || {
            let result = target.write(&bytes);
            (bytes, result)
        };
        let meta = Meta::here(Some(target.name_of_write().into()));
        // Once accepted it is made, also by a runtime that shuts down: its user may have been told so.
        let write = context::current().try_spawn_blocking(write, meta, AtShutdown::Run)?;
        self.under_way = Some(write);
        Ok(accepted)
    }

    pub(super) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        poll_with_budget(cx, |cx| {
            ready!(self.poll_idle(cx))?;
            Poll::Ready(self.start(bufs))
        })
    }
}

/// A public handle `$handle` around an [`Output`] in its field `output`, and std's in `handle`.
macro_rules! impl_output {
    ($handle:ident) => {
        const _: () = {
            use ::std::io::{IoSlice, Result};
            use ::std::pin::Pin;
            use ::std::task::{Context, Poll};

            impl $crate::io::AsyncWrite for $handle {
                fn poll_write(
                    mut self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    buf: &[u8],
                ) -> Poll<Result<usize>> {
                    self.output.poll_write(cx, &[IoSlice::new(buf)])
                }

                fn poll_write_vectored(
                    mut self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                    bufs: &[IoSlice<'_>],
                ) -> Poll<Result<usize>> {
                    self.output.poll_write(cx, bufs)
                }

                fn is_write_vectored(&self) -> bool {
                    true
                }

                fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
                    self.output.poll_idle(cx)
                }

                fn poll_shutdown(
                    mut self: Pin<&mut Self>,
                    cx: &mut Context<'_>,
                ) -> Poll<Result<()>> {
                    self.output.poll_idle(cx)
                }
            }
        };

        $crate::io::families::impl_families!(write $handle);

        impl ::std::os::fd::AsFd for $handle {
            fn as_fd(&self) -> ::std::os::fd::BorrowedFd<'_> {
                self.handle.as_fd()
            }
        }

        impl ::std::os::fd::AsRawFd for $handle {
            fn as_raw_fd(&self) -> ::std::os::fd::RawFd {
                self.handle.as_raw_fd()
            }
        }

        impl ::std::fmt::Debug for $handle {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($handle)).finish_non_exhaustive()
            }
        }
    };
}

pub(super) use impl_output;
