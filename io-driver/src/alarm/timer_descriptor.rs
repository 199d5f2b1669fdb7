//! Linux's timerfd, which neither the standard library nor mio has: the one file of this crate with `unsafe` code.
#![allow(unsafe_code, reason = "two calls of the system")]

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

/// A descriptor that becomes readable when its time has come.
#[derive(Debug)]
pub(super) struct TimerDescriptor(OwnedFd);

impl TimerDescriptor {
    /// Child processes do not inherit it.
    pub(super) fn new() -> io::Result<TimerDescriptor> {
        let flags = libc::TFD_CLOEXEC | libc::TFD_NONBLOCK;
        // SAFETY: the call takes two numbers.
        let fd = unsafe { libc::timerfd_create(libc::CLOCK_MONOTONIC, flags) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the system has just opened it for us, and nobody else knows of it.
        Ok(TimerDescriptor(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Sets the timer, once, and forgets what it was set to before. Decades are cut short: it rings early then.
    pub(super) fn ring_after(&self, duration: Duration) -> io::Result<()> {
        // SAFETY: a time of zeroes is one.
        let mut once: libc::itimerspec = unsafe { std::mem::zeroed() };
        // Zero would disarm the timer.
        let duration = duration.max(Duration::from_nanos(1));
        once.it_value.tv_sec = duration.as_secs().min(i32::MAX as u64) as _;
        once.it_value.tv_nsec = duration.subsec_nanos() as libc::c_long;
        // SAFETY: the descriptor is open as long as we own it; the system reads one time, and writes none to the null pointer.
        match unsafe { libc::timerfd_settime(self.0.as_raw_fd(), 0, &once, std::ptr::null_mut()) } {
            0 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl AsFd for TimerDescriptor {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
