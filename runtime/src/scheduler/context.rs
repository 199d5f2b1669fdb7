//! Which runtime this thread is in: what `spawn`, sockets and timers attach themselves to.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use super::Handle;
use crate::clock;
use crate::driver::Timers;
use crate::primitive::sync::Arc;

thread_local! {
    static CURRENT: RefCell<Entered> = const { RefCell::new(Entered { handle: None, depth: 0 }) };
}

/// The innermost runtime entered, and how many are.
struct Entered {
    handle: Option<Rc<Handle>>,
    depth: usize,
}

/// What is said wherever a runtime is needed and none is there.
pub(crate) const NO_RUNTIME: &str = "no runtime is running: call this inside `Runtime::block_on`, \
                          `#[runtime::main]` or a guard of `Handle::enter`";

/// The runtime that this thread is in, unless it is in none or about to end.
#[inline]
pub(crate) fn try_current() -> Option<Rc<Handle>> {
    CURRENT
        .try_with(|current| current.borrow().handle.clone())
        .ok()
        .flatten()
}

/// Whether this thread is about to end and has forgotten its runtime.
pub(crate) fn is_forgotten() -> bool {
    CURRENT.try_with(|_| ()).is_err()
}

/// The runtime that this thread is in.
///
/// # Panics
///
/// If it is in none.
#[inline]
#[track_caller]
pub(crate) fn current() -> Rc<Handle> {
    match try_current() {
        Some(handle) => handle,
        None => no_runtime(),
    }
}

#[cold]
#[track_caller]
fn no_runtime() -> ! {
    panic!("{NO_RUNTIME}");
}

/// The reactor that a socket made here belongs to.
///
/// # Panics
///
/// If this thread is in no runtime.
#[track_caller]
pub(crate) fn io_handle() -> io_driver::Handle {
    current().io().clone()
}

/// The wheel that a timer made here goes to.
///
/// # Panics
///
/// If this thread is in no runtime.
#[track_caller]
pub(crate) fn timers() -> Arc<Timers> {
    current().timers().clone()
}

/// This thread's own wheel, if it is another than `home` and of the same runtime.
pub(crate) fn try_timers_of_same_runtime(home: &Arc<Timers>) -> Option<Arc<Timers>> {
    let current = try_current()?;
    let own = current.timers();
    own.is_relative_of(home).then(|| own.clone())
}

/// Enters a runtime until the guard is dropped. A thread that is about to end enters nothing.
pub(crate) fn enter(handle: Handle) -> Guard {
    let clock = clock::enter(handle.clock());
    let entered = CURRENT.try_with(|current| {
        let mut current = current.borrow_mut();
        current.depth += 1;
        (current.handle.replace(Rc::new(handle)), current.depth)
    });
    let (before, depth) = entered.unwrap_or((None, 0));
    Guard {
        before,
        depth,
        _clock: clock,
        _not_send: PhantomData,
    }
}

/// Enters a runtime for the rest of this thread's life.
pub(crate) fn enter_for_good(handle: Handle) {
    std::mem::forget(enter(handle));
}

/// Goes back to the runtime that the thread was in before.
#[derive(Debug)]
#[must_use = "the runtime is left when the guard is dropped"]
pub(crate) struct Guard {
    before: Option<Rc<Handle>>,
    depth: usize,
    _clock: clock::Guard,
    _not_send: PhantomData<*const ()>,
}

// SAFETY: by reference it can be printed and no more, which reads the handle and leaves the count of the `Rc` alone.
// The guard itself stays on its thread.
unsafe impl Sync for Guard {}

impl Drop for Guard {
    fn drop(&mut self) {
        let in_order = CURRENT.try_with(|current| {
            let mut current = current.borrow_mut();
            let in_order = current.depth == self.depth;
            if in_order {
                current.depth -= 1;
                // The handle is dropped below, outside the borrow: it may be the last.
                std::mem::swap(&mut current.handle, &mut self.before);
            }
            in_order
        });
        if in_order == Ok(false) && !std::thread::panicking() {
            panic!("guards of `enter` must be dropped in the reverse order of their making");
        }
    }
}
