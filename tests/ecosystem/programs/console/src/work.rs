//! Tasks of each kind, and what is told of them.

use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::{Builder, LocalSet, yield_now};
use tokio::time::sleep;

use crate::Result;
use crate::view::{Row, watch};

const ENDING: [&str; 6] = [
    "aborted", "blocking", "panics", "receives", "sleeps", "yields",
];

pub async fn told(address: SocketAddr) -> Result {
    Builder::new().name("yields").spawn(async {
        for _ in 0..10 {
            yield_now().await;
        }
    })?;
    Builder::new()
        .name("sleeps")
        .spawn(async { sleep(Duration::from_millis(5)).await })?;
    let (sender, mut receiver) = mpsc::channel(1);
    Builder::new()
        .name("receives")
        .spawn(async move { while receiver.recv().await.is_some() {} })?;
    for number in 0..20 {
        sender.send(number).await?;
        yield_now().await;
    }
    drop(sender);
    let waits = Builder::new().name("waits").spawn(pending::<()>())?;
    let (begun, begins) = oneshot::channel();
    let aborted = Builder::new().name("aborted").spawn(async move {
        let _ = begun.send(());
        pending::<()>().await
    })?;
    begins.await?;
    aborted.abort();
    Builder::new()
        .name("panics")
        .spawn(async { std::panic::resume_unwind(Box::new(())) })?;
    Builder::new().name("blocking").spawn_blocking(|| ())?;
    LocalSet::new()
        .run_until(async {
            let task = tokio::task::spawn_local(yield_now());
            task.await
        })
        .await?;
    tokio::spawn(yield_now()).await?;

    let mut rows = watch(address, |rows| {
        let told = |name| named(rows, name).is_some_and(Row::has_ended);
        let waits = named(rows, "waits").is_some_and(|row| row.polls() > 0);
        waits && ENDING.into_iter().all(told)
    })
    .await?;
    waits.abort();
    rows.retain(|row| row.line.starts_with("work.rs"));
    rows.sort_by(|a, b| (&a.name, &a.kind).cmp(&(&b.name, &b.kind)));
    for row in &rows {
        show(row);
    }
    Ok(())
}

pub fn named<'a>(rows: &[&'a Row], name: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.name == name).copied()
}

fn show(row: &Row) {
    // The drop of the future counts as one. How often else this one is polled depends on chance.
    let polls = match row.name.as_str() {
        "receives" if row.polls() > 1 => "several".to_owned(),
        _ => row.polls().to_string(),
    };
    println!(
        "{:?} ({}, {}): {polls} polls, woken: {}, wakers left: {}, ended: {}",
        row.name,
        row.kind,
        row.line,
        row.stats.wakes > 0,
        row.wakers(),
        row.has_ended(),
    );
}
