//! What a task does when it is run, shut down, joined and freed: the vtable's functions.

use std::mem::ManuallyDrop;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::cell::{PollEnd, TaskCell};
use super::handles::Reference;
use super::header::{Header, Meta, TakeOutcome, Vtable};
use super::state::{ToIdle, ToRunning};
use super::traced::{Traced, traced};
use super::waker::borrow_waker;
use super::{JoinError, JoinHandle, Notified, Schedule, Task};
use crate::util::panic::contain;

/// Makes a task with its three references: the live list's, the queue's and the join handle's.
#[inline]
pub(crate) fn new<F, S>(
    future: F,
    scheduler: S,
    meta: Meta,
) -> (Task, Notified, JoinHandle<F::Output>)
where
    F: Future + 'static,
    S: Schedule,
{
    let (future, span) = traced(future, &meta, S::KIND);
    let header = Header::new(vtable::<Traced<F>, S>(), meta, span);
    let cell = Box::new(TaskCell::new(header, future, scheduler));
    let raw = NonNull::from(Box::leak(cell)).cast::<Header>();
    // SAFETY: a new task counts three references, and each is handed out once.
    let reference = || unsafe { Reference::from_raw(raw) };
    (
        Task(reference()),
        Notified(reference()),
        JoinHandle::new(reference()),
    )
}

fn vtable<F: Future + 'static, S: Schedule>() -> &'static Vtable {
    const {
        &Vtable {
            run: run::<F, S>,
            schedule: schedule::<F, S>,
            shutdown: shutdown::<F, S>,
            take_outcome: TakeOutcome::new(take_outcome::<F, S>),
            drop_outcome: drop_outcome::<F, S>,
            dealloc: dealloc::<F, S>,
        }
    }
}

// The functions below take the raw pointer and borrow the task for as long as they need it: it may
// be freed before they return.

unsafe fn run<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the caller's queued reference keeps the task live until it is given up below.
    let state = unsafe { &raw.as_ref().state };
    match state.transition_to_running() {
        // SAFETY: this thread runs the task now.
        ToRunning::Poll => unsafe { poll::<F, S>(raw) },
        // SAFETY: as above.
        ToRunning::Cancel => unsafe { cancel_and_complete::<F, S>(raw) },
        // SAFETY: the reference is the caller's.
        ToRunning::Lost => drop(unsafe { Reference::from_raw(raw) }),
    }
}

#[inline]
unsafe fn poll<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the running reference keeps the task live until the transition below.
    let task = unsafe { TaskCell::<F, S>::from_raw(raw) };
    // SAFETY: the running reference outlives this borrow.
    let waker = unsafe { borrow_waker(raw) };
    // SAFETY: this thread runs the task.
    match unsafe { task.poll(&mut Context::from_waker(&waker)) } {
        Poll::Ready(outcome) => {
            if outcome == PollEnd::Panicked {
                task.scheduler.task_panicked();
            }
            // SAFETY: the stage holds the outcome.
            unsafe { complete::<F, S>(raw) };
        }
        Poll::Pending => match task.header.state.transition_to_idle() {
            ToIdle::Idle => {}
            // SAFETY: the running reference becomes the queued one, which keeps the task until it is handed on.
            ToIdle::Reschedule => unsafe {
                let scheduler = TaskCell::<F, S>::scheduler_of(raw);
                S::reschedule(scheduler, Notified(Reference::from_raw(raw)));
            },
            // SAFETY: this thread still runs the task.
            ToIdle::Cancel => unsafe { cancel_and_complete::<F, S>(raw) },
        },
    }
}

unsafe fn cancel_and_complete<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the caller runs the task, and its outcome is there afterwards.
    unsafe {
        TaskCell::<F, S>::from_raw(raw).cancel();
        complete::<F, S>(raw);
    }
}

/// Gives the outcome to whom it belongs and drops the running reference.
unsafe fn complete<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the running reference keeps the task live until it is given up below.
    let task = unsafe { TaskCell::<F, S>::from_raw(raw) };
    let now = task.header.state.transition_to_complete();
    if !now.is_join_interested() {
        // SAFETY: without a join handle the stage stays ours.
        unsafe { task.drop_outcome() };
    } else if now.has_join_waker() {
        // SAFETY: the task was completed by this thread while the waker was lent.
        if let Some(waker) = unsafe { task.header.join_waker.take_lent() } {
            contain(|| waker.wake());
        }
    }
    // SAFETY: borrows the running reference.
    let listed = ManuallyDrop::new(Task(unsafe { Reference::from_raw(raw) }));
    let was_listed = task.scheduler.release(&listed);
    let references = 1 + usize::from(was_listed);
    if (was_listed && now.is_unshared()) || task.header.state.ref_dec(references) {
        // SAFETY: those were the last.
        unsafe { dealloc::<F, S>(raw) };
    }
}

unsafe fn schedule<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the queued reference keeps the task, and the scheduler in it, until it is handed on.
    unsafe {
        let scheduler = TaskCell::<F, S>::scheduler_of(raw);
        S::schedule(scheduler, Notified(Reference::from_raw(raw)));
    }
}

unsafe fn shutdown<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the caller's reference keeps the task live until it is given up below.
    let task = unsafe { TaskCell::<F, S>::from_raw(raw) };
    if task.header.state.transition_to_shutdown() {
        // SAFETY: this thread runs the task now; the caller's reference is the running one.
        unsafe { cancel_and_complete::<F, S>(raw) };
    } else {
        // SAFETY: the reference is the caller's.
        drop(unsafe { Reference::from_raw(raw) });
    }
}

unsafe fn take_outcome<F: Future + 'static, S: Schedule>(
    raw: NonNull<Header>,
) -> Poll<Result<F::Output, JoinError>> {
    // SAFETY: the join handle owns the stage of a complete task.
    Poll::Ready(unsafe { TaskCell::<F, S>::from_raw(raw).take_outcome() })
}

unsafe fn drop_outcome<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: the join handle owns the stage of a complete task.
    unsafe { TaskCell::<F, S>::from_raw(raw).drop_outcome() };
}

unsafe fn dealloc<F: Future + 'static, S: Schedule>(raw: NonNull<Header>) {
    // SAFETY: no reference is left, and the box was leaked in `new`.
    let cell = unsafe { Box::from_raw(raw.cast::<TaskCell<F, S>>().as_ptr()) };
    contain(|| drop(cell));
}
