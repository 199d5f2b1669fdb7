//! The builder's functions that are called in the life of each task.
//!
//! They are called for spawned futures, not for closures of `spawn_blocking` nor for what is in `block_on`.

use super::Builder;
use crate::scheduler::{TaskHook, TaskMeta};

impl Builder {
    /// Calls `f` when a task is spawned, on the thread that spawns it, before its first poll.
    ///
    /// All four of these functions should be quick. A panic in one is contained.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::Builder;
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .on_task_spawn(|task| println!("task {} of {}", task.id(), task.spawned_at()))
    ///     .build()
    ///     .unwrap();
    /// rt.block_on(rt.spawn(async {})).unwrap();
    /// ```
    pub fn on_task_spawn<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn(&TaskMeta<'_>) + Send + Sync + 'static,
    {
        self.task_hooks.spawn = TaskHook::new(f);
        self
    }

    /// Calls `f` when a task has ended, in whatever way, and its future is dropped. Whoever awaits the task
    /// may have been woken already.
    ///
    /// # Examples
    ///
    /// How many tasks there have been:
    ///
    /// ```
    ///
    /// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
    /// use runtime::Builder;
    ///
    /// let ended = Arc::new(AtomicUsize::new(0));
    /// let counter = ended.clone();
    /// let rt = Builder::new_multi_thread()
    ///     .on_task_terminate(move |_| {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     })
    ///     .build()
    ///     .unwrap();
    /// rt.spawn(async {});
    /// rt.spawn(std::future::pending::<()>());
    /// drop(rt); // waits until both are dropped
    /// assert_eq!(ended.load(Ordering::Relaxed), 2);
    /// ```
    pub fn on_task_terminate<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn(&TaskMeta<'_>) + Send + Sync + 'static,
    {
        self.task_hooks.terminate = TaskHook::new(f);
        self
    }

    /// Calls `f` before each poll of a task, on the thread that polls it.
    ///
    /// # Examples
    ///
    /// The time that polls take:
    ///
    /// ```
    ///
    /// use std::{cell::Cell, time::Instant};
    /// use runtime::Builder;
    ///
    /// thread_local! {
    ///     static BEGIN: Cell<Option<Instant>> = const { Cell::new(None) };
    /// }
    ///
    /// let rt = Builder::new_multi_thread()
    ///     .on_before_task_poll(|_| BEGIN.set(Some(Instant::now())))
    ///     .on_after_task_poll(|task| println!("{}: {:?}", task.id(), BEGIN.take().unwrap().elapsed()))
    ///     .build()
    ///     .unwrap();
    /// rt.block_on(rt.spawn(async {})).unwrap();
    /// ```
    pub fn on_before_task_poll<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn(&TaskMeta<'_>) + Send + Sync + 'static,
    {
        self.task_hooks.before_poll = TaskHook::new(f);
        self
    }

    /// Calls `f` after each poll of a task, on the thread that has polled it. The task may have ended.
    pub fn on_after_task_poll<F>(&mut self, f: F) -> &mut Self
    where
        F: Fn(&TaskMeta<'_>) + Send + Sync + 'static,
    {
        self.task_hooks.after_poll = TaskHook::new(f);
        self
    }
}
