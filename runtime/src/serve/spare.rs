//! A descriptor that is kept for bad times.
//!
//! A process without a free descriptor cannot accept, and so cannot even refuse: its clients wait. With
//! the spare one given up for a moment a connection can be accepted and closed.

use std::fs::File;

#[derive(Debug)]
pub(super) struct Spare(Option<File>);

impl Spare {
    pub(super) fn new() -> Self {
        let mut spare = Spare(None);
        spare.take_back();
        spare
    }

    /// Frees the descriptor; whether there was one.
    pub(super) fn give_up(&mut self) -> bool {
        self.0.take().is_some()
    }

    /// Takes a descriptor again, if one is free.
    pub(super) fn take_back(&mut self) {
        if self.0.is_none() {
            self.0 = File::open("/dev/null").ok();
        }
    }
}
