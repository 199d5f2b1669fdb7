//! Our time by tokio's, against the ceilings.

use super::bounds::{self, verdict};
use super::rounds::Samples;
use crate::quantile::{median, quantile, quotients};
use crate::table::Table;

/// Makes the empty table.
pub(super) fn table() -> Table {
    let title = "Ratios to tokio: medians of paired rounds, quartiles beside; ns per operation";
    let head = [
        "workload",
        "workers",
        "ours/tokio",
        "quartiles",
        "ceiling",
        "verdict",
        "smol/tokio",
        "ours ns",
        "tokio ns",
        "smol ns",
        "rounds",
    ];
    Table::new(title, &head)
}

/// Adds a row for each number of workers.
pub(super) fn add_rows(table: &mut Table, name: &str, samples: &Samples) {
    let bounds = bounds::of_workload(name).expect("every workload has bounds");
    for &workers in &samples.workers {
        let of = |runtime| samples.of(runtime, workers);
        let (Some(ours), Some(tokio)) = (of("ours"), of("tokio")) else {
            continue;
        };
        let ratios = quotients(ours, tokio);
        let ceiling = bounds.ceiling(workers);
        let smol = of("smol");
        table.add(vec![
            name.to_owned(),
            workers.to_string(),
            format!("{:.2}", median(&ratios)),
            format!(
                "{:.2}-{:.2}",
                quantile(&ratios, 0.25),
                quantile(&ratios, 0.75)
            ),
            format!("{ceiling:.2}"),
            verdict(median(&ratios), ceiling).to_owned(),
            smol.map_or(String::new(), |smol| {
                format!("{:.2}", median(&quotients(smol, tokio)))
            }),
            format!("{:.0}", median(ours)),
            format!("{:.0}", median(tokio)),
            smol.map_or(String::new(), |smol| format!("{:.0}", median(smol))),
            ratios.len().to_string(),
        ]);
    }
}
