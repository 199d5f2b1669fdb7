//! Functions of the user's that are called in the life of each task.

use std::fmt;
use std::panic::Location;

use crate::primitive::sync::Arc;
use crate::raw_task::{Id, Meta, Notified};
use crate::util::panic::contain;

/// What a hook is told of a task.
///
/// # Examples
///
/// ```
/// use runtime::{Builder, runtime::TaskMeta};
///
/// fn report(task: &TaskMeta<'_>) {
///     let name = task.name().unwrap_or("a task");
///     println!("{name}, spawned at {}, is number {}", task.spawned_at(), task.id());
/// }
///
/// let rt = Builder::new_multi_thread().on_task_spawn(report).build().unwrap();
/// rt.block_on(rt.spawn(async {})).unwrap();
/// ```
#[derive(Debug)]
pub struct TaskMeta<'a> {
    meta: &'a Meta,
}

impl TaskMeta<'_> {
    /// Returns the task's id.
    pub fn id(&self) -> Id {
        self.meta.id
    }

    /// Returns the task's name, if it was given one.
    pub fn name(&self) -> Option<&str> {
        self.meta.name.as_deref()
    }

    /// Returns the line that spawned the task.
    pub fn spawned_at(&self) -> &'static Location<'static> {
        self.meta.location
    }
}

/// A function that may be set; a panic in it stays in it.
#[derive(Clone, Default)]
pub(crate) struct TaskHook(Option<Arc<Hook>>);

type Hook = dyn Fn(&TaskMeta<'_>) + Send + Sync;

impl TaskHook {
    #[cfg(not(runtime_loom))]
    pub(crate) fn new(f: impl Fn(&TaskMeta<'_>) + Send + Sync + 'static) -> Self {
        TaskHook(Some(Arc::new(f)))
    }

    #[inline]
    pub(crate) fn call(&self, meta: &Meta) {
        if let Some(f) = &self.0 {
            contain(|| f(&TaskMeta { meta }));
        }
    }
}

impl fmt::Debug for TaskHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "set" } else { "unset" })
    }
}

/// The hooks of a runtime.
#[derive(Clone, Debug, Default)]
pub(crate) struct TaskHooks {
    pub(crate) spawn: TaskHook,
    pub(crate) terminate: TaskHook,
    pub(crate) before_poll: TaskHook,
    pub(crate) after_poll: TaskHook,
}

impl TaskHooks {
    /// Runs `poll`, which polls the task, between the hooks for that.
    #[inline]
    pub(crate) fn around_poll(&self, task: Notified, poll: impl FnOnce(Notified)) {
        if self.before_poll.0.is_none() && self.after_poll.0.is_none() {
            return poll(task);
        }
        // The task may be gone after its poll.
        let meta = task.meta().clone();
        self.before_poll.call(&meta);
        poll(task);
        self.after_poll.call(&meta);
    }
}
