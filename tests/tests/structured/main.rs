//! Tasks that belong together: sets, maps, scopes, tasks of one thread, values of a task.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod blocking_scopes;
mod join_maps;
mod join_sets;
mod local_keys;
mod local_sets;
mod refusals;
mod scopes;
mod scopes_that_panic;
mod tracker;

use std::future::pending;

use runtime_tests::count::Counter;

/// A future that is never ready, and counts its drop.
async fn counted_pending(dropped: &Counter) {
    let _on_drop = dropped.on_drop();
    pending::<()>().await;
}

/// As [`counted_pending`], and counts its first poll, too.
fn waits_forever(started: &Counter, dropped: &Counter) -> impl Future<Output = ()> + Send + use<> {
    let (started, on_drop) = (started.clone(), dropped.on_drop());
    async move {
        let _on_drop = on_drop;
        started.raise();
        pending::<()>().await;
    }
}
