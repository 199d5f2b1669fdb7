//! Tasks that belong together: sets, maps, tasks of one thread, values of a task.
#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod join_maps;
mod join_sets;
mod local_keys;
mod local_sets;
mod refusals;
mod tracker;

use std::future::pending;

use runtime_tests::count::Counter;

/// A future that is never ready, and counts its first poll and its drop.
fn waits_forever(started: &Counter, dropped: &Counter) -> impl Future<Output = ()> + Send + use<> {
    let (started, on_drop) = (started.clone(), dropped.on_drop());
    async move {
        let _on_drop = on_drop;
        started.raise();
        pending::<()>().await;
    }
}
