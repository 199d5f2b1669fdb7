//! The allocation of a task: header, scheduler, and the stage that its future is at.

use std::any::Any;
use std::mem::{self, needs_drop};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

use super::header::Header;
use super::{Id, JoinError};
use crate::primitive::cell::UnsafeCell;
use crate::util::panic::{contain, discard};
use crate::{coop, current};

#[repr(C)]
pub(super) struct TaskCell<F: Future, S> {
    pub(super) header: Header,
    pub(super) scheduler: S,
    /// Belongs to the running thread until `COMPLETE`, then to the join handle, or to the thread
    /// that completed the task if there is none.
    stage: UnsafeCell<Stage<F>>,
}

/// What a task holds. `JoinError` is made when it is read: a stage is as small as its future.
enum Stage<F: Future> {
    Future(F),
    Output(F::Output),
    Cancelled,
    Panicked(Box<Box<dyn Any + Send>>),
    Consumed,
}

/// Drops the future of a poll that panics while the thread unwinds, so that what the future owns sees that:
/// a guard of a standard lock poisons it.
struct DropFutureOnUnwind<'a, F: Future, S>(&'a TaskCell<F, S>);

impl<F: Future, S> Drop for DropFutureOnUnwind<'_, F, S> {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: made by the poll, whose thread alone touches the stage. A panic in the drop is contained.
        unsafe { self.0.replace_stage(|| Stage::Consumed) };
    }
}

impl<F: Future, S> TaskCell<F, S> {
    #[inline]
    pub(super) fn new(header: Header, future: F, scheduler: S) -> Self {
        TaskCell {
            header,
            scheduler,
            stage: UnsafeCell::new(Stage::Future(future)),
        }
    }

    /// # Safety
    ///
    /// `raw` points to a live task of these types, for as long as the borrow is used.
    pub(super) unsafe fn from_raw<'a>(raw: NonNull<Header>) -> &'a Self {
        // SAFETY: the header is the first field of a `repr(C)` struct.
        unsafe { raw.cast::<Self>().as_ref() }
    }

    /// Where the scheduler is, without a borrow of the task, which may go while it is used.
    ///
    /// # Safety
    ///
    /// `raw` points to a live task of these types.
    pub(super) unsafe fn scheduler_of(raw: NonNull<Header>) -> NonNull<S> {
        // SAFETY: the header is the first field of a `repr(C)` struct, and the task is live.
        unsafe { NonNull::new_unchecked(&raw mut (*raw.cast::<Self>().as_ptr()).scheduler) }
    }

    fn id(&self) -> Id {
        self.header.meta.id
    }

    /// Polls the future; when it is ready or has panicked the stage holds the outcome.
    ///
    /// # Safety
    ///
    /// The caller runs the task.
    pub(super) unsafe fn poll(&self, cx: &mut Context<'_>) -> Poll<PollEnd> {
        let _task = current::enter_task(self.id().get());
        let polled = catch_unwind(AssertUnwindSafe(|| {
            let on_unwind = DropFutureOnUnwind(self);
            // SAFETY: the running thread alone touches the stage.
            let polled = unsafe { self.poll_future(cx) };
            mem::forget(on_unwind);
            polled
        }));
        match polled {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => {
                // SAFETY: as above.
                unsafe { self.replace_stage(|| Stage::Output(output)) };
                Poll::Ready(PollEnd::Finished)
            }
            Err(payload) => {
                // SAFETY: as above.
                unsafe { self.replace_stage(|| Stage::Panicked(Box::new(payload))) };
                Poll::Ready(PollEnd::Panicked)
            }
        }
    }

    #[inline]
    unsafe fn poll_future(&self, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.stage.with_mut(|stage| {
            // SAFETY: the caller runs the task.
            let Stage::Future(future) = (unsafe { &mut *stage }) else {
                unreachable!("a task that is not complete holds its future");
            };
            // SAFETY: the task is on the heap and its future is dropped in place.
            let future = unsafe { Pin::new_unchecked(future) };
            coop::with_budget_for(cx.waker().data(), || future.poll(cx))
        })
    }

