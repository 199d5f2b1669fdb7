//! Running the user code of many wakers so that the panic of one spares the others.

use std::any::Any;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::task::Waker;
use std::thread;

/// Wakes every waker; the first panic goes on when all have been woken.
pub(crate) fn wake_each(wakers: Vec<Waker>) {
    act_on_each(wakers, Waker::wake);
}

/// Drops every waker; the first panic goes on when all have been dropped.
pub(crate) fn drop_each(wakers: Vec<Waker>) {
    act_on_each(wakers, drop);
}

fn act_on_each(wakers: Vec<Waker>, act: impl Fn(Waker)) {
    let mut first_panic = None;
    for waker in wakers {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| act(waker))) {
            keep_first(&mut first_panic, panic);
        }
    }
    match first_panic {
        // A second panic while one unwinds would abort the process.
        Some(panic) if thread::panicking() => mem::forget(panic),
        Some(panic) => resume_unwind(panic),
        None => {}
    }
}

fn keep_first(first: &mut Option<Box<dyn Any + Send>>, panic: Box<dyn Any + Send>) {
    match first {
        // Dropping the payload could panic again.
        Some(_) => mem::forget(panic),
        None => *first = Some(panic),
    }
}
