//! Tasks that do not come to their end, and a runtime that has.

use std::future::pending;

use tokio::sync::oneshot;
use tokio_metrics::{RuntimeMonitor, TaskMonitor};

use crate::Result;

pub async fn tasks_that_end_badly() -> Result {
    let monitor = TaskMonitor::new();
    drop(monitor.instrument(async {}));

    let panics =
        tokio::spawn(monitor.instrument(async { std::panic::resume_unwind(Box::new(())) }));
    let panicked = panics.await.is_err_and(|error| error.is_panic());

    let (begun, begins) = oneshot::channel();
    let aborted = tokio::spawn(monitor.instrument(async move {
        let _ = begun.send(());
        pending::<()>().await
    }));
    begins.await?;
    aborted.abort();
    let cancelled = aborted.await.is_err_and(|error| error.is_cancelled());

    let seen = monitor.cumulative();
    println!(
        "tasks that end badly: {} instrumented, {} polled, {} dropped; panicked: {panicked}, cancelled: {cancelled}",
        seen.instrumented_count, seen.first_poll_count, seen.dropped_count
    );
    Ok(())
}

pub fn a_runtime_that_has_ended() -> Result {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(3)
        .build()?;
    let mut intervals = RuntimeMonitor::new(runtime.handle()).intervals();
    runtime.spawn(pending::<()>());
    runtime.shutdown_background();
    let seen = intervals.next().ok_or("intervals do not end")?;
    println!("a runtime that has ended: {} workers", seen.workers_count);
    Ok(())
}
