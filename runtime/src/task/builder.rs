//! A task with a name.

use std::io;

use super::LocalSet;
use super::spawn::spawn_local_with;
use crate::raw_task::{JoinHandle, Meta};
use crate::runtime::Handle;
use crate::scheduler::context;
use crate::util::large::{box_if_large, pin_if_large};

/// Spawns a task with a name, by which reports call it.
///
/// # Examples
///
/// ```
/// #[runtime::main]
/// async fn main() -> std::io::Result<()> {
///     let task = runtime::task::Builder::new().name("adder").spawn(async { 1 + 1 })?;
///     assert_eq!(task.await.unwrap(), 2);
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "a builder spawns nothing until `spawn` is called"]
pub struct Builder<'a> {
    name: Option<&'a str>,
}

impl<'a> Builder<'a> {
    /// Starts a task without a name.
    pub fn new() -> Self {
        Builder::default()
    }

    /// Names the task.
    pub fn name(&self, name: &'a str) -> Self {
        Builder { name: Some(name) }
    }

    /// Spawns the task onto the current runtime; see [`spawn`](super::spawn).
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn spawn<F>(self, future: F) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let meta = self.meta();
        Ok(pin_if_large!(
            F,
            future,
            context::current().spawn(future, meta)
        ))
    }

    /// Spawns the task onto `handle`'s runtime.
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    #[track_caller]
    pub fn spawn_on<F>(self, future: F, handle: &Handle) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let meta = self.meta();
        Ok(pin_if_large!(
            F,
            future,
            handle.scheduler().spawn(future, meta)
        ))
    }

    /// Spawns a future that need not be `Send`; see [`spawn_local`](super::spawn_local).
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// As [`spawn_local`](super::spawn_local) does.
    #[track_caller]
    pub fn spawn_local<F>(self, future: F) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let meta = self.meta();
        Ok(pin_if_large!(F, future, spawn_local_with(future, meta)))
    }

    /// Spawns a future that need not be `Send` into `local_set`.
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    #[track_caller]
    pub fn spawn_local_on<F>(
        self,
        future: F,
        local_set: &LocalSet,
    ) -> io::Result<JoinHandle<F::Output>>
    where
        F: Future + 'static,
        F::Output: 'static,
    {
        let meta = self.meta();
        Ok(pin_if_large!(F, future, local_set.spawn(future, meta)))
    }

    /// Runs a blocking closure; see [`spawn_blocking`](super::spawn_blocking).
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// As [`spawn_blocking`](super::spawn_blocking) does.
    #[track_caller]
    pub fn spawn_blocking<F, R>(self, f: F) -> io::Result<JoinHandle<R>>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let meta = self.meta();
        Ok(box_if_large!(
            F,
            f,
            context::current().spawn_blocking(f, meta)
        ))
    }

    /// Runs a blocking closure on a thread of `handle`'s runtime.
    ///
    /// # Errors
    ///
    /// None at present; the signature is tokio's.
    ///
    /// # Panics
    ///
    /// If the system gives the pool no thread at all.
    #[track_caller]
    pub fn spawn_blocking_on<F, R>(self, f: F, handle: &Handle) -> io::Result<JoinHandle<R>>
    where
        F: FnOnce() -> R + Send + 'static,
        R: Send + 'static,
    {
        let meta = self.meta();
        Ok(box_if_large!(
            F,
            f,
            handle.scheduler().spawn_blocking(f, meta)
        ))
    }

    #[track_caller]
    fn meta(self) -> Meta {
        Meta::here(self.name.map(Box::from))
    }
}
