//! Joins threads: their last acts, the drops of thread-local values among them, come after anything that they can
//! say of themselves.

use std::time::Duration;

use super::latch::Latch;
use super::thread_builder::{start, thread_builder};
use crate::primitive::sync::Arc;
use crate::primitive::thread::JoinHandle;

/// Waits until all have ended.
pub(crate) fn join_all(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        // Whoever has panicked has said so.
        let _ = thread.join();
    }
}

/// As [`join_all`], for at most `timeout`. Whoever has not ended then goes on by himself.
pub(crate) fn join_within(threads: Vec<JoinHandle<()>>, timeout: Duration) {
    if threads.is_empty() || timeout.is_zero() {
        return;
    }
    let joining = Arc::new(Latch::new(0));
    let joined = Latch::count_up(&joining);
    // A join has no bound, but the wait for another thread that joins has one.
    let join = Box::new(move || {
        join_all(threads);
        drop(joined);
    });
    let builder = thread_builder(&|| "rt-joins".to_owned(), "rt-joins", None);
    if let Ok(thread) = start(builder, join) {
        if joining.wait(Some(timeout)) {
            join_all(vec![thread]);
        }
    }
}
