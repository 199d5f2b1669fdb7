//! A descriptor that is kept for bad times.
//!
//! A process without a free descriptor cannot accept, and so cannot even refuse: its clients wait. With
//! the spare one given up for a moment a connection can be accepted and closed.

use std::fs::File;

use crate::primitive::sync::Mutex;

#[derive(Debug)]
pub(super) struct Spare(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Missing while it is lent, and when none was free as it was to be taken back.
    file: Option<File>,
    is_lent: bool,
}

/// Stands for a descriptor that is free for the moment; dropped, the spare one is taken back.
#[must_use]
pub(super) struct Lent<'a>(&'a Spare);

impl Spare {
    pub(super) fn new() -> Self {
        Spare(Mutex::new(State {
            file: open(),
            is_lent: false,
        }))
    }

    /// Frees the descriptor, if it is there and nobody else has it freed.
    pub(super) fn lend(&self) -> Option<Lent<'_>> {
        let mut state = self.0.lock();
        if state.is_lent {
            return None;
        }
        if state.file.take().is_none() {
            state.file = open();
            return None;
        }
        state.is_lent = true;
        Some(Lent(self))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut state = self.0.0.lock();
        state.file = open();
        state.is_lent = false;
    }
}

fn open() -> Option<File> {
    File::open("/dev/null").ok()
}

#[cfg(test)]
mod tests {
    use super::Spare;

    #[test]
    fn while_one_has_it_nobody_else_takes_the_freed_descriptor() {
        let spare = Spare::new();
        let lent = spare.lend().expect("it was kept");
        assert!(spare.lend().is_none());
        drop(lent);
        assert!(spare.lend().is_some());
    }
}
