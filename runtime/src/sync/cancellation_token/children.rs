//! The list of a node's children: whoever enters is told its place, and leaves from there at once.

use crate::primitive::StdArc as Arc;

use super::node::Node;

#[derive(Default)]
pub(super) struct Children {
    places: Vec<ChildSlot>,
    /// A free place, which names the next.
    free: Option<usize>,
    len: usize,
}

enum ChildSlot {
    Taken(Arc<Node>),
    Free(Option<usize>),
}

impl Children {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn insert(&mut self, node: Arc<Node>) -> usize {
        self.len += 1;
        let node = ChildSlot::Taken(node);
        let Some(place) = self.free else {
            self.places.push(node);
            return self.places.len() - 1;
        };
        if let ChildSlot::Free(next) = std::mem::replace(&mut self.places[place], node) {
            self.free = next;
        }
        place
    }

    pub(super) fn has(&self, place: usize, node: &Arc<Node>) -> bool {
        matches!(self.places.get(place), Some(ChildSlot::Taken(taken)) if Arc::ptr_eq(taken, node))
    }

    /// Puts `node` into a place that is taken; answers with who was there.
    pub(super) fn replace(&mut self, place: usize, node: Arc<Node>) -> Option<Arc<Node>> {
        std::mem::replace(&mut self.places[place], ChildSlot::Taken(node)).node()
    }

    /// Frees a place that is taken; answers with who was there.
    pub(super) fn remove(&mut self, place: usize) -> Option<Arc<Node>> {
        let free = ChildSlot::Free(self.free.replace(place));
        self.len -= 1;
        std::mem::replace(&mut self.places[place], free).node()
    }

    /// Takes one, and forgets the places: there is at most one.
    pub(super) fn take_only(&mut self) -> Option<Arc<Node>> {
        std::mem::take(self).into_nodes().pop()
    }

    pub(super) fn into_nodes(self) -> Vec<Arc<Node>> {
        self.places
            .into_iter()
            .filter_map(ChildSlot::node)
            .collect()
    }
}

impl ChildSlot {
    fn node(self) -> Option<Arc<Node>> {
        match self {
            ChildSlot::Taken(node) => Some(node),
            ChildSlot::Free(_) => None,
        }
    }
}
