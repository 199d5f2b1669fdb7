//! Starting the probes in turn and comparing what they found.

use std::collections::HashMap;
use std::env;
use std::io;
use std::process::{Child, Command, Stdio};

use super::{idle, live_tasks, sleep, sockets};
use crate::UnderTest;
use crate::quantile::{median, quotients};
use crate::report::bounds::verdict;
use crate::report::options::Options;
use crate::table::Table;
use crate::under_test::{Ours, Smol, Tokio};

/// Something that a probe finds, and what we ask of it.
struct Measure {
    /// What it is, for the table.
    title: &'static str,
    probe: &'static str,
    /// The name of the finding in the child's output.
    finding: &'static str,
    bound: Bound,
}

#[derive(Clone, Copy)]
enum Bound {
    /// The largest ratio of ours to tokio's.
    Ratio(f64),
    /// The largest value of ours.
    Value(f64),
    Unbounded,
}

#[rustfmt::skip]
const MEASURES: [Measure; 6] = [
    Measure { title: "memory of a pending empty task, bytes", probe: live_tasks::NAME, finding: "bytes", bound: Bound::Ratio(0.45) },
    Measure { title: "drop of a runtime full of them, s", probe: live_tasks::NAME, finding: "drop_seconds", bound: Bound::Ratio(1.0) },
    Measure { title: "memory of a registered TCP socket, bytes", probe: sockets::NAME, finding: "bytes", bound: Bound::Ratio(0.75) },
    Measure { title: "overshoot of a 200 us sleep, median, us", probe: sleep::NAME, finding: "median", bound: Bound::Value(100.0) },
    Measure { title: "overshoot of a 200 us sleep, p99, us", probe: sleep::NAME, finding: "p99", bound: Bound::Unbounded },
    Measure { title: "wake-ups while idle", probe: idle::NAME, finding: "wakeups", bound: Bound::Value(0.0) },
];

/// How much of each probe is wanted.
struct Plan {
    probe: &'static str,
    amount: u32,
    rounds: usize,
    /// Whether the runtimes may be probed at the same time.
    together: bool,
}

#[rustfmt::skip]
fn plans(quick: bool) -> [Plan; 4] {
    let choose = |thorough, short| if quick { short } else { thorough };
    let rounds = if quick { 2 } else { 5 };
    [
        Plan { probe: live_tasks::NAME, amount: choose(1_000_000, 200_000), rounds, together: false },
        Plan { probe: sockets::NAME, amount: choose(9_500, 4_000), rounds, together: false },
        Plan { probe: sleep::NAME, amount: choose(1_000, 300), rounds, together: false },
        Plan { probe: idle::NAME, amount: choose(10, 3), rounds: 1, together: true },
    ]
}

/// The values found, round by round, by finding and runtime.
type Found = HashMap<(String, &'static str), Vec<f64>>;

/// Runs the selected probes on every runtime and makes the table.
pub(in crate::report) fn compare(options: &Options) -> io::Result<Table> {
    let title = "In processes of their own, 2 workers: medians of paired rounds";
    let head = [
        "what",
        "amount",
        "ours",
        "tokio",
        "ours/tokio",
        "bound",
        "verdict",
        "smol",
    ];
    let mut table = Table::new(title, &head);
    let mut runtimes = vec![Ours::NAME, Tokio::NAME];
    if options.smol {
        runtimes.push(Smol::NAME);
    }
    for plan in plans(options.quick) {
        if options.selects(plan.probe) {
            eprintln!("measuring {}", plan.probe);
            let found = run_plan(&plan, &runtimes)?;
            for measure in MEASURES.iter().filter(|m| m.probe == plan.probe) {
                table.add(row(measure, plan.amount, &found));
            }
        }
    }
    Ok(table)
}

fn run_plan(plan: &Plan, runtimes: &[&'static str]) -> io::Result<Found> {
    let mut found = Found::new();
    for round in 0..plan.rounds {
        let turns = (0..runtimes.len()).map(|turn| runtimes[(round + turn) % runtimes.len()]);
        let started = turns.map(|runtime| Ok((runtime, start_child(plan, runtime)?)));
        if plan.together {
            let children: io::Result<Vec<_>> = started.collect();
            for (runtime, child) in children? {
                collect(child, runtime, &mut found)?;
            }
        } else {
            for turn in started {
                let (runtime, child) = turn?;
                collect(child, runtime, &mut found)?;
            }
        }
    }
    Ok(found)
}

fn start_child(plan: &Plan, runtime: &str) -> io::Result<Child> {
    Command::new(env::current_exe()?)
        .args(["--probe", plan.probe, runtime, &plan.amount.to_string()])
        .stdout(Stdio::piped())
        .spawn()
}

fn collect(child: Child, runtime: &'static str, found: &mut Found) -> io::Result<()> {
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let message = format!("a probe of {runtime} failed: {}", output.status);
        return Err(io::Error::other(message));
    }
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let unreadable = || io::Error::other(format!("unreadable finding: {line}"));
        let (finding, value) = line.split_once(' ').ok_or_else(unreadable)?;
        let value = value.parse().map_err(|_| unreadable())?;
        let series = found.entry((finding.to_owned(), runtime));
        series.or_default().push(value);
    }
    Ok(())
}

fn row(measure: &Measure, amount: u32, found: &Found) -> Vec<String> {
    let of = |runtime| found.get(&(measure.finding.to_owned(), runtime));
    let ours = of(Ours::NAME).expect("ours was probed");
    let tokio = of(Tokio::NAME).expect("tokio was probed");
    let ratio = median(&quotients(ours, tokio));
    let (bound, verdict) = match measure.bound {
        Bound::Ratio(most) => (format!("{most:.2} x"), verdict(ratio, most)),
        Bound::Value(most) => (format!("{most:.0}"), verdict(median(ours), most)),
        Bound::Unbounded => (String::new(), ""),
    };
    let smol = of(Smol::NAME).map_or(String::new(), |smol| shown(median(smol)));
    vec![
        measure.title.to_owned(),
        amount.to_string(),
        shown(median(ours)),
        shown(median(tokio)),
        // Nothing by nothing is no ratio.
        if ratio.is_finite() {
            format!("{ratio:.2}")
        } else {
            "-".to_owned()
        },
        bound,
        verdict.to_owned(),
        smol,
    ]
}

fn shown(value: f64) -> String {
    if value < 10.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.0}")
    }
}
