//! What all tasks and threads of a runtime are doing, asked for while they do it.
//!
//! [`Handle::dump`](super::Handle::dump) makes a [`Dump`]. It looks on: no task is polled or woken, no
//! thread interrupted, and nobody is waited for, so it answers also while every thread is stuck.

mod task;
mod thread;
mod tree;

use std::collections::HashMap;
use std::fmt;

use super::Handle;
use crate::raw_task::Id;
use crate::scheduler::Doing;

pub use task::{Task, TaskState};
pub use thread::{Thread, ThreadState};

/// The tasks and threads of a runtime as [`Handle::dump`](super::Handle::dump) has found them.
///
/// Each of them was seen at one moment of its own, one after the other: of two tasks that wait for each other in turn
/// both may be seen waiting. It prints as a list of threads and a tree of tasks, each below the task that has spawned it;
/// many that are alike, and have spawned nothing, print as one line.
///
/// # Examples
///
/// ```
/// use std::future::pending;
/// use runtime::runtime::{Handle, dump::TaskState};
///
/// # #[runtime::main]
/// # async fn main() {
/// let waiting = runtime::task::Builder::new().name("waits").spawn(pending::<()>()).unwrap();
/// runtime::task::yield_now().await;
/// let dump = Handle::current().dump();
/// let task = dump.tasks().iter().find(|task| task.id() == waiting.id()).unwrap();
/// assert_eq!(task.name(), Some("waits"));
/// assert!(task.location().file().ends_with(".rs"));
/// assert!(matches!(task.state(), TaskState::Queued | TaskState::Waiting));
/// println!("{dump}");
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Dump {
    name: Option<String>,
    threads: Vec<Thread>,
    tasks: Vec<Task>,
}

impl Dump {
    pub(super) fn of(handle: &Handle) -> Dump {
        let scheduler = handle.scheduler();
        let threads: Vec<Thread> = scheduler
            .threads_seen()
            .into_iter()
            .map(Thread::new)
            .collect();
        let polled_by: HashMap<Id, &Thread> = threads
            .iter()
            .filter_map(|thread| Some((thread.task()?, thread)))
            .collect();
        let seen = scheduler.tasks_seen().into_iter();
        let mut tasks: Vec<Task> = seen.map(|seen| Task::new(seen, &polled_by)).collect();
        tasks.sort_unstable_by_key(Task::id);
        // One may be seen twice where others have ended in between.
        tasks.dedup_by_key(|task| task.id());
        Dump {
            name: handle.name().map(str::to_owned),
            threads,
            tasks,
        }
    }

    /// Returns the tasks that had not ended, sorted by their ids.
    ///
    /// Those of a [`LocalSet`](crate::task::LocalSet) are not among them: to the runtime they are a part of the task that
    /// runs the set. Nor are closures of [`spawn_blocking`](crate::task::spawn_blocking): those that run are told of by
    /// their [threads](Self::threads).
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// Returns the threads of the runtime that had not ended: those that run tasks and those for blocking closures.
    pub fn threads(&self) -> &[Thread] {
        &self.threads
    }
}

impl fmt::Display for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("runtime")?;
        if let Some(name) = &self.name {
            write!(f, " {name:?}")?;
        }
        writeln!(
            f,
            ": {} tasks, {} threads",
            self.tasks.len(),
            self.threads.len()
        )?;
        for thread in &self.threads {
            writeln!(f, "  {thread}")?;
        }
        tree::print(f, &self.tasks)
    }
}
