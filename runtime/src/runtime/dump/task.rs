//! One task.

use std::collections::HashMap;
use std::fmt;
use std::panic::Location;

use super::Thread;
use crate::raw_task::{Id, Phase};
use crate::scheduler::TaskSeen;

/// A task that had not ended, as a [`Dump`](super::Dump) has found it.
///
/// # Examples
///
/// Tasks that nobody ends, counted by the line that spawns them:
///
/// ```
/// use std::collections::HashMap;
/// use std::future::pending;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// for _ in 0..3 {
///     runtime::spawn(pending::<()>());
/// }
/// let dump = runtime::Handle::current().dump();
/// let mut tasks = HashMap::new();
/// dump.tasks().iter().for_each(|task| *tasks.entry(task.location()).or_insert(0) += 1);
/// let (line, count) = tasks.into_iter().max_by_key(|&(_, count)| count).unwrap();
/// println!("{count} tasks from {line}"); // 3 tasks from src/main.rs:6:5
/// assert_eq!(count, 3);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Task {
    id: Id,
    name: Option<Box<str>>,
    location: &'static Location<'static>,
    parent: Option<Id>,
    state: TaskState,
    thread: Option<String>,
}

/// Where a [`Task`] stood.
///
/// # Examples
///
/// ```
/// use runtime::{Handle, runtime::dump::TaskState};
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// runtime::spawn(async {
///     let dump = Handle::current().dump();
///     let states: Vec<_> = dump.tasks().iter().map(|task| task.state()).collect();
///     assert_eq!(states, [TaskState::Running]); // itself
/// })
/// .await
/// .unwrap();
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskState {
    /// A thread polls it, or drops its future.
    Running,
    /// It was woken or aborted, and no thread has come to it yet.
    Queued,
    /// It has answered `Pending`, and nobody has woken it since.
    Waiting,
}

impl Task {
    pub(super) fn new(seen: TaskSeen, polled_by: &HashMap<Id, &Thread>) -> Task {
        let meta = seen.meta;
        let thread = polled_by.get(&meta.id);
        let state = match seen.phase {
            Phase::Running | Phase::Ended => TaskState::Running,
            Phase::Queued => TaskState::Queued,
            Phase::Waiting => TaskState::Waiting,
        };
        Task {
            id: meta.id,
            name: meta.name,
            location: meta.location,
            parent: Id::from_number(meta.parent),
            state,
            thread: thread.and_then(|thread| thread.name().map(str::to_owned)),
        }
    }

    /// Returns its id.
    pub fn id(&self) -> Id {
        self.id
    }

    /// Returns the name given to [`task::Builder::name`](crate::task::Builder::name).
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the line that spawned it.
    pub fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Returns the id of the task that spawned it, if a task did. That may have ended.
    pub fn parent(&self) -> Option<Id> {
        self.parent
    }

    /// Returns where it stood.
    pub fn state(&self) -> TaskState {
        self.state
    }

    /// Returns the name of the thread that was in its poll, if one was found there.
    pub fn thread(&self) -> Option<&str> {
        self.thread.as_deref()
    }

    /// Whether the two differ in nothing but their ids.
    pub(super) fn is_like(&self, other: &Task) -> bool {
        self.location == other.location
            && self.name == other.name
            && self.state == other.state
            && self.state != TaskState::Running
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "task {}", self.id)?;
        if let Some(name) = &self.name {
            write!(f, " {name:?}")?;
        }
        write!(f, " from {} ", self.location)?;
        match (self.state, &self.thread) {
            (TaskState::Running, Some(thread)) => write!(f, "runs on {thread}"),
            (TaskState::Running, None) => f.write_str("runs"),
            (TaskState::Queued, _) => f.write_str("is queued"),
            (TaskState::Waiting, _) => f.write_str("waits"),
        }
    }
}
