//! Drops outcomes that nobody has read, without recursion.
//!
//! An outcome may hold the join handle of another completed task, whose outcome holds a third.
//! A drop inside a drop is put off until the outer one is through, so that a chain of any
//! length needs the stack of one.

use std::cell::RefCell;

use super::handles::Reference;

thread_local! {
    /// `Some` while an outcome is dropped on this thread: those that wait for it.
    static PUT_OFF: RefCell<Option<Vec<Reference>>> = const { RefCell::new(None) };
}

/// Puts back what was put off when dropped.
#[derive(Debug)]
pub(crate) struct Apart(Option<Vec<Reference>>);

/// Lets outcomes be dropped at once again until the guard goes: a `block_on` inside a drop may wait
/// for what such a drop lets go of.
pub(crate) fn apart() -> Apart {
    Apart(PUT_OFF.try_with(RefCell::take).ok().flatten())
}

impl Drop for Apart {
    fn drop(&mut self) {
        let put_off = self.0.take();
        // A thread that ends has put nothing off.
        let _ = PUT_OFF.try_with(|waiting| waiting.replace(put_off));
    }
}

/// Drops the outcome of a complete task, and the reference.
///
/// # Safety
///
/// The outcome belongs to the caller.
pub(super) unsafe fn drop_outcome(task: Reference) {
    let mut task = Some(task);
    let put_off = PUT_OFF.try_with(|waiting| {
        let mut waiting = waiting.borrow_mut();
        match (&mut *waiting, task.take()) {
            (Some(waiting), Some(inner)) => waiting.push(inner),
            (none, outer) => {
                *none = Some(Vec::new());
                task = outer;
            }
        }
    });
    let Some(outer) = task else { return };
    // SAFETY: the caller's promise.
    unsafe { drop_now(outer) };
    if put_off.is_ok() {
        drop_what_was_put_off();
    }
}

fn drop_what_was_put_off() {
    loop {
        let next = PUT_OFF.try_with(|waiting| {
            let mut waiting = waiting.borrow_mut();
            let next = waiting.as_mut().and_then(Vec::pop);
            if next.is_none() {
                *waiting = None;
            }
            next
        });
        match next {
            // SAFETY: it was put off by a caller to whom it belonged.
            Ok(Some(task)) => unsafe { drop_now(task) },
            _ => return,
        }
    }
}

unsafe fn drop_now(task: Reference) {
    // SAFETY: the caller's promise. No panic of user code gets out.
    unsafe { (task.header().vtable.drop_outcome)(task.raw()) };
}