    /// Drops the future; the stage then says that it was cancelled.
    ///
    /// # Safety
    ///
    /// The caller runs the task.
    pub(super) unsafe fn cancel(&self) {
        let _task = current::enter_task(self.id().get());
        // SAFETY: the running thread alone touches the stage.
        let dropped = catch_unwind(AssertUnwindSafe(|| unsafe { self.drop_stage() }));
        let next = || match dropped {
            Ok(()) => Stage::Cancelled,
            Err(payload) => Stage::Panicked(Box::new(payload)),
        };
        // SAFETY: as above.
        unsafe { self.replace_stage(next) };
    }

    /// Drops what is left of the task, a panic included.
    ///
    /// # Safety
    ///
    /// The task is complete and the stage belongs to the caller.
    pub(super) unsafe fn drop_outcome(&self) {
        let _task = current::enter_task(self.id().get());
        // SAFETY: the caller's promise.
        unsafe { self.replace_stage(|| Stage::Consumed) };
    }

    /// Moves the outcome out.
    ///
    /// # Safety
    ///
    /// As for [`drop_outcome`](Self::drop_outcome).
    #[inline]
    #[track_caller]
    pub(super) unsafe fn take_outcome(&self) -> Result<F::Output, JoinError> {
        self.stage.with_mut(|stage| {
            // SAFETY: the caller's promise; what is read out is overwritten, not dropped.
            unsafe {
                match &*stage {
                    Stage::Output(output) => {
                        let output = std::ptr::read(output);
                        stage.write(Stage::Consumed);
                        Ok(output)
                    }
                    _ => Err(self.why_no_output(stage.replace(Stage::Consumed))),
                }
            }
        })
    }

    #[cold]
    #[track_caller]
    fn why_no_output(&self, stage: Stage<F>) -> JoinError {
        match stage {
            Stage::Cancelled => JoinError::cancelled(self.id()),
            Stage::Panicked(payload) => JoinError::panicked(self.id(), *payload),
            Stage::Consumed => panic!("a `JoinHandle` was polled after it had given its output"),
            Stage::Future(_) | Stage::Output(_) => unreachable!("a complete task without outcome"),
        }
    }

    /// Drops the stage, keeping a panic of user code to itself, and makes another in its place:
    /// moving one there would cost more than the rest.
    #[inline]
    unsafe fn replace_stage(&self, next: impl FnOnce() -> Stage<F>) {
        // SAFETY: the caller owns the stage.
        if unsafe { self.has_something_to_drop() } {
            // SAFETY: as above.
            contain(|| unsafe { self.drop_stage() });
        }
        // SAFETY: as above; nothing is left to drop.
        self.stage.with_mut(|stage| unsafe { stage.write(next()) });
    }

    #[inline]
    unsafe fn has_something_to_drop(&self) -> bool {
        // SAFETY: the caller owns the stage.
        self.stage.with(|stage| match unsafe { &*stage } {
            Stage::Future(_) => needs_drop::<F>(),
            Stage::Output(_) => needs_drop::<F::Output>(),
            Stage::Panicked(_) => true,
            Stage::Cancelled | Stage::Consumed => false,
        })
    }

    /// Leaves `Consumed` behind, also when the drop panics.
    unsafe fn drop_stage(&self) {
        self.stage.with_mut(|stage| {
            struct Consume<F: Future>(*mut Stage<F>);
            impl<F: Future> Drop for Consume<F> {
                fn drop(&mut self) {
                    // SAFETY: what was there has been dropped; the owner of the stage waits.
                    unsafe { self.0.write(Stage::Consumed) };
                }
            }
            let _consume = Consume(stage);
            // SAFETY: the caller owns the stage. A panic's payload is discarded with care.
            unsafe {
                match &mut *stage {
                    Stage::Panicked(_) => {
                        if let Stage::Panicked(payload) = stage.replace(Stage::Consumed) {
                            discard(*payload);
                        }
                    }
                    _ => stage.drop_in_place(),
                }
            }
        });
    }
}

/// How a poll that was the last one ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum PollEnd {
    Finished,
    Panicked,
}
