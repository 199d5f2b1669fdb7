//! A descriptor that stands for a child, and that is readable once the child has ended. Only Linux has it.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::Child;

/// Fails where there is no such thing, where a filter forbids it, and if no descriptor is left.
///
/// The child must not be reaped: its id may be another's then.
#[cfg(target_os = "linux")]
pub(super) fn open(child: &Child) -> io::Result<OwnedFd> {
    use std::os::fd::{FromRawFd, RawFd};

    let flags: libc::c_uint = 0;
    // SAFETY: the call takes two numbers. By its number, as not every C library has it.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, child.id() as libc::pid_t, flags) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system has just opened it for us, and nobody else knows of it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd as RawFd) })
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open(_: &Child) -> io::Result<OwnedFd> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether the process has ended, reaped or not.
#[cfg(target_os = "linux")]
pub(super) fn has_ended(pidfd: impl AsFd) -> io::Result<bool> {
    use crate::util::system::readiness::{Look, look};

    Ok(look(&mut [Look::for_reading(&pidfd)])? > 0)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn has_ended(_: impl AsFd) -> io::Result<bool> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Kills the process that the descriptor stands for, and no other even if somebody has reaped it.
#[cfg(target_os = "linux")]
pub(super) fn kill(pidfd: impl AsFd) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    let fd = pidfd.as_fd().as_raw_fd();
    let as_kill_does = std::ptr::null_mut::<libc::siginfo_t>();
    let flags: libc::c_uint = 0;
    // SAFETY: the descriptor is borrowed, so it is open; the null pointer stands for what `kill` would tell the process.
    let sent = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            fd,
            libc::SIGKILL,
            as_kill_does,
            flags,
        )
    };
    match sent {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kill(_: impl AsFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
