//! The command line of `report`.

use std::io;
use std::time::Duration;

use lexopt::prelude::*;

use super::probe::{self, Request};
use super::report;

const HELP: &str = "\
Measures this runtime against tokio (and smol), in turn, and prints the ratios.

    cargo run --release -p runtime-benches --bin report -- [options]

    --rounds N        rounds of each workload (61, or as many as fit in 25 s)
    --workers LIST    numbers of worker threads (1,2,4)
    --only NAME       only what has NAME in its name; may be repeated
    --monitor         compare this runtime with a monitor and without, on
                      yield_many and ping_pong unless --only says otherwise
    --quick           fewer rounds, no smol, shorter probes
    --no-smol         leave smol out
    --markdown        print tables in Markdown";

/// What to do.
#[derive(Debug)]
pub enum Command {
    /// Measure everything and print the tables.
    Report(Options),
    /// As a child of the report, measure one thing in a fresh process.
    Probe(Request),
    /// Print the help.
    Help(&'static str),
}

/// What to measure, and how thoroughly.
#[derive(Debug)]
pub struct Options {
    /// Rounds of each workload.
    pub rounds: usize,
    /// No new round of a workload begins after this time, but for the first few.
    pub budget: Option<Duration>,
    /// Numbers of worker threads.
    pub workers: Vec<usize>,
    /// Parts of names to measure; empty means all.
    pub only: Vec<String>,
    /// Whether to measure what the monitor costs, and nothing else.
    pub monitor: bool,
    /// Whether to be short rather than precise.
    pub quick: bool,
    /// Whether to measure smol too.
    pub smol: bool,
    /// Whether to print Markdown.
    pub markdown: bool,
}

impl Options {
    /// Tells whether something of this name is to be measured.
    pub fn selects(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| name.contains(part.as_str()))
    }
}

impl Command {
    /// Does it.
    ///
    /// # Errors
    ///
    /// Answers with the error of a runtime that could not be built, or of a child process.
    pub fn run(self) -> io::Result<()> {
        match self {
            Self::Report(options) => report(&options),
            Self::Probe(request) => probe::run(&request),
            Self::Help(text) => {
                println!("{text}");
                Ok(())
            }
        }
    }

    /// Reads the process's arguments.
    ///
    /// # Errors
    ///
    /// Names the argument that makes no sense.
    pub fn from_args() -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_env();
        let mut rounds = None;
        let mut options = Options {
            rounds: 0,
            budget: None,
            workers: vec![1, 2, 4],
            only: Vec::new(),
            monitor: false,
            quick: false,
            smol: true,
            markdown: false,
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Long("rounds") => rounds = Some(parser.value()?.parse()?),
                Long("workers") => {
                    options.workers = parser.value()?.parse_with(numbers_from_list)?;
                }
                Long("only") => options.only.push(parser.value()?.string()?),
                Long("monitor") => options.monitor = true,
                Long("quick") => options.quick = true,
                Long("no-smol") => options.smol = false,
                Long("markdown") => options.markdown = true,
                Long("probe") => return Request::from_args(&mut parser).map(Self::Probe),
                Long("help") | Short('h') => return Ok(Self::Help(HELP)),
                other => return Err(other.unexpected()),
            }
        }
        options.smol &= !options.quick;
        let (usual_rounds, seconds) = if options.quick { (9, 5) } else { (61, 25) };
        if rounds.is_none() {
            options.budget = Some(Duration::from_secs(seconds));
        }
        options.rounds = rounds.unwrap_or(usual_rounds).max(1);
        Ok(Self::Report(options))
    }
}

fn numbers_from_list(list: &str) -> Result<Vec<usize>, String> {
    list.split(',')
        .map(|number| match number.trim().parse() {
            Ok(0) => Err("a runtime has at least one worker".to_owned()),
            parsed => parsed.map_err(|error: std::num::ParseIntError| error.to_string()),
        })
        .collect()
}
