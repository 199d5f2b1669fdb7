//! Loads the server with `wrk`, on each runtime in turn, and prints medians and ratios.
//!
//! The arguments are the number of rounds, the seconds a run and the connections.

use std::env;
use std::fs;
use std::io;
use std::process::Command;

use beside::{On, Profile, Site};

/// Prints what came of a run in one line.
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../../benches/src/http/wrk.lua"
);
/// What the kernel counts CPU time in.
const TICK_MICROS: f64 = 10_000.0;
const MEASURES: [&str; 3] = ["requests/s", "p99 us", "CPU us/request"];

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let mut argument = |default: u32| match arguments.next() {
        Some(text) => text.parse().map_err(io::Error::other),
        None => Ok(default),
    };
    let (rounds, seconds, connections) = (argument(7)?, argument(5)?, argument(50)?);

    let mut sites = Vec::new();
    for on in On::BOTH {
        let site = Site::start(on, Profile::Release)?;
        load(&site, 1, connections)?;
        sites.push(site);
    }
    // Of each runtime, what each round came to.
    let mut runs = [const { Vec::new() }; 2];
    for round in 0..rounds as usize {
        for turn in 0..sites.len() {
            let index = (round + turn) % sites.len();
            runs[index].push(load(&sites[index], seconds, connections)?);
        }
    }
    println!(
        "axum, hello, 2 workers, {connections} connections: medians of {rounds} rounds of {seconds} s in turn"
    );
    println!("{:16}{:>12}{:>12}{:>12}", "", "runtime", "tokio", "ratio");
    for (measure, name) in MEASURES.iter().enumerate() {
        let of = |runs: &[[f64; 3]]| runs.iter().map(|run| run[measure]).collect::<Vec<_>>();
        let [ours, real] = [of(&runs[0]), of(&runs[1])];
        let ratios = ours
            .iter()
            .zip(&real)
            .map(|(ours, real)| ours / real)
            .collect();
        println!(
            "{name:16}{:>12.1}{:>12.1}{:>12.2}",
            median(ours),
            median(real),
            median(ratios)
        );
    }
    Ok(())
}

/// Returns requests a second, the 99th percentile of latency, and CPU time a request.
fn load(site: &Site, seconds: u32, connections: u32) -> io::Result<[f64; 3]> {
    let before = cpu_ticks(site.process())?;
    let output = Command::new("wrk")
        .args([
            "-t1",
            &format!("-c{connections}"),
            &format!("-d{seconds}s"),
            "--script",
            SCRIPT,
        ])
        .arg(format!("http://127.0.0.1:{}/", site.port))
        .output()?;
    let ticks = cpu_ticks(site.process())? - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let field = |name: &str| -> Option<f64> {
        let mut words = text.split_whitespace();
        words
            .find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?
            .parse()
            .ok()
    };
    let measured = || {
        Some([
            field("requests")?,
            field("duration")?,
            field("p99")?,
            field("errors")?,
        ])
    };
    let [requests, micros, p99, errors] =
        measured().ok_or_else(|| io::Error::other(format!("wrk measured nothing: {text}")))?;
    if errors > 0.0 {
        return Err(io::Error::other(format!("{errors} requests failed")));
    }
    Ok([requests / micros * 1e6, p99, ticks * TICK_MICROS / requests])
}

/// User and system time of a process, the 14th and 15th field of its `stat`.
fn cpu_ticks(process: u32) -> io::Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields = stat.split_whitespace().skip(13).take(2);
    let ticks: Result<Vec<f64>, _> = fields.map(str::parse).collect();
    Ok(ticks.map_err(io::Error::other)?.iter().sum())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
