//! Spawning tasks into a set.

use super::{Builder, JoinSet};
use crate::raw_task::AbortHandle;
use crate::runtime::Handle;
use crate::task::{self, LocalSet};
use crate::util::large::{box_if_large, pin_if_large};

impl<T: 'static> JoinSet<T> {
    /// Spawns a future onto the current runtime; see [`task::spawn`].
    ///
    /// It runs at once, also while nobody joins it.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.insert(pin_if_large!(F, task, task::spawn(task)))
    }

    /// Spawns a future onto `handle`'s runtime.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{Runtime, task::JoinSet};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let rt = Runtime::new()?;
    /// let mut set = JoinSet::new();
    /// set.spawn_on(async { 6 }, rt.handle());
    /// set.spawn_on(async { 7 }, rt.handle());
    /// let factors = rt.block_on(set.join_all());
    /// assert_eq!(factors.iter().product::<i32>(), 42);
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_on<F>(&mut self, task: F, handle: &Handle) -> AbortHandle
    where
        F: Future<Output = T> + Send + 'static,
        T: Send,
    {
        self.insert(pin_if_large!(F, task, handle.spawn(task)))
    }

    /// Spawns a future that need not be `Send`; see [`task::spawn_local`].
    ///
    /// # Panics
    ///
    /// As [`task::spawn_local`] does.
    #[track_caller]
    pub fn spawn_local<F>(&mut self, task: F) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.insert(pin_if_large!(F, task, task::spawn_local(task)))
    }

    /// Spawns a future that need not be `Send` onto `local_set`, which may be at rest.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::rc::Rc;
    /// use runtime::task::{JoinSet, LocalSet};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (mut set, tasks) = (JoinSet::new(), LocalSet::new());
    /// let name = Rc::new("ferris");
    /// set.spawn_local_on(async move { name.len() }, &tasks);
    /// assert_eq!(tasks.run_until(set.join_all()).await, [6]);
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn_local_on<F>(&mut self, task: F, local_set: &LocalSet) -> AbortHandle
    where
        F: Future<Output = T> + 'static,
    {
        self.insert(pin_if_large!(F, task, local_set.spawn_local(task)))
    }

    /// Runs a closure that blocks; see [`task::spawn_blocking`].
    ///
    /// # Panics
    ///
    /// As [`task::spawn_blocking`] does.
    ///
    /// # Examples
    ///
    /// ```
    /// #[runtime::main]
    /// async fn main() {
    ///     let mut set = runtime::task::JoinSet::new();
    ///     for path in ["/etc/hosts", "/etc/passwd"] {
    ///         set.spawn_blocking(move || std::fs::read(path).map_or(0, |bytes| bytes.len()));
    ///     }
    ///     assert_eq!(set.join_all().await.len(), 2);
    /// }
    /// ```
    #[track_caller]
    pub fn spawn_blocking<F>(&mut self, f: F) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.insert(box_if_large!(F, f, task::spawn_blocking(f)))
    }

    /// Runs a closure that blocks on a thread of `handle`'s runtime.
    ///
    /// # Panics
    ///
    /// If the system gives the pool no thread at all.
    #[track_caller]
    pub fn spawn_blocking_on<F>(&mut self, f: F, handle: &Handle) -> AbortHandle
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send,
    {
        self.insert(box_if_large!(F, f, handle.spawn_blocking(f)))
    }

    /// Starts a task that gets a name before it is spawned.
    ///
    /// # Examples
    ///
    /// ```
    /// #[runtime::main]
    /// async fn main() -> std::io::Result<()> {
    ///     let mut set = runtime::task::JoinSet::new();
    ///     set.build_task().name("adder").spawn(async { 1 + 1 })?;
    ///     assert_eq!(set.join_all().await, [2]);
    ///     Ok(())
    /// }
    /// ```
    pub fn build_task(&mut self) -> Builder<'_, T> {
        Builder::new(self)
    }
}

/// Spawns each future of the iterator onto the current runtime; panics outside one.
impl<T, F> Extend<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    fn extend<I: IntoIterator<Item = F>>(&mut self, tasks: I) {
        for task in tasks {
            self.spawn(task);
        }
    }
}

/// Spawns each future of the iterator onto the current runtime; panics outside one.
impl<T, F> FromIterator<F> for JoinSet<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    fn from_iter<I: IntoIterator<Item = F>>(tasks: I) -> Self {
        let mut set = JoinSet::new();
        set.extend(tasks);
        set
    }
}
