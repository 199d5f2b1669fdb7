//! Spawning tasks into a map.

use std::hash::{BuildHasher, Hash};

use super::JoinMap;
use crate::raw_task::AbortHandle;
use crate::runtime::Handle;
use crate::task::LocalSet;
use crate::util::large::{box_if_large, pin_if_large};

impl<K, V, S> JoinMap<K, V, S>
where
    K: Hash + Eq,
    V: 'static,
    S: BuildHasher,
{
    /// Spawns a future onto the current runtime under `key`; see [`spawn`](crate::spawn).
    ///
    /// A task that has this key is aborted, and not returned any more.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    ///
    /// # Examples
    ///
    /// The later task has the place of the earlier:
    ///
    /// ```
    ///
    /// use runtime::task::JoinMap;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut map = JoinMap::new();
    /// map.spawn("search", std::future::pending());
    /// map.spawn("search", async { "found" });
    /// assert_eq!(map.len(), 1);
    /// let (_, output) = map.join_next().await.unwrap();
    /// assert_eq!(output.unwrap(), "found");
    /// assert!(map.join_next().await.is_none());
    /// # }
    /// ```
    #[track_caller]
    pub fn spawn<F>(&mut self, key: K, task: F)
    where
        F: Future<Output = V> + Send + 'static,
        V: Send,
    {
        let task = pin_if_large!(F, task, self.tasks.spawn(task));
        self.insert(key, task);
    }

    /// As [`spawn`](Self::spawn), onto `handle`'s runtime.
    #[track_caller]
    pub fn spawn_on<F>(&mut self, key: K, task: F, handle: &Handle)
    where
        F: Future<Output = V> + Send + 'static,
        V: Send,
    {
        let task = pin_if_large!(F, task, self.tasks.spawn_on(task, handle));
        self.insert(key, task);
    }

    /// As [`spawn`](Self::spawn), for a closure that blocks. One that has started
    /// runs to its end, also if it is aborted.
    ///
    /// # Panics
    ///
    /// As [`spawn_blocking`](crate::task::spawn_blocking) does.
    #[track_caller]
    pub fn spawn_blocking<F>(&mut self, key: K, f: F)
    where
        F: FnOnce() -> V + Send + 'static,
        V: Send,
    {
        let task = box_if_large!(F, f, self.tasks.spawn_blocking(f));
        self.insert(key, task);
    }

    /// As [`spawn_blocking`](Self::spawn_blocking), on a thread of `handle`'s runtime.
    ///
    /// # Panics
    ///
    /// If the system gives the pool no thread at all.
    #[track_caller]
    pub fn spawn_blocking_on<F>(&mut self, key: K, f: F, handle: &Handle)
    where
        F: FnOnce() -> V + Send + 'static,
        V: Send,
    {
        let task = box_if_large!(F, f, self.tasks.spawn_blocking_on(f, handle));
        self.insert(key, task);
    }

    /// As [`spawn`](Self::spawn), for a future that need not be `Send`.
    ///
    /// # Panics
    ///
    /// As [`spawn_local`](crate::task::spawn_local) does.
    #[track_caller]
    pub fn spawn_local<F>(&mut self, key: K, task: F)
    where
        F: Future<Output = V> + 'static,
    {
        let task = pin_if_large!(F, task, self.tasks.spawn_local(task));
        self.insert(key, task);
    }

    /// As [`spawn_local`](Self::spawn_local), onto `local_set`.
    #[track_caller]
    pub fn spawn_local_on<F>(&mut self, key: K, task: F, local_set: &LocalSet)
    where
        F: Future<Output = V> + 'static,
    {
        let task = pin_if_large!(F, task, self.tasks.spawn_local_on(task, local_set));
        self.insert(key, task);
    }

    fn insert(&mut self, key: K, task: AbortHandle) {
        if let Some(before) = self.index.insert(key, task) {
            before.task.abort();
        }
    }
}
