//! What more workers do to a workload.

use super::bounds::{self, verdict};
use super::rounds::Samples;
use crate::quantile::{median, quotients};
use crate::table::Table;

/// Makes the empty table.
pub(super) fn table() -> Table {
    let title = "Time with more workers by time with one: medians of quotients within a round";
    let head = [
        "workload", "workers", "ours", "bound", "verdict", "tokio", "smol",
    ];
    Table::new(title, &head)
}

/// Adds a row for each number of workers above one, if one was measured too.
pub(super) fn add_rows(table: &mut Table, name: &str, samples: &Samples) {
    let bounds = bounds::of_workload(name).expect("every workload has bounds");
    for &workers in samples.workers.iter().filter(|&&workers| workers > 1) {
        let Some(ours) = slowdown(samples, "ours", workers) else {
            continue;
        };
        let other = |runtime| slowdown(samples, runtime, workers);
        let shown = |slowdown: Option<f64>| slowdown.map_or(String::new(), |s| format!("{s:.2}"));
        table.add(vec![
            name.to_owned(),
            workers.to_string(),
            format!("{ours:.2}"),
            format!("{:.2}", bounds.more_workers),
            verdict(ours, bounds.more_workers).to_owned(),
            shown(other("tokio")),
            shown(other("smol")),
        ]);
    }
}

fn slowdown(samples: &Samples, runtime: &str, workers: usize) -> Option<f64> {
    let one = samples.of(runtime, 1)?;
    let more = samples.of(runtime, workers)?;
    Some(median(&quotients(more, one)))
}
