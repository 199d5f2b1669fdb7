//! Counts what happens: drops, wake-ups.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

/// A number that several threads raise.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicUsize>);

impl Counter {
    /// A counter at zero.
    #[must_use]
    pub fn new() -> Self {
        Counter::default()
    }

    /// Adds one.
    pub fn raise(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    /// How often it was raised.
    #[must_use]
    pub fn get(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// A value whose drop raises the counter.
    #[must_use]
    pub fn on_drop(&self) -> CountsDrop {
        CountsDrop(self.clone())
    }
}

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.raise();
    }
}

/// Raises its counter when dropped.
#[derive(Debug)]
pub struct CountsDrop(Counter);

impl Drop for CountsDrop {
    fn drop(&mut self) {
        self.0.raise();
    }
}

/// Calls a function when dropped.
pub struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> std::fmt::Debug for OnDrop<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OnDrop")
    }
}

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
