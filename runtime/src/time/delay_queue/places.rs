//! Where a queue keeps its values: in places that never move, so that a wheel can link them.
//!
//! Places come in blocks. A new block doubles what there is, so there are few, and growing copies
//! nothing.

use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use super::Key;
use crate::timer::Entry;
use crate::util::prefetch::prefetch;

/// The number of a place.
type Index = u32;

/// How many places the first block has that nobody asked for.
const FIRST_BLOCK: usize = 4;

/// The identity of a place that holds no value.
const VACANT: u64 = 0;

/// A value with its links in the wheel.
#[repr(C, align(64))]
pub(super) struct Node<T> {
    /// Comes first: a pointer to it is one to the node.
    entry: Entry,
    /// Tells the value from all others that the queue ever held, or `VACANT`.
    id: u64,
    index: Index,
    /// The place that the key names: another one after the value has been moved.
    named: Index,
    value: MaybeUninit<T>,
}

/// Values in places of their own, each found by its key.
pub(super) struct Places<T> {
    blocks: Vec<Block<T>>,
    /// Places that held a value once and hold none now.
    free: Vec<Index>,
    /// This place and those after it have never held a value.
    fresh: usize,
    capacity: usize,
    last_id: u64,
    /// Where the values are that are not in the place that their key names.
    moved: HashMap<u64, Index>,
}

/// Neighbouring places, owned by a pointer: a `Box` would claim that nothing else points at them.
struct Block<T> {
    start: usize,
    nodes: NonNull<[MaybeUninit<Node<T>>]>,
}

// SAFETY: places own their values and lend them only with themselves; a shared borrow reads only.
unsafe impl<T: Send> Send for Places<T> {}
// SAFETY: as above.
unsafe impl<T: Sync> Sync for Places<T> {}

