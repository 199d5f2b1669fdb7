//! Keeps a panic of user code where it happened.
//!
//! Wakers, hooks and the drops of futures, outputs and panic payloads are user code. The
//! panic hook has already reported a panic by the time it is caught here; what is left
//! is to lose nothing else.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::say::abort_saying;

/// Runs `f`; a panic ends `f` and nothing else.
#[inline]
pub(crate) fn contain(f: impl FnOnce()) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        discard(payload);
    }
}

/// Drops a panic's payload, whose own drop may panic.
#[cold]
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // A payload of a payload's panic: leaking it is the only end that is sure to come.
        std::mem::forget(second);
    }
}

/// Aborts the process if it is dropped while unwinding: a panic in the scheduler itself.
#[derive(Debug)]
pub(crate) struct AbortOnUnwind(pub(crate) &'static str);

impl Drop for AbortOnUnwind {
    fn drop(&mut self) {
        if std::thread::panicking() {
            abort_saying([
                "runtime: internal error in ",
                self.0,
                ": aborting; please report it\n",
            ]);
        }
    }
}
