//! The signal that asks a thread for its stack.
//!
//! It is the first real-time signal, from `SIGRTMIN` on, for which the process has no handler when
//! the first report is near. Nobody's handler is replaced: should one have been installed in between, it
//! is put back and the next signal is tried. If all are taken there are no stacks. Before each signal is sent, a look
//! whether the handler still is ours: a program that installs its own later gets none of our signals, but for one that
//! was on its way.
//!
//! The handler stays installed for good: without it a late signal would end the process.

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use super::registers::Registers;
use crate::primitive::sync::OnceLock;

/// A thread, as the system numbers it.
pub(super) type ThreadId = libc::pid_t;

/// A signal whose handler is ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signal(c_int);

/// The signal, chosen when it is first needed.
pub(super) fn ours() -> Option<Signal> {
    static OURS: OnceLock<Option<Signal>> = OnceLock::new();
    *OURS.get_or_init(|| {
        (libc::SIGRTMIN()..=libc::SIGRTMAX())
            .map(Signal)
            .find(|signal| signal.occupy())
    })
}

pub(super) fn this_thread() -> ThreadId {
    // SAFETY: it has no arguments and cannot fail.
    let id = unsafe { libc::syscall(libc::SYS_gettid) };
    id as ThreadId
}

impl Signal {
    /// Sends it to a thread of this process, if the handler is still ours.
    pub(super) fn send(self, thread: ThreadId) {
        if self.handler() != Some(ours_as_number()) {
            return;
        }
        // SAFETY: numbers only. A thread that is no more is an error, which means no answer.
        unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, self.0) };
    }

    #[cfg(test)]
    pub(super) fn number(self) -> c_int {
        self.0
    }

    /// Installs the handler if there is none; whether it did.
    fn occupy(self) -> bool {
        if self.handler() != Some(libc::SIG_DFL) {
            return false;
        }
        let ours = libc::sigaction {
            sa_sigaction: ours_as_number(),
            // RESTART: most system calls that are interrupted go on by themselves.
            // ONSTACK: where the program runs on small stacks it has set an alternative one.
            sa_flags: libc::SA_SIGINFO | libc::SA_RESTART | libc::SA_ONSTACK,
            // SAFETY: all zeros is the empty set.
            sa_mask: unsafe { MaybeUninit::zeroed().assume_init() },
            sa_restorer: None,
        };
        let Some(before) = self.exchange(&ours) else {
            return false;
        };
        let was_free = before.sa_sigaction == libc::SIG_DFL;
        if !was_free {
            self.exchange(&before);
        }
        was_free
    }

    fn handler(self) -> Option<libc::sighandler_t> {
        self.exchange(ptr::null()).map(|now| now.sa_sigaction)
    }

    /// Sets what is done on the signal, or nothing if `action` is null; what was done before.
    fn exchange(self, action: *const libc::sigaction) -> Option<libc::sigaction> {
        let mut before = MaybeUninit::uninit();
        // SAFETY: `action` is null or one, and `before` has room for one.
        match unsafe { libc::sigaction(self.0, action, before.as_mut_ptr()) } {
            // SAFETY: the call has succeeded and filled it.
            0 => Some(unsafe { before.assume_init() }),
            _ => None,
        }
    }
}

fn ours_as_number() -> libc::sighandler_t {
    let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = handle;
    handler as libc::sighandler_t
}

extern "C" fn handle(_: c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: with SA_SIGINFO the third argument is the interrupted context.
    let context = unsafe { &*context.cast::<libc::ucontext_t>() };
    super::answer(&Registers::interrupted(context));
}
