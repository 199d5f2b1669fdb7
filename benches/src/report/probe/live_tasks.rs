//! Tasks that are there and do nothing.

use std::future::pending;
use std::io;
use std::time::Instant;

use super::{Findings, WORKERS};
use crate::UnderTest;
use crate::report::process_status::resident_bytes;
use crate::under_test::TaskHandle;

pub(super) const NAME: &str = "live-tasks";

/// So many tasks at a time wait for their first poll: their queue shall not grow large.
const BATCH: u32 = 1_000;

/// Measures the memory of a pending task, and the drop of a runtime full of them.
pub(super) fn run<R: UnderTest>(tasks: u32) -> io::Result<Findings> {
    let runtime = R::build(WORKERS)?;
    spawn_pending(&runtime, BATCH);
    let before = resident_bytes()?;
    spawn_pending(&runtime, tasks);
    let after = resident_bytes()?;
    let started = Instant::now();
    drop(runtime);
    let drop_seconds = started.elapsed().as_secs_f64();
    Ok(vec![
        (
            "bytes",
            after.saturating_sub(before) as f64 / f64::from(tasks),
        ),
        ("drop_seconds", drop_seconds),
    ])
}

fn spawn_pending<R: UnderTest>(runtime: &R, tasks: u32) {
    for index in 1..=tasks {
        runtime.spawn_from_outside(pending::<()>()).detach();
        if index % BATCH == 0 {
            // First in, first out: the workers are through with those before it, or nearly.
            runtime.block_on(runtime.spawn_from_outside(async {}));
        }
    }
}
