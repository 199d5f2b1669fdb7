//! A named task of a set.

use std::fmt;
use std::io;

use super::JoinSet;
use crate::raw_task::AbortHandle;
use crate::runtime::Handle;
use crate::task::{self, LocalSet};
use crate::util::large::{box_if_large, pin_if_large};

/// Spawns a task with a name into a set; made by [`JoinSet::build_task`].
///
/// # Examples
///
/// ```
/// use runtime::task::JoinSet;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let mut set = JoinSet::new();
/// set.build_task().name("answer").spawn(async { 6 * 7 })?;
/// set.build_task().name("sum").spawn_blocking(|| (0..10).sum::<i32>())?;
/// assert_eq!(set.join_all().await.iter().sum::<i32>(), 42 + 45);
/// # Ok(())
/// # }
/// ```
#[must_use = "a builder spawns nothing until `spawn` is called"]
pub struct Builder<'a, T> {
    set: &'a mut JoinSet<T>,
    task: task::Builder<'a>,
}

impl<'a, T: 'static> Builder<'a, T> {
    pub(super) fn new(set: &'a mut JoinSet<T>) -> Self {
        let task = task::Builder::new();
        Builder { set, task }
    }

    /// Names the task.
    pub fn name(mut self, name: &'a str) -> Self {
        self.task = self.task.name(name);
        self
    }

    /// As [`JoinSet::spawn`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(self, future: F) -> io::Result<AbortHandle>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        let task = pin_if_large!(F, future, self.task.spawn(future))?;
        Ok(self.set.insert(task))
    }

    /// As [`JoinSet::spawn_on`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    #[track_caller]
    pub fn spawn_on<F>(self, future: F, handle: &Handle) -> io::Result<AbortHandle>
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        let task = pin_if_large!(F, future, self.task.spawn_on(future, handle))?;
        Ok(self.set.insert(task))
    }

    /// As [`JoinSet::spawn_local`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// As [`task::spawn_local`] does.
    #[track_caller]
    pub fn spawn_local<F>(self, future: F) -> io::Result<AbortHandle>
    where
        F: Future<Output = T> + 'static,
    {
        let task = pin_if_large!(F, future, self.task.spawn_local(future))?;
        Ok(self.set.insert(task))
    }

    /// As [`JoinSet::spawn_local_on`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    #[track_caller]
    pub fn spawn_local_on<F>(self, future: F, local_set: &LocalSet) -> io::Result<AbortHandle>
    where
        F: Future<Output = T> + 'static,
    {
        let task = pin_if_large!(F, future, self.task.spawn_local_on(future, local_set))?;
        Ok(self.set.insert(task))
    }

    /// As [`JoinSet::spawn_blocking`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// As [`task::spawn_blocking`] does.
    #[track_caller]
    pub fn spawn_blocking<F>(self, f: F) -> io::Result<AbortHandle>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        let task = box_if_large!(F, f, self.task.spawn_blocking(f))?;
        Ok(self.set.insert(task))
    }

    /// As [`JoinSet::spawn_blocking_on`].
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// As [`JoinSet::spawn_blocking_on`] does.
    #[track_caller]
    pub fn spawn_blocking_on<F>(self, f: F, handle: &Handle) -> io::Result<AbortHandle>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        let task = box_if_large!(F, f, self.task.spawn_blocking_on(f, handle))?;
        Ok(self.set.insert(task))
    }
}

impl<T> fmt::Debug for Builder<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("join_set::Builder")
            .field("task", &self.task)
            .finish_non_exhaustive()
    }
}
