//! Starting a process for each cell, and the table of what they found.

use std::collections::HashMap;
use std::env;
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::cell::{Cell, matrix};
use super::options::{Options, Request};
use crate::table::Table;

const RUNTIMES: [(&str, bool); 2] = [("ours", false), ("tokio", true)];

/// What a child may take beyond the time that it watches.
const GRACE: Duration = Duration::from_secs(12);
const GLANCE: Duration = Duration::from_millis(10);

#[rustfmt::skip]
const HEAD: [&str; 16] = [
    "kind", "workers", "blocked", "runtime", "begun", "echoes", "sockets lost",
    "echo p50", "p99", "max", "late p50", "p99", "max", "came", "stayed", "lost",
];

/// Measures each selected cell on each runtime and prints the table.
pub(super) fn compare(options: &Options) -> io::Result<()> {
    let title = format!(
        "What others notice of blocked tasks, watched for {:?}, times in ms",
        options.duration
    );
    let mut table = Table::new(title, &HEAD);
    for cell in cells(options) {
        for (name, tokio) in RUNTIMES {
            if tokio && options.no_tokio {
                continue;
            }
            let request = Request {
                cell,
                tokio,
                duration: options.duration,
            };
            let row = row(cell, name, &measure(request)?);
            eprintln!("{}", row.join(" "));
            table.add(row);
        }
    }
    println!("{}", table.render(options.markdown));
    Ok(())
}

fn cells(options: &Options) -> Vec<Cell> {
    let mut cells = matrix();
    if options.pairs.is_empty() {
        cells.retain(|cell| options.selects(*cell));
        return cells;
    }
    let mut kinds: Vec<_> = cells.iter().map(|cell| cell.kind).collect();
    kinds.dedup();
    kinds.retain(|kind| options.selects_kind(*kind));
    let of_kind = |kind| {
        options.pairs.iter().map(move |&(workers, blocked)| Cell {
            workers,
            blocked,
            kind,
        })
    };
    kinds.into_iter().flat_map(of_kind).collect()
}

/// What a child printed, by name; not all of it if it hangs.
type Findings = HashMap<String, f64>;

fn measure(request: Request) -> io::Result<Findings> {
    let mut child = Command::new(env::current_exe()?)
        .args(request.to_args())
        .stdout(Stdio::piped())
        .spawn()?;
    let limit = request.duration + GRACE;
    if !ends_within(&mut child, limit)? {
        child.kill()?;
        child.wait()?;
    }
    let mut said = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut said)?;
    }
    let finding = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    Ok(said.lines().filter_map(finding).collect())
}

fn ends_within(child: &mut Child, limit: Duration) -> io::Result<bool> {
    let deadline = Instant::now() + limit;
    while child.try_wait()?.is_none() {
        if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(GLANCE);
    }
    Ok(true)
}

fn row(cell: Cell, runtime: &str, findings: &Findings) -> Vec<String> {
    let shown = |name: &str, digits: usize| match findings.get(name) {
        Some(value) => format!("{value:.digits$}"),
        None => "hangs".to_owned(),
    };
    let mut row = vec![
        cell.kind.to_string(),
        cell.workers.to_string(),
        cell.blocked.to_string(),
        runtime.to_owned(),
    ];
    row.extend(["begun", "answers", "lost_answers"].map(|name| shown(name, 0)));
    let times = ["answer_p50", "answer_p99", "answer_max"];
    row.extend(times.map(|name| shown(name, 1)));
    let times = ["late_p50", "late_p99", "late_max"];
    row.extend(times.map(|name| shown(name, 1)));
    row.extend(["came", "stayed", "lost"].map(|name| shown(name, 0)));
    row
}
