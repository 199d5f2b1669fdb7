//! In which process this is: a fork has the memory of a runtime, but none of its threads.
//!
//! What the child finds is not fit for use: a lock may be held by a thread that it does not have, nobody
//! wakes a task, and the reactor's descriptor is shared with the parent, whose registrations a
//! deregistration in the child would undo. So a runtime knows its [`Origin`] and refuses elsewhere.
//!
//! The C library calls [`in_the_child`] in each `fork`. A child that is made by the bare system call goes
//! unnoticed, and so does one before the first runtime, which has nothing to notice.

use std::sync::atomic::{AtomicU32, Ordering};

use super::{ENTERED, Entered};
use crate::primitive::sync::OnceLock;
use crate::util::say::abort_saying;

/// The forks between the process that built the first runtime and this one.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The process in which something was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin(u32);

impl Origin {
    /// This process.
    pub(crate) fn here() -> Self {
        static WATCHED: OnceLock<()> = OnceLock::new();
        WATCHED.get_or_init(notice_forks);
        Origin(generation())
    }

    /// What answers with another number in each fork from now on.
    pub(crate) fn counter() -> fn() -> u32 {
        Origin::here();
        generation
    }

    /// Whether this is still the same process.
    #[inline]
    pub(crate) fn is_here(self) -> bool {
        self.0 == generation()
    }

    /// # Panics
    ///
    /// If this is a fork of that process.
    #[inline]
    #[track_caller]
    pub(crate) fn assert_here(self) {
        assert!(self.is_here(), "{IS_A_FORK}");
    }

    /// Ends a child in which a thread of the runtime goes on: it would run once more, on the same sockets,
    /// the tasks that the parent runs.
    #[cold]
    pub(crate) fn abort(self) -> ! {
        abort_saying([
            IS_A_FORK,
            "; the child ends here, where it would go on with the parent's tasks\n",
        ])
    }
}

const IS_A_FORK: &str = "this process is a fork, without the threads of the runtime that it was made \
     from: build a new runtime in the child, or let it call `exec` or `_exit`";

#[inline]
fn generation() -> u32 {
    // Relaxed: it changes while a process has one thread only.
    GENERATION.load(Ordering::Relaxed)
}

fn notice_forks() {
    // SAFETY: the function may be called in any child; it stays loaded as long as this code.
    // An error means that there is no memory for the entry: forks go unnoticed then.
    unsafe { libc::pthread_atfork(None, None, Some(in_the_child)) };
}

/// Runs in a child before `fork` returns, on its only thread.
extern "C" fn in_the_child() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    // Whatever this thread drove, it may block in the child.
    ENTERED.set(Entered::No);
}
