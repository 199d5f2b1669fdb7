//! What this thread is doing: the task it polls, whether it drives a runtime, in which process.

mod fork;

use std::cell::Cell;

use crate::primitive::thread::LocalKey;

pub(crate) use fork::Origin;

/// How far this thread is inside a runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entered {
    /// It may block on a future.
    No,
    /// It polls futures for a runtime, so that blocking it would block that runtime.
    Driving,
}

thread_local! {
    static TASK: Cell<u64> = const { Cell::new(0) };
    static ENTERED: Cell<Entered> = const { Cell::new(Entered::No) };
}

/// Puts a thread-local cell back to what it was when dropped.
#[derive(Debug)]
pub(crate) struct Restore<T: Copy + 'static> {
    cell: &'static LocalKey<Cell<T>>,
    before: T,
}

impl<T: Copy + 'static> Drop for Restore<T> {
    fn drop(&mut self) {
        self.cell.set(self.before);
    }
}

fn replace<T: Copy + 'static>(cell: &'static LocalKey<Cell<T>>, value: T) -> Restore<T> {
    let before = cell.replace(value);
    Restore { cell, before }
}

/// The number of the task that this thread polls or drops; zero if it does neither.
#[inline]
pub(crate) fn task() -> u64 {
    TASK.get()
}

/// Names the task whose code runs until the guard is dropped.
#[inline]
pub(crate) fn enter_task(id: u64) -> Restore<u64> {
    replace(&TASK, id)
}

/// Whether blocking this thread would block a runtime.
#[inline]
pub(crate) fn is_driving() -> bool {
    ENTERED.get() == Entered::Driving
}

/// Marks this thread as one that polls futures, or answers `None` if it already does.
pub(crate) fn start_driving() -> Option<Restore<Entered>> {
    match ENTERED.get() {
        Entered::No => Some(replace(&ENTERED, Entered::Driving)),
        Entered::Driving => None,
    }
}

/// Lets this thread block again until the guard is dropped: it drives nothing meanwhile.
pub(crate) fn stop_driving() -> Restore<Entered> {
    replace(&ENTERED, Entered::No)
}
