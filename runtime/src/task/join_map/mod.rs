//! A map of tasks: each has a key, by which it is aborted and told apart when it ends.

mod index;
mod spawning;

use std::borrow::Borrow;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::iter::FusedIterator;
use std::marker::PhantomData;

use self::index::{Index, Keyed};
use super::JoinSet;
use crate::raw_task::{AbortHandle, Id, JoinError};

/// A set of tasks with keys, joined in the order in which they end.
///
/// It is a [`JoinSet`] that returns a task's key with its output, and finds tasks by their
/// keys. A task that is spawned under a key that another has takes its place: the other is aborted, and
/// is not returned any more.
///
/// Dropping the map aborts its tasks.
///
/// # Examples
///
/// ```
/// use runtime::task::JoinMap;
///
/// #[runtime::main]
/// async fn main() {
///     let mut map = JoinMap::new();
///     map.spawn("quick", async { 42 });
///     map.spawn("endless", std::future::pending());
///     let (key, output) = map.join_next().await.unwrap();
///     assert_eq!((key, output.unwrap()), ("quick", 42));
///
///     assert!(map.abort("endless"));
///     let (key, output) = map.join_next().await.unwrap();
///     assert_eq!(key, "endless");
///     assert!(output.unwrap_err().is_cancelled());
/// }
/// ```
pub struct JoinMap<K, V, S = RandomState> {
    index: Index<K, S>,
    /// Those that have lost their place, too, until they have ended.
    tasks: JoinSet<V>,
}

impl<K, V> JoinMap<K, V> {
    /// Makes an empty map.
    pub fn new() -> Self {
        JoinMap::with_hasher(RandomState::new())
    }

    /// Makes an empty map with room for `capacity` tasks.
    pub fn with_capacity(capacity: usize) -> Self {
        JoinMap::with_capacity_and_hasher(capacity, RandomState::new())
    }
}

impl<K, V, S> JoinMap<K, V, S> {
    /// Makes an empty map that hashes keys by `hash_builder`.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::hash::{BuildHasherDefault, DefaultHasher};
    /// use runtime::task::JoinMap;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// // Hashes alike in each run of the program.
    /// let mut map = JoinMap::with_hasher(BuildHasherDefault::<DefaultHasher>::new());
    /// map.spawn("ann", async { 1 });
    /// assert!(map.contains_key("ann"));
    /// # }
    /// ```
    pub fn with_hasher(hash_builder: S) -> Self {
        JoinMap::with_capacity_and_hasher(0, hash_builder)
    }

    /// Makes an empty map with room for `capacity` tasks that hashes keys by `hash_builder`.
    pub fn with_capacity_and_hasher(capacity: usize, hash_builder: S) -> Self {
        JoinMap {
            index: Index::new(capacity, hash_builder),
            tasks: JoinSet::new(),
        }
    }

    /// Returns how many tasks are in the map, those included that have ended and not been joined.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Returns whether no task is in the map.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns for how many tasks there is room without an allocation of the map.
    pub fn capacity(&self) -> usize {
        self.index.capacity()
    }

    /// Makes room for `additional` tasks more.
    ///
    /// # Panics
    ///
    /// If the number of tasks overflows a `usize`.
    pub fn reserve(&mut self, additional: usize) {
        self.index.reserve(additional);
    }

    /// Gives back room that is not used.
    pub fn shrink_to_fit(&mut self) {
        self.index.shrink_to(0);
    }

    /// Gives back room that is not used, but for `min_capacity` tasks.
    pub fn shrink_to(&mut self, min_capacity: usize) {
        self.index.shrink_to(min_capacity);
    }

    /// Returns the keys of the tasks in the map, in no order.
    pub fn keys(&self) -> JoinMapKeys<'_, K, V> {
        JoinMapKeys {
            left: self.index.len(),
            tasks: self.index.iter(),
            _output: PhantomData,
        }
    }

    /// Returns whether the task with this id is in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinMap;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut map = JoinMap::new();
    /// let other = runtime::spawn(async {});
    /// map.spawn("id", async { runtime::task::id() });
    /// assert!(!map.contains_task(&other.id()));
    /// let (_, id) = map.join_next().await.unwrap();
    /// assert!(!map.contains_task(&id.unwrap())); // it has been joined
    /// # }
    /// ```
    pub fn contains_task(&self, task: &Id) -> bool {
        self.index.contains_task(*task)
    }
}

