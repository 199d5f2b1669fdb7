//! Loading the servers in turn and comparing what came of it.

use std::env;
use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::options::{Command as Subcommand, Options};
use super::wrk::{self, Load};
use super::{cpu_time, floor};
use crate::UnderTest;
use crate::quantile::{median, quotients};
use crate::table::Table;
use crate::under_test::{Ours, Tokio};

const SERVERS: [&str; 3] = [Ours::NAME, Tokio::NAME, floor::NAME];
const WARM_UP_SECONDS: u32 = 1;
const START_ATTEMPTS: u32 = 100;
const START_PAUSE: Duration = Duration::from_millis(50);

/// A load, and what we ask of ourselves under it.
struct Case {
    name: &'static str,
    connections: u32,
    burn_every: u32,
    /// The smallest ratio to tokio of requests a second.
    requests_at_least: f64,
    /// The largest ratio to tokio of the 99th percentile of latency.
    p99_at_most: f64,
    /// The largest ratio to tokio of the server's CPU time a request.
    cpu_at_most: f64,
}

#[rustfmt::skip]
const CASES: [Case; 3] = [
    Case { name: "50 connections", connections: 50, burn_every: 0, requests_at_least: 1.05, p99_at_most: 0.80, cpu_at_most: 0.97 },
    Case { name: "500 connections", connections: 500, burn_every: 0, requests_at_least: 1.02, p99_at_most: 0.85, cpu_at_most: 0.97 },
    Case { name: "50, 1% burn 1 ms", connections: 50, burn_every: 100, requests_at_least: 1.00, p99_at_most: 1.00, cpu_at_most: 1.00 },
];

/// Loads every server in every selected case and prints the table.
///
/// # Errors
///
/// Answers with the error of a server or of `wrk`; if `wrk` is missing, says how to get it.
pub fn compare(options: &Options) -> io::Result<()> {
    let title = format!(
        "HTTP/1.1 hello, {} workers, wrk: medians of {} paired rounds of {} s",
        options.workers, options.rounds, options.seconds
    );
    let head = [
        "case",
        "measure",
        "ours",
        "tokio",
        "floor",
        "ours/tokio",
        "bound",
        "verdict",
        "floor/tokio",
    ];
    let mut table = Table::new(title, &head);
    for case in CASES.iter().filter(|case| options.selects(case.name)) {
        eprintln!("loading with {}", case.name);
        add_rows(&mut table, case, &measure(case, options)?);
    }
    println!("{}", table.render(options.markdown));
    Ok(())
}

/// What the runs of one server came to, round by round.
#[derive(Default)]
struct Series {
    requests_a_second: Vec<f64>,
    p50_micros: Vec<f64>,
    p99_micros: Vec<f64>,
    cpu_micros: Vec<f64>,
    errors: Vec<f64>,
}

impl Series {
    fn add(&mut self, load: &Load, cpu: Duration) {
        self.requests_a_second.push(load.requests / load.seconds);
        self.p50_micros.push(load.p50_micros);
        self.p99_micros.push(load.p99_micros);
        self.cpu_micros
            .push(cpu.as_secs_f64() * 1e6 / load.requests);
        self.errors.push(load.errors);
    }
}

/// Runs the rounds; the server that goes first changes from round to round.
fn measure(case: &Case, options: &Options) -> io::Result<[Series; 3]> {
    let started: io::Result<Vec<_>> = SERVERS
        .iter()
        .map(|name| Server::start(name, case, options))
        .collect();
    let servers = started?;
    let mut series: [Series; 3] = Default::default();
    for server in &servers {
        wrk::load(server.port, case.connections, WARM_UP_SECONDS)?;
    }
    for round in 0..options.rounds {
        for turn in 0..servers.len() {
            let index = (round + turn) % servers.len();
            let server = &servers[index];
            let before = cpu_time::of_process(server.process.id())?;
            let load = wrk::load(server.port, case.connections, options.seconds)?;
            let after = cpu_time::of_process(server.process.id())?;
            series[index].add(&load, after - before);
        }
    }
    Ok(series)
}

/// A server in a process of its own; ended when dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    fn start(name: &str, case: &Case, options: &Options) -> io::Result<Self> {
        let port = free_port()?;
        // Should this process be killed, the server still ends.
        let runs = (options.rounds + 1) as u32 * SERVERS.len() as u32;
        let seconds = 60 + 2 * runs * (options.seconds + WARM_UP_SECONDS);
        let mut command = Command::new(env::current_exe()?);
        command
            .args([Subcommand::SERVE, "--runtime", name])
            .args(["--port", &port.to_string()])
            .args(["--workers", &options.workers.to_string()])
            .args(["--seconds", &seconds.to_string()])
            .args(["--burn-every", &case.burn_every.to_string()])
            .stdout(Stdio::null());
        if options.timers {
            command.arg("--timers");
        }
        let server = Self {
            process: command.spawn()?,
            port,
        };
        server.wait_until_it_answers(name)?;
        Ok(server)
    }

    fn wait_until_it_answers(&self, name: &str) -> io::Result<()> {
        for _ in 0..START_ATTEMPTS {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            thread::sleep(START_PAUSE);
        }
        Err(io::Error::other(format!("the server {name} did not start")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?.port())
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Unbounded,
}

#[rustfmt::skip]
fn add_rows(table: &mut Table, case: &Case, series: &[Series; 3]) {
    let mut add = |measure, of: fn(&Series) -> &[f64], bound| {
        table.add(row(case.name, measure, series.each_ref().map(of), &bound));
    };
    add("requests/s", |s| &s.requests_a_second, Bound::AtLeast(case.requests_at_least));
    add("p50 us", |s| &s.p50_micros, Bound::Unbounded);
    add("p99 us", |s| &s.p99_micros, Bound::AtMost(case.p99_at_most));
    add("CPU us/request", |s| &s.cpu_micros, Bound::AtMost(case.cpu_at_most));
    add("errors", |s| &s.errors, Bound::Unbounded);
}

fn row(case: &str, measure: &str, series: [&[f64]; 3], bound: &Bound) -> Vec<String> {
    let [ours, tokio, floor] = series;
    let ratio = median(&quotients(ours, tokio));
    let (bound, kept) = match *bound {
        Bound::AtLeast(least) => (format!(">= {least:.2}"), Some(ratio >= least)),
        Bound::AtMost(most) => (format!("<= {most:.2}"), Some(ratio <= most)),
        Bound::Unbounded => (String::new(), None),
    };
    let verdict = kept.map_or("", |kept| if kept { "OK" } else { "MISSED" });
    vec![
        case.to_owned(),
        measure.to_owned(),
        shown(median(ours)),
        shown(median(tokio)),
        shown(median(floor)),
        shown_ratio(ratio),
        bound,
        verdict.to_owned(),
        shown_ratio(median(&quotients(floor, tokio))),
    ]
}

/// Nothing by nothing is no ratio.
fn shown_ratio(ratio: f64) -> String {
    if ratio.is_finite() {
        format!("{ratio:.2}")
    } else {
        "-".to_owned()
    }
}

fn shown(value: f64) -> String {
    if value < 100.0 {
        format!("{value:.2}")
    } else {
        format!("{value:.0}")
    }
}
