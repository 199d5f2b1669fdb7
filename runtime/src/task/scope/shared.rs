//! What a scope shares with its tasks.

use std::any::Any;
use std::future::poll_fn;
use std::panic::resume_unwind;

use super::handle::{ScopedJoinHandle, ScopedOutput};
use super::member::Member;
use crate::primitive::sync::{Arc, Mutex};
use crate::raw_task::{AbortHandle, Id, JoinHandle, Meta};
use crate::task::waits::Members;
use crate::util::panic::discard;

pub(super) struct ScopeState {
    members: Members<AbortHandle>,
    /// Ends a task, and may use that its future is `Send`.
    abort: fn(AbortHandle),
    /// The first panic that nobody has been given.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// A task's place in its scope; the task leaves when it is dropped.
pub(super) struct Membership {
    scope: Arc<ScopeState>,
    id: Id,
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.scope.members.leave(self.id.get());
    }
}

impl ScopeState {
    pub(super) fn new(abort: fn(AbortHandle)) -> Arc<ScopeState> {
        Arc::new(ScopeState {
            abort,
            members: Members::new(),
            panic: Mutex::new(None),
        })
    }

    /// Lets `spawn` spawn a future as a member; if the scope is closed, the future is dropped.
    pub(super) fn spawn<'scope, F>(
        this: &Arc<Self>,
        future: F,
        meta: Meta,
        spawn: impl FnOnce(Member<F>, Meta) -> JoinHandle<()>,
    ) -> ScopedJoinHandle<'scope, F::Output>
    where
        F: Future,
    {
        let id = meta.id;
        let outcome = Arc::new(ScopedOutput::new(this.clone()));
        if !this.members.admit(id.get()) {
            return ScopedJoinHandle::refused(id, outcome);
        }
        let place = Membership {
            scope: this.clone(),
            id,
        };
        let task = spawn(Member::new(future, outcome.clone(), place), meta);
        if let Some(late) = this.members.introduce(id.get(), task.abort_handle()) {
            (this.abort)(late);
        }
        ScopedJoinHandle::spawned(task, outcome)
    }

    /// Admits no task any more, and aborts those that are there.
    pub(super) fn close(&self) {
        self.members.close().into_iter().for_each(self.abort);
    }

    /// Waits until the future of every task has been dropped.
    pub(super) async fn until_all_gone(&self) {
        poll_fn(|cx| self.members.poll_all_gone(cx)).await;
    }

    /// Keeps the panic of a task whose handle nobody holds.
    pub(super) fn task_panicked(&self, payload: Box<dyn Any + Send>) {
        let refused = {
            let mut first = self.panic.lock();
            match *first {
                Some(_) => Some(payload),
                None => first.replace(payload),
            }
        };
        if let Some(payload) = refused {
            discard(payload);
        }
    }

    /// Passes on what has panicked: the scope's own code, or else the first of its tasks.
    pub(super) fn pass_on<R>(&self, own: Result<R, Box<dyn Any + Send>>) -> R {
        let of_task = self.panic.lock().take();
        match (own, of_task) {
            (Ok(output), None) => output,
            (Ok(output), Some(payload)) => {
                drop(output);
                resume_unwind(payload)
            }
            (Err(payload), of_task) => {
                if let Some(of_task) = of_task {
                    discard(of_task);
                }
                resume_unwind(payload)
            }
        }
    }
}
