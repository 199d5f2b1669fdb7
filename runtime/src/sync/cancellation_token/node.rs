//! The tree of tokens.
//!
//! Clones of a token share a node and are counted as its *handles*. A node lists its children and knows
//! its parent, each by a counted reference; such a cycle is undone by whoever takes one of the two away:
//!
//! - [`cancel`](Node::cancel) marks all below a node and then the node itself, whose lock it holds meanwhile, and calls who
//!   waits after that. So whoever finds the node cancelled, or is woken, finds all below it cancelled. It goes
//!   from a list of its own and does not recurse.
//! - When the last handle of a node is gone, [`release`](Node::release) takes the node out. Its only child takes its
//!   place; with more children it stays, because somebody must list them. So a node without handles has
//!   two children at least, and all nodes together are less than twice those with handles, however
//!   many generations there have been. Each step costs the same whatever the number of children.
//!
//! Each node's links have a lock of their own. **What is above is locked before what is below.** A node finds its parent under
//! its own lock, lets go of that, and takes both in the right order, to find that it still is the parent or to
//! try again.
//!
//! The races:
//!
//! - *a child is made while the parent is cancelled*: the mark is set under the parent's lock, under which the
//!   child looks at it and enters the list. Either the canceller finds the child, or the child the mark.
//! - *a node is taken out while the one above is cancelled*: the latter's list is taken under its lock. A node
//!   that is not in the list of its parent any more is about to be cancelled, and is left as it is.
//! - *an only child moves up while it is cancelled*: it has links again, which do no harm and go with its last handle.
//!   Whoever cancels it has one.

use std::fmt;

use super::children::Children;
use crate::primitive::StdArc as Arc;
use crate::primitive::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use crate::primitive::sync::{Mutex, MutexGuard};
use crate::sync::notify::Notify;

pub(super) struct Node {
    /// Set once, under the lock of `family`.
    is_cancelled: AtomicBool,
    pub(super) cancelled: Notify,
    handles: AtomicUsize,
    family: Mutex<Family>,
}

#[derive(Default)]
struct Family {
    parent: Option<Parent>,
    children: Children,
}

#[derive(Clone)]
struct Parent {
    node: Arc<Node>,
    /// The node's place among the children.
    place: usize,
}

impl Node {
    /// A root with one handle.
    pub(super) fn new() -> Arc<Node> {
        Arc::new(Node {
            is_cancelled: AtomicBool::new(false),
            cancelled: Notify::new(),
            handles: AtomicUsize::new(1),
            family: Mutex::default(),
        })
    }

    /// A child with one handle, which is cancelled from the start if its parent is.
    pub(super) fn child(self: &Arc<Self>) -> Arc<Node> {
        let child = Node::new();
        let mut family = self.family.lock();
        if self.is_cancelled() {
            drop(family);
            child.mark();
        } else {
            let place = family.children.insert(child.clone());
            child.family.lock().parent = Some(Parent {
                node: self.clone(),
                place,
            });
        }
        child
    }

    pub(super) fn is_cancelled(&self) -> bool {
        // Acquire: pairs with the Release of `mark`.
        self.is_cancelled.load(Ordering::Acquire)
    }

    /// Cancels the node and all below it. Who waits is woken with no lock held.
    pub(super) fn cancel(self: &Arc<Self>) {
        if self.is_cancelled() {
            return;
        }
        let mut family = self.family.lock();
        let below = mark_all(std::mem::take(&mut family.children).into_nodes());
        let family = self.mark_locked(family);
        self.cancelled.notify_waiters();
        for node in &below {
            node.cancelled.notify_waiters();
        }
        if let Some(parent) = family.parent {
            parent.node.remove_child(parent.place, self);
            parent.node.prune();
        }
    }

    fn remove_child(&self, place: usize, child: &Arc<Node>) {
        let mut family = self.family.lock();
        let removed = match family.children.has(place, child) {
            true => family.children.remove(place),
            false => None,
        };
        drop(family);
        drop(removed);
    }

    /// Marks the node as cancelled; answers with the links that it had.
    fn mark(&self) -> Family {
        self.mark_locked(self.family.lock())
    }

    fn mark_locked(&self, mut family: MutexGuard<'_, Family>) -> Family {
        // Release: who sees the mark sees what was done before the cancellation, and the marks below.
        self.is_cancelled.store(true, Ordering::Release);
        std::mem::take(&mut *family)
    }

    pub(super) fn add_handle(&self) {
        self.handles.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes one handle away, and the node out of the tree if it was the last.
    pub(super) fn release(self: &Arc<Self>) {
        // AcqRel: what was done with the other handles happens before the node is taken out.
        if self.handles.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.prune();
        }
    }

    /// Takes out nodes that nobody holds and that have at most one child, from this one upward.
    fn prune(self: &Arc<Self>) {
        let mut next = self.take_out();
        while let Some(node) = next {
            next = node.take_out();
        }
    }

    /// Answers with the parent if that has a child less now.
    fn take_out(self: &Arc<Self>) -> Option<Arc<Node>> {
        // A node without handles gets none any more.
        if self.handles.load(Ordering::Acquire) > 0 {
            return None;
        }
        loop {
            let family = self.family.lock();
            let Some(parent) = family.parent.clone() else {
                self.take_out_locked(None, family);
                return None;
            };
            drop(family);
            let above = parent.node.family.lock();
            let family = self.family.lock();
            if is_same(family.parent.as_ref(), Some(&parent)) {
                let lost_a_child = self.take_out_locked(Some((&parent, above)), family);
                return lost_a_child.then_some(parent.node);
            }
        }
    }

    /// Whether the parent has a child less now.
    fn take_out_locked(
        self: &Arc<Self>,
        above: Option<(&Parent, MutexGuard<'_, Family>)>,
        mut family: MutexGuard<'_, Family>,
    ) -> bool {
        let is_listed = match &above {
            Some((parent, above)) => above.children.has(parent.place, self),
            None => true,
        };
        if family.children.len() > 1 || !is_listed {
            return false;
        }
        // What is taken away is dropped when the locks are free.
        let link = family.parent.take();
        let heir = family.children.take_only();
        let has_heir = heir.is_some();
        if let Some(heir) = &heir {
            heir.family.lock().parent.clone_from(&link);
        }
        let former = above.map(|(parent, mut above)| match heir {
            Some(heir) => above.children.replace(parent.place, heir),
            None => above.children.remove(parent.place),
        });
        drop(family);
        drop((former, link));
        !has_heir
    }
}

/// Marks `nodes` and all below them, and answers with all of those.
fn mark_all(mut nodes: Vec<Arc<Node>>) -> Vec<Arc<Node>> {
    let mut marked = 0;
    while marked < nodes.len() {
        let family = nodes[marked].mark();
        nodes.append(&mut family.children.into_nodes());
        marked += 1;
    }
    nodes
}

fn is_same(one: Option<&Parent>, other: Option<&Parent>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(&one.node, &other.node) && one.place == other.place,
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
impl Node {
    pub(super) fn links(&self) -> (bool, usize) {
        let family = self.family.lock();
        (family.parent.is_some(), family.children.len())
    }

    #[cfg(not(runtime_loom))]
    pub(super) fn is_child_of(&self, other: &Node) -> bool {
        let family = self.family.lock();
        family
            .parent
            .as_ref()
            .is_some_and(|parent| std::ptr::eq(&*parent.node, other))
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("is_cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}
