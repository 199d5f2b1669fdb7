//! A set of tasks, joined in the order in which they end.

mod builder;
mod joining;
mod spawning;

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::task::{Wake, Waker};

use super::waits::Ended;
use crate::primitive::sync::Arc;
use crate::raw_task::{AbortHandle, JoinHandle};
use crate::util::slots::Slots;

pub use builder::Builder;

/// A set of tasks that return the same type, joined in the order in which they end.
///
/// Dropping the set aborts its tasks: each ends at its next suspension point, which may be after the
/// drop has returned. [`shutdown`](Self::shutdown) waits for that.
///
/// Joining looks only at tasks that have ended: its cost does not grow with the set.
///
/// # Examples
///
/// ```
/// use runtime::task::JoinSet;
///
/// #[runtime::main]
/// async fn main() {
///     let mut set = JoinSet::new();
///     for n in 1..=4 {
///         set.spawn(async move { n * n });
///     }
///     let mut sum = 0;
///     while let Some(square) = set.join_next().await {
///         sum += square.unwrap();
///     }
///     assert_eq!(sum, 30);
/// }
/// ```
pub struct JoinSet<T> {
    handles: Slots<JoinHandle<T>>,
    ended: Arc<Ended>,
}

// A panic of a task stays in its outcome; the set itself calls no user code amid a change.
impl<T> UnwindSafe for JoinSet<T> {}
impl<T> RefUnwindSafe for JoinSet<T> {}

/// Tells the set that a task has ended.
struct EndOfTask {
    key: usize,
    ended: Arc<Ended>,
}

impl Wake for EndOfTask {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ended.push(self.key);
    }
}

impl<T> JoinSet<T> {
    /// Makes an empty set.
    pub fn new() -> Self {
        JoinSet {
            handles: Slots::new(),
            ended: Arc::new(Ended::new()),
        }
    }

    /// Returns how many tasks are in the set, those included that have ended and not been joined.
    pub fn len(&self) -> usize {
        self.handles.len()
    }

    /// Returns whether no task is in the set.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the task in, and makes its end known to the set.
    fn insert(&mut self, handle: JoinHandle<T>) -> AbortHandle {
        let abort = handle.abort_handle();
        let key = self.handles.insert(handle);
        let waker = Waker::from(Arc::new(EndOfTask {
            key,
            ended: self.ended.clone(),
        }));
        let handle = self.handles.get_mut(key);
        if handle.is_some_and(|handle| handle.poll_complete(&waker)) {
            self.ended.push(key);
        }
        abort
    }
}

impl<T: 'static> JoinSet<T> {
    /// Asks all tasks to end, and leaves them in the set: joining them says how each has ended.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinSet;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut set = JoinSet::new();
    /// set.spawn(std::future::pending::<()>());
    /// set.abort_all();
    /// assert_eq!(set.len(), 1);
    /// assert!(set.join_next().await.unwrap().unwrap_err().is_cancelled());
    /// # }
    /// ```
    pub fn abort_all(&mut self) {
        self.handles.iter().for_each(JoinHandle::abort);
    }

    /// Takes all tasks out of the set and lets them go on by themselves.
    ///
    /// Dropping the set aborts them no more, and nothing says how they end.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{sync::oneshot, task::JoinSet};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (sender, receiver) = oneshot::channel();
    /// let mut set = JoinSet::new();
    /// set.spawn(async { sender.send("I lived") });
    /// set.detach_all();
    /// drop(set); // aborts nothing
    /// assert_eq!(receiver.await, Ok("I lived"));
    /// # }
    /// ```
    pub fn detach_all(&mut self) {
        self.ended = Arc::new(self.ended.anew());
        self.handles = Slots::new();
    }
}

impl<T> Drop for JoinSet<T> {
    fn drop(&mut self) {
        self.handles.iter().for_each(JoinHandle::abort);
    }
}

impl<T> Default for JoinSet<T> {
    fn default() -> Self {
        JoinSet::new()
    }
}

impl<T> fmt::Debug for JoinSet<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinSet").field("len", &self.len()).finish()
    }
}
