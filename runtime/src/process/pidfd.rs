//! A descriptor that stands for a child, and that is readable once the child has ended. Only Linux has it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Child;

/// Fails where there is no such thing, where a filter forbids it, and if no descriptor is left.
///
/// The child must not be reaped: its id may be another's then.
#[cfg(target_os = "linux")]
pub(super) fn open(child: &Child) -> io::Result<OwnedFd> {
    use rustix::process::{Pid, PidfdFlags, pidfd_open};

    Ok(pidfd_open(Pid::from_child(child), PidfdFlags::empty())?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open(_: &Child) -> io::Result<OwnedFd> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the process has ended, reaped or not.
#[cfg(target_os = "linux")]
pub(super) fn has_ended(pidfd: impl AsFd) -> io::Result<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let at_once = Timespec::default();
    let mut looks = [PollFd::new(&pidfd, PollFlags::IN)];
    let ready = rustix::io::retry_on_intr(|| poll(&mut looks, Some(&at_once)))?;
    Ok(ready > 0)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn has_ended(_: impl AsFd) -> io::Result<bool> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Kills the process that the descriptor stands for, and no other even if somebody has reaped it.
#[cfg(target_os = "linux")]
pub(super) fn kill(pidfd: impl AsFd) -> io::Result<()> {
    use rustix::process::{Signal, pidfd_send_signal};

    Ok(pidfd_send_signal(pidfd, Signal::KILL)?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kill(_: impl AsFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
