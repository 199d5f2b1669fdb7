//! Finds a task by its key, and a key by its task.
//!
//! A key is kept once, with its task, under its hash; a task's id leads to that hash. Keys whose
//! hashes are equal share a place.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::collections::hash_map::{Entry, Values};
use std::hash::{BuildHasher, Hash};
use std::iter::Flatten;
use std::mem;

use crate::raw_task::{AbortHandle, Id};

pub(super) struct Index<K, S> {
    by_hash: HashMap<u64, Vec<Keyed<K>>>,
    hashes: HashMap<Id, u64>,
    hash_builder: S,
}

/// A task with its key.
pub(super) struct Keyed<K> {
    pub(super) key: K,
    pub(super) task: AbortHandle,
}

/// All tasks with their keys, in no order.
pub(super) type Iter<'a, K> = Flatten<Values<'a, u64, Vec<Keyed<K>>>>;

impl<K, S> Index<K, S> {
    pub(super) fn new(capacity: usize, hash_builder: S) -> Self {
        Index {
            by_hash: HashMap::with_capacity(capacity),
            hashes: HashMap::with_capacity(capacity),
            hash_builder,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.hashes.len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.by_hash.capacity().min(self.hashes.capacity())
    }

    pub(super) fn reserve(&mut self, additional: usize) {
        self.by_hash.reserve(additional);
        self.hashes.reserve(additional);
    }

    pub(super) fn shrink_to(&mut self, capacity: usize) {
        self.by_hash.shrink_to(capacity);
        self.hashes.shrink_to(capacity);
    }

    pub(super) fn iter(&self) -> Iter<'_, K> {
        self.by_hash.values().flatten()
    }

    pub(super) fn contains_task(&self, id: Id) -> bool {
        self.hashes.contains_key(&id)
    }

    /// Takes a task out, and gives its key back.
    pub(super) fn remove_task(&mut self, id: Id) -> Option<K> {
        let Entry::Occupied(mut place) = self.by_hash.entry(self.hashes.remove(&id)?) else {
            unreachable!("a task whose hash is known has a place");
        };
        let mut tasks = place.get().iter();
        let index = tasks.position(|keyed| keyed.task.id() == id)?;
        let keyed = place.get_mut().swap_remove(index);
        if place.get().is_empty() {
            place.remove();
        }
        Some(keyed.key)
    }

    pub(super) fn clear(&mut self) {
        self.by_hash.clear();
        self.hashes.clear();
    }
}

impl<K: Hash + Eq, S: BuildHasher> Index<K, S> {
    /// Puts a task in, and gives out the one that had its key.
    pub(super) fn insert(&mut self, key: K, task: AbortHandle) -> Option<Keyed<K>> {
        let hash = self.hash_builder.hash_one(&key);
        let tasks = self.by_hash.entry(hash).or_default();
        let same = tasks.iter_mut().find(|keyed| keyed.key == key);
        self.hashes.insert(task.id(), hash);
        let new = Keyed { key, task };
        match same {
            None => {
                tasks.push(new);
                None
            }
            Some(place) => {
                let before = mem::replace(place, new);
                self.hashes.remove(&before.task.id());
                Some(before)
            }
        }
    }

    /// The task with this key.
    pub(super) fn get<Q>(&self, key: &Q) -> Option<&AbortHandle>
    where
        Q: Hash + Eq + ?Sized,
        K: Borrow<Q>,
    {
        let tasks = self.by_hash.get(&self.hash_builder.hash_one(key))?;
        let same = tasks.iter().find(|keyed| keyed.key.borrow() == key)?;
        Some(&same.task)
    }
}
