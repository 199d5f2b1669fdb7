//! An intrusive doubly linked list: pushing and removing cost no allocation.

use std::fmt;
use std::ptr::NonNull;

/// The two pointers that a node lends to the list it is in.
pub(crate) struct Links<T> {
    prev: Option<NonNull<T>>,
    next: Option<NonNull<T>>,
}

impl<T> Links<T> {
    pub(crate) const fn new() -> Self {
        Links {
            prev: None,
            next: None,
        }
    }
}

impl<T> fmt::Debug for Links<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// A type that can stand in a [`List`].
///
/// # Safety
///
/// `links` answers with the same place for the same node, and the place is touched by nothing but
/// the list that the node is in.
pub(crate) unsafe trait Node {
    /// # Safety
    ///
    /// `node` points to a live node.
    unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>>
    where
        Self: Sized;
}

/// The list: nodes enter at either end and may be removed from anywhere.
pub(crate) struct List<T> {
    head: Option<NonNull<T>>,
    tail: Option<NonNull<T>>,
    len: usize,
}

// SAFETY: the list hands out pointers only; whoever follows them answers for `T` being `Send`.
unsafe impl<T: Send> Send for List<T> {}

impl<T: Node> List<T> {
    pub(crate) const fn new() -> Self {
        List {
            head: None,
            tail: None,
            len: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// # Safety
    ///
    /// `node` is in no list, and stays valid and in place until it is removed.
    pub(crate) unsafe fn push_front(&mut self, node: NonNull<T>) {
        // SAFETY: the caller's promise; `head` was pushed under the same promise.
        unsafe {
            T::links(node).write(Links {
                prev: None,
                next: self.head,
            });
            if let Some(head) = self.head {
                T::links(head).as_mut().prev = Some(node);
            }
        }
        self.head = Some(node);
        self.tail.get_or_insert(node);
        self.len += 1;
    }

    /// # Safety
    ///
    /// As of [`push_front`](Self::push_front).
    pub(crate) unsafe fn push_back(&mut self, node: NonNull<T>) {
        // SAFETY: the caller's promise; `tail` was pushed under the same promise.
        unsafe {
            T::links(node).write(Links {
                prev: self.tail,
                next: None,
            });
            if let Some(tail) = self.tail {
                T::links(tail).as_mut().next = Some(node);
            }
        }
        self.tail = Some(node);
        self.head.get_or_insert(node);
        self.len += 1;
    }

    pub(crate) fn front(&self) -> Option<NonNull<T>> {
        self.head
    }

    pub(crate) fn back(&self) -> Option<NonNull<T>> {
        self.tail
    }

    /// Shows up to `most` nodes, from the back on, and moves them to the front in one piece.
    ///
    /// A walk in such steps needs no memory of where it is, whatever goes meanwhile, if others come in at the
    /// front only: what it has not seen yet is at the back.
    pub(crate) fn turn(&mut self, most: usize, mut show: impl FnMut(NonNull<T>)) {
        let (Some(head), Some(last)) = (self.head, self.tail) else {
            return;
        };
        let mut first = last;
        show(first);
        for _ in 1..most {
            let Some(prev) = Self::before(first) else {
                return;
            };
            first = prev;
            show(first);
        }
        let Some(rest) = Self::before(first) else {
            return;
        };
        // SAFETY: all four are in this list.
        unsafe {
            T::links(rest).as_mut().next = None;
            T::links(first).as_mut().prev = None;
            T::links(last).as_mut().next = Some(head);
            T::links(head).as_mut().prev = Some(last);
        }
        self.head = Some(first);
        self.tail = Some(rest);
    }

    /// `node` is in this list.
    fn before(node: NonNull<T>) -> Option<NonNull<T>> {
        // SAFETY: what is in the list is live and in place.
        unsafe { T::links(node).as_ref().prev }
    }

    pub(crate) fn pop_front(&mut self) -> Option<NonNull<T>> {
        let head = self.head?;
        // SAFETY: what `head` names is in this list.
        unsafe { self.remove(head) };
        Some(head)
    }

    /// Takes `node` out; answers `false` if it is in no list.
    ///
    /// # Safety
    ///
    /// `node` is live, and if it is in a list it is in this one.
    pub(crate) unsafe fn remove(&mut self, node: NonNull<T>) -> bool {
        // SAFETY: the caller's promise, and its neighbours are in this list too.
        unsafe {
            let Links { prev, next } = T::links(node).replace(Links::new());
            if prev.is_none() && self.head != Some(node) {
                return false;
            }
            match prev {
                Some(prev) => T::links(prev).as_mut().next = next,
                None => self.head = next,
            }
            match next {
                Some(next) => T::links(next).as_mut().prev = prev,
                None => self.tail = prev,
            }
        }
        self.len -= 1;
        true
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").field("len", &self.len).finish()
    }
}

#[cfg(all(test, not(runtime_loom)))]
mod tests {
    use super::{Links, List, Node};
    use std::ptr::NonNull;

    struct Item {
        links: Links<Item>,
        value: u32,
    }

    // SAFETY: the field is used for nothing else.
    unsafe impl Node for Item {
        unsafe fn links(node: NonNull<Self>) -> NonNull<Links<Self>> {
            // SAFETY: the node is live.
            unsafe { NonNull::new_unchecked(&raw mut (*node.as_ptr()).links) }
        }
    }

    fn items(count: u32) -> Vec<NonNull<Item>> {
        (0..count)
            .map(|value| {
                let links = Links::new();
                NonNull::from(Box::leak(Box::new(Item { links, value })))
            })
            .collect()
    }

    fn values(mut list: List<Item>) -> Vec<u32> {
        std::iter::from_fn(|| list.pop_front())
            // SAFETY: each item was leaked once and is taken back once.
            .map(|item| unsafe { Box::from_raw(item.as_ptr()) }.value)
            .collect()
    }

    #[test]
    fn removing_from_anywhere_keeps_the_rest() {
        for gone in 0..4 {
            let items = items(4);
            let mut list = List::new();
            for &item in &items {
                // SAFETY: the items live until `values` frees them.
                unsafe { list.push_front(item) };
            }
            // SAFETY: as above; the second removal finds it in no list.
            unsafe {
                assert!(list.remove(items[gone]));
                assert!(!list.remove(items[gone]));
                drop(Box::from_raw(items[gone].as_ptr()));
            }
            assert_eq!(list.len(), 3);
            let expected: Vec<u32> = (0..4).rev().filter(|&v| v as usize != gone).collect();
            assert_eq!(values(list), expected);
        }
    }

    #[test]
    fn both_ends_take_nodes_also_after_the_last_was_removed() {
        let items = items(4);
        let mut list = List::new();
        // SAFETY: the items live until `values` frees them; none is pushed while it is in the list.
        unsafe {
            list.push_back(items[0]);
            list.push_back(items[3]);
            list.remove(items[3]);
            list.push_back(items[1]);
            list.push_front(items[2]);
            list.push_back(items[3]);
        }
        assert_eq!(
            (list.front(), list.back()),
            (Some(items[2]), Some(items[3]))
        );
        assert_eq!(values(list), [2, 0, 1, 3]);
    }
    #[test]
    fn a_turn_shows_the_back_and_moves_it_to_the_front() {
        for most in 1..=6 {
            let mut list = List::new();
            for item in items(4) {
                // SAFETY: the items live until `values` frees them.
                unsafe { list.push_front(item) };
            }
            let mut shown = Vec::new();
            // SAFETY: what is shown is in the list.
            list.turn(most, |item| shown.push(unsafe { item.as_ref() }.value));
            let count = most.min(4);
            assert_eq!(shown, [0, 1, 2, 3][..count]);
            let mut expected = vec![3, 2, 1, 0];
            expected.rotate_right(count);
            assert_eq!(values(list), expected);
        }
    }
}
