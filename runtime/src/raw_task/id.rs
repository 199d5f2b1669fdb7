//! Task ids: unique in the process, never reused, handed out without a shared counter per task.

use std::cell::Cell;
use std::fmt;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::current;

/// Ids a thread takes at once.
const BLOCK: u64 = 1024;

/// Blocks handed out so far. Plain std: a model has no use for interleavings of it.
static NEXT_BLOCK: AtomicU64 = AtomicU64::new(0);

thread_local! {
    static NEXT: Cell<u64> = const { Cell::new(0) };
}

/// The id of a task: unique among all tasks that this process ever spawns.
///
/// The number says nothing of the order in which tasks were spawned by different threads.
///
/// # Examples
///
/// To tell tasks apart, here in a map:
///
/// ```
///
/// use std::collections::HashMap;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let ann = runtime::spawn(async { runtime::task::id() });
/// let bob = runtime::spawn(async { runtime::task::id() });
/// let names = HashMap::from([(ann.id(), "ann"), (bob.id(), "bob")]);
/// assert_eq!(names[&bob.await.unwrap()], "bob");
/// assert_eq!(names[&ann.await.unwrap()], "ann");
/// # }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(NonZeroU64);

impl Id {
    #[inline]
    pub(crate) fn next() -> Id {
        let mut next = NEXT.get();
        if next % BLOCK == 0 {
            next = NEXT_BLOCK.fetch_add(1, Ordering::Relaxed) * BLOCK;
        }
        // Block numbers start at zero and zero is no id: number the tasks from one.
        NEXT.set(next + 1);
        Id(NonZeroU64::MIN.saturating_add(next))
    }

    /// The id whose number [`get`](Self::get) gave; zero is nobody's.
    pub(crate) fn from_number(number: u64) -> Option<Id> {
        NonZeroU64::new(number).map(Id)
    }

    pub(crate) fn get(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({})", self.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Returns the id of the running task.
///
/// # Panics
///
/// Outside a task; [`try_id`] answers `None` there.
///
/// # Examples
///
/// ```
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let task = runtime::spawn(async { runtime::task::id() });
/// let id = task.id();
/// assert_eq!(task.await.unwrap(), id);
/// # }
/// ```
#[track_caller]
pub fn id() -> Id {
    try_id().expect("no task is running here: call this inside a spawned task")
}

/// Returns the id of the running task, or `None` outside a task.
///
/// The future given to `block_on` is not a task.
///
/// # Examples
///
/// ```
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let here = runtime::task::try_id;
/// assert_eq!(here(), None); // this is in `block_on`
/// assert!(runtime::spawn(async move { here() }).await.unwrap().is_some());
/// # }
/// ```
pub fn try_id() -> Option<Id> {
    Id::from_number(current::task())
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{BLOCK, Id};
    use std::collections::HashSet;

    #[test]
    fn ids_of_many_threads_are_all_different() {
        let threads: Vec<_> = (0..4)
            .map(|_| std::thread::spawn(|| (0..3 * BLOCK).map(|_| Id::next()).collect::<Vec<_>>()))
            .collect();
        let mut seen = HashSet::new();
        for thread in threads {
            for id in thread.join().unwrap() {
                assert!(seen.insert(id), "{id} twice");
            }
        }
    }
}
