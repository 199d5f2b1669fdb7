//! How the end of a child comes to be heard of.

use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::task::{Context, Poll, ready};

use io_driver::{Direction, FdSource};

use super::pidfd;
use crate::io::{Evented, Interest};
use crate::signal::unix::{Signal, SignalKind, signal};

/// Who tells of the end.
#[derive(Debug)]
pub(super) enum Teller {
    /// The reactor, which watches the child itself.
    Pidfd(Evented<FdSource<OwnedFd>>),
    /// `SIGCHLD`, which says that some child has ended or stopped. Listened for from the first wait on.
    Sigchld(Option<Signal>),
}

impl Teller {
    /// The best that can be had for `child`.
    #[track_caller]
    pub(super) fn of(child: &Child) -> Self {
        let watched = pidfd::open(child)
            .and_then(|pidfd| Evented::new(FdSource::new(pidfd), Interest::READABLE));
        match watched {
            Ok(pidfd) => Teller::Pidfd(pidfd),
            Err(_) => Teller::Sigchld(None),
        }
    }

    /// Waits for the end, and reaps the child.
    pub(super) fn poll_end(
        &mut self,
        child: &mut Child,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<ExitStatus>> {
        match self {
            // A child that is being traced may have ended without being ours to reap yet.
            Teller::Pidfd(pidfd) => pidfd.poll_io(cx, Direction::Read, || {
                let status = child.try_wait()?;
                status.ok_or_else(|| io::ErrorKind::WouldBlock.into())
            }),
            Teller::Sigchld(listener) => {
                let listener = match listener {
                    Some(listener) => listener,
                    None => listener.insert(signal(SignalKind::child())?),
                };
                poll_end_by_signals(child, listener, cx)
            }
        }
    }

    /// Kills the child, which is not reaped.
    pub(super) fn kill(&self, child: &mut Child) -> io::Result<()> {
        match self {
            Teller::Pidfd(pidfd) => kill_by_either(pidfd.get_ref(), child),
            Teller::Sigchld(_) => child.kill(),
        }
    }
}

/// By the descriptor, which hits no stranger whatever others have done; by the id if a filter refuses that.
fn kill_by_either(pidfd: &OwnedFd, child: &mut Child) -> io::Result<()> {
    match pidfd::kill(pidfd) {
        Err(error) if is_refusal(&error) => {
            // Reaped by others it has ended, too, and its id is not to be used.
            if pidfd::has_ended(pidfd)? {
                return Ok(());
            }
            // If it was another user's process that refused, so it does here.
            child.kill()
        }
        result => result,
    }
}

/// Filters answer with these. `ESRCH` is none: the child has been reaped by others.
fn is_refusal(error: &io::Error) -> bool {
    let refusals = [libc::EPERM, libc::EACCES, libc::ENOSYS];
    error
        .raw_os_error()
        .is_some_and(|error| refusals.contains(&error))
}

/// The listener is asked before the child: if the child ends in between, the next signal wakes us.
fn poll_end_by_signals(
    child: &mut Child,
    listener: &mut Signal,
    cx: &mut Context<'_>,
) -> Poll<io::Result<ExitStatus>> {
    loop {
        let heard = listener.try_poll_recv(cx)?;
        if let Some(status) = child.try_wait()? {
            return Poll::Ready(Ok(status));
        }
        ready!(heard);
    }
}