impl<T> Places<T> {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut places = Places {
            blocks: Vec::new(),
            free: Vec::new(),
            fresh: 0,
            capacity: 0,
            last_id: VACANT,
            moved: HashMap::new(),
        };
        places.reserve(capacity);
        places
    }

    /// Empty places with just the room that the values in these ones need. Their keys stay apart
    /// from those of these.
    pub(super) fn empty_for_all(&self) -> Self {
        let mut places = Places::with_capacity(self.len());
        places.last_id = self.last_id;
        places
    }

    pub(super) fn len(&self) -> usize {
        self.fresh - self.free.len()
    }

    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    /// Makes room for so many values more.
    pub(super) fn reserve(&mut self, additional: usize) {
        let missing = additional.saturating_sub(self.capacity - self.len());
        if missing > 0 {
            self.grow(missing.max(self.capacity));
        }
    }

    /// Gives the blocks at the end back in which no value is.
    pub(super) fn shrink_to_fit(&mut self) {
        let used = (0..self.fresh).rev().find(|&index| self.holds_value(index));
        self.fresh = used.map_or(0, |last| last + 1);
        let fresh = self.fresh;
        self.free.retain(|&index| (index as usize) < fresh);
        while let Some(empty) = self.blocks.last().filter(|block| block.start >= fresh) {
            self.capacity = empty.start;
            self.blocks.pop();
        }
        self.blocks.shrink_to_fit();
        self.free.shrink_to_fit();
        self.moved.shrink_to_fit();
    }

    /// Puts a value into a place, and answers the node, which is in no wheel, and its key.
    pub(super) fn insert(&mut self, value: T, deadline: u64) -> (NonNull<Node<T>>, Key) {
        let id = self.last_id + 1;
        let index = self.vacant_place();
        self.last_id = id;
        let key = Key { index, id };
        (self.put(index, key, value, deadline), key)
    }

    /// Takes a value over, which its key goes on to name.
    pub(super) fn take_in(&mut self, key: Key, value: T, deadline: u64) -> NonNull<Node<T>> {
        let index = self.vacant_place();
        if index != key.index {
            self.moved.insert(key.id, index);
        }
        self.put(index, key, value, deadline)
    }

    /// The node that `key` names, if its value is still here.
    #[inline]
    pub(super) fn find(&self, key: &Key) -> Option<NonNull<Node<T>>> {
        let has_id = |&node: &NonNull<Node<T>>| {
            // SAFETY: the place has been written to, and the identity changes by `&mut self` alone.
            unsafe { (*node.as_ptr()).id == key.id }
        };
        let place =
            |index: Index| ((index as usize) < self.fresh).then(|| self.node(index as usize));
        if let Some(node) = place(key.index).filter(has_id) {
            return Some(node);
        }
        place(*self.moved.get(&key.id)?).filter(has_id)
    }

    /// Lets the node that `key` names come from memory while its caller does something else.
    #[inline]
    pub(super) fn prefetch(&self, key: &Key) {
        if (key.index as usize) < self.fresh {
            prefetch(self.node(key.index as usize));
        }
    }

    /// Takes a value out of its place.
    ///
    /// # Safety
    ///
    /// `node` is a node of these places that holds a value and is in no wheel.
    #[inline]
    pub(super) unsafe fn remove(&mut self, node: NonNull<Node<T>>) -> (Key, T) {
        // SAFETY: the caller's promise; each field is borrowed alone.
        unsafe {
            let key = Node::key(node);
            let index = (*node.as_ptr()).index;
            (*node.as_ptr()).id = VACANT;
            if index != key.index {
                self.moved.remove(&key.id);
            }
            self.free.push(index);
            (key, (*node.as_ptr()).value.assume_init_read())
        }
    }

    /// Takes all values out; the places stay.
    ///
    /// # Safety
    ///
    /// No node is in a wheel.
    pub(super) unsafe fn clear(&mut self) -> Vec<T> {
        let mut values = Vec::with_capacity(self.len());
        let filled = if self.len() == 0 { 0 } else { self.fresh };
        self.fresh = 0;
        for index in 0..filled {
            let node = self.node(index).as_ptr();
            // SAFETY: the place has been written to; where there is an identity, there is a value,
            // and without `fresh` nobody finds it again.
            unsafe {
                if (*node).id != VACANT {
                    values.push((*node).value.assume_init_read());
                }
            }
        }
        self.free.clear();
        self.moved.clear();
        values
    }

    fn holds_value(&self, index: usize) -> bool {
        // SAFETY: the callers look at places that have been written to.
        unsafe { (*self.node(index).as_ptr()).id != VACANT }
    }

    #[inline]
    fn vacant_place(&mut self) -> Index {
        if let Some(index) = self.free.pop() {
            return index;
        }
        if self.fresh == self.capacity {
            self.grow(self.capacity.max(FIRST_BLOCK));
        }
        self.fresh += 1;
        // `grow` keeps the number of places within an index.
        (self.fresh - 1) as Index
    }

    #[inline]
    fn put(&mut self, index: Index, key: Key, value: T, deadline: u64) -> NonNull<Node<T>> {
        let node = self.node(index as usize);
        let content = Node {
            entry: Entry::new(deadline),
            id: key.id,
            index,
            named: key.index,
            value: MaybeUninit::new(value),
        };
        // SAFETY: the place is within its block, and holds no value.
        unsafe { node.write(content) };
        node
    }

    /// The node in a place, which may never have been written to.
    #[inline]
    fn node(&self, index: usize) -> NonNull<Node<T>> {
        // The last block holds half of all places.
        let mut blocks = self.blocks.iter().rev();
        let block = blocks.find(|block| block.start <= index);
        let block = block.expect("a place is in a block");
        assert!(
            index - block.start < block.nodes.len(),
            "a place is in its block"
        );
        // SAFETY: the index is within the block.
        unsafe { block.nodes.cast::<Node<T>>().add(index - block.start) }
    }

    #[cold]
    fn grow(&mut self, additional: usize) {
        let capacity = self.capacity.saturating_add(additional);
        assert!(
            Index::try_from(capacity).is_ok(),
            "a queue holds fewer than 2^32 values"
        );
        let nodes = Box::leak(Box::new_uninit_slice(additional));
        self.blocks.push(Block {
            start: self.capacity,
            nodes: NonNull::from(nodes),
        });
        self.capacity = capacity;
    }
}

impl<T> Drop for Block<T> {
    fn drop(&mut self) {
        // SAFETY: it came out of a box, and belongs to this block.
        drop(unsafe { Box::from_raw(self.nodes.as_ptr()) });
    }
}

impl<T> Node<T> {
    /// The node whose entry a wheel has handed out.
    #[inline]
    pub(super) fn of(entry: NonNull<Entry>) -> NonNull<Node<T>> {
        entry.cast()
    }

    #[inline]
    pub(super) fn entry(node: NonNull<Node<T>>) -> NonNull<Entry> {
        node.cast()
    }

    /// # Safety
    ///
    /// `node` holds a value.
    #[inline]
    pub(super) unsafe fn key(node: NonNull<Node<T>>) -> Key {
        // SAFETY: the caller's promise; both fields stay as they are while there is a value.
        unsafe {
            Key {
                index: (*node.as_ptr()).named,
                id: (*node.as_ptr()).id,
            }
        }
    }
}