impl<K, V: 'static, S> JoinMap<K, V, S> {
    /// Waits until a task ends, and returns its key and output; `None` if the map is empty.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future loses nothing: no task has left the map then.
    pub async fn join_next(&mut self) -> Option<(K, Result<V, JoinError>)> {
        loop {
            let joined = self.tasks.join_next_with_id().await?;
            if let Some(joined) = self.with_key(joined) {
                return Some(joined);
            }
        }
    }

    /// Takes a task that has ended out of the map; `None` if there is none.
    ///
    /// # Errors
    ///
    /// The inner result says so if the task has panicked or was aborted.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::{JoinMap, yield_now};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut map = JoinMap::new();
    /// map.spawn("sum", async { 1 + 2 });
    /// let (key, sum) = loop {
    ///     match map.try_join_next() {
    ///         Some(joined) => break joined,
    ///         None => yield_now().await, // something else could be done here
    ///     }
    /// };
    /// assert_eq!((key, sum.unwrap()), ("sum", 3));
    /// # }
    /// ```
    pub fn try_join_next(&mut self) -> Option<(K, Result<V, JoinError>)> {
        loop {
            let joined = self.tasks.try_join_next_with_id()?;
            if let Some(joined) = self.with_key(joined) {
                return Some(joined);
            }
        }
    }

    /// Aborts all tasks and waits until each has ended; their outputs and panics are dropped.
    ///
    /// Those that have lost their place to others are waited for, too.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the tasks are aborted and those that have not ended stay in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinMap;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut map = JoinMap::new();
    /// map.spawn("endless", std::future::pending::<()>());
    /// map.shutdown().await;
    /// assert!(map.is_empty());
    /// # }
    /// ```
    pub async fn shutdown(&mut self) {
        self.abort_all();
        while self.join_next().await.is_some() {}
    }

    /// Asks all tasks to end, and leaves them in the map: joining them says how each has ended.
    pub fn abort_all(&mut self) {
        self.tasks.abort_all();
    }

    /// Asks the tasks whose keys `predicate` is true of to end, and leaves them in the map.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::task::JoinMap;
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let mut map = JoinMap::new();
    /// for user in ["ann", "bob"] {
    ///     map.spawn((user, "mail"), std::future::pending::<()>());
    ///     map.spawn((user, "news"), std::future::pending::<()>());
    /// }
    /// map.abort_matching(|(user, _)| *user == "ann");
    /// for _ in 0..2 {
    ///     let ((user, _), output) = map.join_next().await.unwrap();
    ///     assert!(user == "ann" && output.unwrap_err().is_cancelled());
    /// }
    /// # }
    /// ```
    pub fn abort_matching(&mut self, mut predicate: impl FnMut(&K) -> bool) {
        let tasks = self.index.iter();
        tasks
            .filter(|keyed| predicate(&keyed.key))
            .for_each(|keyed| keyed.task.abort());
    }

    /// Takes all tasks out of the map and lets them go on by themselves.
    ///
    /// # Examples
    ///
    /// ```
    /// use runtime::{sync::oneshot, task::JoinMap};
    ///
    /// # #[runtime::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let (sender, receiver) = oneshot::channel();
    /// let mut map = JoinMap::new();
    /// map.spawn("last words", async { sender.send("I lived") });
    /// map.detach_all();
    /// drop(map); // aborts nothing
    /// assert_eq!(receiver.await, Ok("I lived"));
    /// # }
    /// ```
    pub fn detach_all(&mut self) {
        self.tasks.detach_all();
        self.index.clear();
    }

    /// The key of a task that has ended, unless it has lost its place to another.
    fn with_key(
        &mut self,
        joined: Result<(Id, V), JoinError>,
    ) -> Option<(K, Result<V, JoinError>)> {
        let (id, outcome) = match joined {
            Ok((id, output)) => (id, Ok(output)),
            Err(error) => (error.id(), Err(error)),
        };
        Some((self.index.remove_task(id)?, outcome))
    }
}

impl<K: Hash + Eq, V: 'static, S: BuildHasher> JoinMap<K, V, S> {
    /// Asks the task with this key to end, and leaves it in the map; whether there is one.
    pub fn abort<Q>(&mut self, key: &Q) -> bool
    where
        Q: Hash + Eq + ?Sized,
        K: Borrow<Q>,
    {
        let task = self.index.get(key);
        task.map(AbortHandle::abort).is_some()
    }

    /// Returns whether a task with this key is in the map.
    pub fn contains_key<Q>(&self, key: &Q) -> bool
    where
        Q: Hash + Eq + ?Sized,
        K: Borrow<Q>,
    {
        self.index.get(key).is_some()
    }
}

impl<K, V> Default for JoinMap<K, V> {
    fn default() -> Self {
        JoinMap::new()
    }
}

impl<K: fmt::Debug, V, S> fmt::Debug for JoinMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tasks = self.index.iter();
        f.debug_map()
            .entries(tasks.map(|keyed| (&keyed.key, keyed.task.id())))
            .finish()
    }
}

/// The keys of a [`JoinMap`]; made by [`JoinMap::keys`].
///
/// # Examples
///
/// ```
/// use runtime::task::JoinMap;
///
/// # #[runtime::main(flavor = "current_thread")]
/// # async fn main() {
/// let mut map = JoinMap::new();
/// map.spawn("ann", async {});
/// map.spawn("bob", async {});
/// let mut keys: Vec<&str> = map.keys().copied().collect();
/// keys.sort();
/// assert_eq!(keys, ["ann", "bob"]);
/// # }
/// ```
pub struct JoinMapKeys<'a, K, V> {
    tasks: index::Iter<'a, K>,
    left: usize,
    _output: PhantomData<&'a V>,
}

impl<'a, K, V> Iterator for JoinMapKeys<'a, K, V> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        let Keyed { key, .. } = self.tasks.next()?;
        self.left -= 1;
        Some(key)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V> ExactSizeIterator for JoinMapKeys<'_, K, V> {}
impl<K, V> FusedIterator for JoinMapKeys<'_, K, V> {}

impl<K, V> Clone for JoinMapKeys<'_, K, V> {
    fn clone(&self) -> Self {
        JoinMapKeys {
            tasks: self.tasks.clone(),
            left: self.left,
            _output: PhantomData,
        }
    }
}

impl<K: fmt::Debug, V> fmt::Debug for JoinMapKeys<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
