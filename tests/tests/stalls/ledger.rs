//! Books on tasks, to find one that was lost or ran twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use runtime::task::yield_now;
use runtime_tests::wait;

const CAPACITY: usize = 10_000;

/// How often each of a task's polls should leave a mark.
const POLLS: usize = 3;

#[derive(Clone, Debug)]
pub(crate) struct Ledger {
    opened: Arc<AtomicUsize>,
    marks: Arc<[AtomicUsize]>,
}

impl Ledger {
    pub(crate) fn new() -> Self {
        Ledger {
            opened: Arc::default(),
            marks: (0..CAPACITY).map(|_| AtomicUsize::new(0)).collect(),
        }
    }

    /// A task of some polls that is entered in the books.
    pub(crate) fn entry(&self) -> impl Future<Output = ()> + Send + 'static {
        let number = self.opened.fetch_add(1, Ordering::SeqCst);
        let marks = self.marks.clone();
        async move {
            for _ in 0..POLLS {
                marks[number].fetch_add(1, Ordering::SeqCst);
                yield_now().await;
            }
        }
    }

    /// Waits until every task that was entered has run, and asserts that none has run twice.
    pub(crate) fn balance(&self) {
        let opened = &self.marks[..self.opened.load(Ordering::SeqCst)];
        let is_done = |mark: &AtomicUsize| mark.load(Ordering::SeqCst) >= POLLS;
        wait::until("every task has run", || opened.iter().all(is_done));
        for (number, mark) in opened.iter().enumerate() {
            assert_eq!(mark.load(Ordering::SeqCst), POLLS, "task {number}");
        }
    }
}
