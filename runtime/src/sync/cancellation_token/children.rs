//! The list of a node's children: whoever enters is told its place, and leaves from there at once.

use crate::primitive::StdArc as Arc;

use super::node::Node;

#[derive(Default)]
pub(super) struct Children {
    places: Vec<Place>,
    /// A free place, which names the next.
    free: Option<usize>,
    len: usize,
}

enum Place {
    Taken(Arc<Node>),
    Free(Option<usize>),
}

impl Children {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn insert(&mut self, node: Arc<Node>) -> usize {
        self.len += 1;
        let node = Place::Taken(node);
        let Some(place) = self.free else {
            self.places.push(node);
            return self.places.len() - 1;
        };
        if let Place::Free(next) = std::mem::replace(&mut self.places[place], node) {
            self.free = next;
        }
        place
    }

    pub(super) fn has(&self, place: usize, node: &Arc<Node>) -> bool {
        matches!(self.places.get(place), Some(Place::Taken(taken)) if Arc::ptr_eq(taken, node))
    }

    /// Puts `node` into a place that is taken; answers with who was there.
    pub(super) fn replace(&mut self, place: usize, node: Arc<Node>) -> Option<Arc<Node>> {
        std::mem::replace(&mut self.places[place], Place::Taken(node)).node()
    }

    /// Frees a place that is taken; answers with who was there.
    pub(super) fn remove(&mut self, place: usize) -> Option<Arc<Node>> {
        let free = Place::Free(self.free.replace(place));
        self.len -= 1;
        std::mem::replace(&mut self.places[place], free).node()
    }

    /// Takes one, and forgets the places: there is at most one.
    pub(super) fn take_only(&mut self) -> Option<Arc<Node>> {
        std::mem::take(self).into_nodes().pop()
    }

    pub(super) fn into_nodes(self) -> Vec<Arc<Node>> {
        self.places.into_iter().filter_map(Place::node).collect()
    }
}

impl Place {
    fn node(self) -> Option<Arc<Node>> {
        match self {
            Place::Taken(node) => Some(node),
            Place::Free(_) => None,
        }
    }
}
