//! What the monitor costs those that never block: the same runtime with and without it.
//!
//! Without means with thresholds of hours: it sleeps, and so do its samples. What each poll shows of itself for
//! the monitor is the same on both sides.

use std::io;

use super::bounds::verdict;
use super::lane;
use super::options::Options;
use super::rounds::{self, Samples};
use crate::quantile::{median, quantile, quotients};
use crate::table::Table;
use crate::workload;

/// The workloads of the shortest polls.
const USUAL: [&str; 2] = ["yield_many", "ping_pong"];

/// The largest allowed ratio.
const BOUND: f64 = 1.01;

/// Measures the selected workloads.
pub(super) fn compare(options: &Options) -> io::Result<Table> {
    let mut table = table();
    for (index, name) in workload::names().into_iter().enumerate() {
        let is_wanted = match options.only.is_empty() {
            true => USUAL.contains(&name),
            false => options.selects(name),
        };
        if is_wanted {
            eprintln!("measuring {name}");
            let build = || lane::build_watched_and_not(index, &options.workers);
            add_rows(&mut table, name, &rounds::measure(options, build)?);
        }
    }
    Ok(table)
}

fn table() -> Table {
    let title = "Time with a monitor by time without: medians of paired rounds, quartiles beside";
    let head = [
        "workload",
        "workers",
        "ratio",
        "quartiles",
        "bound",
        "verdict",
        "rounds",
    ];
    Table::new(title, &head)
}

fn add_rows(table: &mut Table, name: &str, samples: &Samples) {
    for &workers in &samples.workers {
        let of = |runtime| samples.of(runtime, workers);
        let (Some(with), Some(without)) = (of("ours"), of("unwatched")) else {
            continue;
        };
        let ratios = quotients(with, without);
        let quartile = |part| quantile(&ratios, part);
        table.add(vec![
            name.to_owned(),
            workers.to_string(),
            format!("{:.3}", median(&ratios)),
            format!("{:.3}-{:.3}", quartile(0.25), quartile(0.75)),
            format!("{BOUND:.2}"),
            verdict(median(&ratios), BOUND).to_owned(),
            ratios.len().to_string(),
        ]);
    }
}
